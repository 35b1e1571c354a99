"""What takes a wall over, what comes first, and when the wall is given back."""

import pytest

from domain.takeover import Rule, takings

GRAVE = Rule("grave", "incident", frozenset({"I", "II"}), "command", 60, True, False, frozenset({"ended"}))
CRITICAL = Rule("critical", "alarm", frozenset({"critical"}), "command", 30, False, False)


def alarm(n=1, **other):
    said = {"alarm_id": f"a{n}", "device_id": f"d{n}", "severity": "critical", "state": "active", "acknowledged_at": None, "raised_at": n}
    return {**said, **other}


def incident(n=1, **other):
    said = {"incident_id": f"i{n}", "grade": "II", "state": "responding", "reported_at": n, "lon": 113.7, "lat": 23.0, "alarms": ()}
    return {**said, **other}


def keys(alarms=(), incidents=()):
    return [one.key for one in takings((GRAVE, CRITICAL), alarms, incidents)]


def test_a_critical_alarm_that_nobody_has_taken_takes_the_wall():
    assert keys([alarm()]) == ["alarm:a1"]


@pytest.mark.parametrize("handled", [{"acknowledged_at": 5}, {"state": "cleared"}, {"silence_id": "s"}, {"severity": "major"}])
def test_an_alarm_that_is_handled_gives_the_wall_back(handled):
    assert keys([alarm(**handled)]) == []


@pytest.mark.parametrize("other", [{"state": "ended"}, {"grade": "III"}, {"grade": "ungraded"}, {"exercise": True}])
def test_an_incident_that_is_over_or_not_grave_or_an_exercise_leaves_the_wall_alone(other):
    assert keys([], [incident(**other)]) == []


def test_of_several_the_first_rule_comes_first_and_of_one_rule_the_newest():
    assert keys([alarm(3), alarm(9)], [incident(2), incident(4, grade="I")]) == ["incident:i4", "incident:i2", "alarm:a9", "alarm:a3"]


def test_an_alarm_whose_incident_has_the_wall_does_not_take_it_once_more():
    assert keys([alarm(3)], [incident(2, alarms=("a3",))]) == ["incident:i2"]
    assert keys([alarm(3)], [incident(2, alarms=("a3",), grade="IV")]) == ["alarm:a3"]


def test_where_the_map_goes_is_told():
    by_place, by_device = takings((GRAVE, CRITICAL), [alarm()], [incident()])
    assert (by_place.lon, by_place.lat, by_device.device_id) == (113.7, 23.0, "d1")
