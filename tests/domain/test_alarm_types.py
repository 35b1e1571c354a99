"""Repetition, values in a set, areas: both sides of every limit."""

import pytest

from domain.alarms import POSITION, Episode, Phase, Row, Rule, RuleBook, first_anchor, fold, last_anchor, watch_of
from domain.registry import Device

S = 1000
SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
AGAIN = Rule("r", "反复", "Again", ("pump",), "m", "repetition", "major", "above", 3, 1, times=3, within_s=60)


def repeated(*points: tuple[float, float]) -> list[Episode]:
    watch = watch_of(AGAIN, None)
    assert watch is not None
    return fold(watch, [Row(round(second * S), value) for second, value in points], Phase())[0]


def test_the_third_breach_within_the_window_raises_the_alarm() -> None:
    assert repeated((0, 3), (1, 0), (20, 3), (21, 0), (59.999, 3)) == [Episode(59_999, None, 3)]
    assert repeated((0, 3), (1, 0), (20, 3), (21, 0), (60, 3)) == []


def test_a_breach_that_was_never_over_counts_once() -> None:
    assert repeated((0, 3), (1, 2), (2, 3), (3, 2), (4, 4)) == []
    assert repeated((0, 3), (1, 1), (2, 3), (3, 1), (4, 4)) == [Episode(4 * S, None, 4)]


def test_a_repetition_is_over_when_nothing_has_begun_for_a_whole_window() -> None:
    thrice = [(0, 3), (1, 0), (2, 3), (3, 0), (4, 3), (5, 0)]
    assert repeated(*thrice, (63.999, 0)) == [Episode(4 * S, None, 3)]
    assert repeated(*thrice, (64, 0)) == [Episode(4 * S, 64 * S, 3)]
    assert repeated(*thrice, (64, 2)) == [Episode(4 * S, 64 * S, 3)]
    assert repeated(*thrice, (64, 3)) == [Episode(4 * S, None, 3)]


def test_reading_a_repetition_again_starts_where_a_whole_window_was_quiet() -> None:
    watch = watch_of(AGAIN, None)
    assert watch is not None
    rows = [Row(at * S, value) for at, value in ((0, 1), (30, 2), (60, 1), (61, 3), (62, 0), (121, 0), (122, 0))]
    assert (first_anchor(watch, rows), last_anchor(watch, rows)) == (2, 6)
    assert last_anchor(watch, rows[:6]) == 2
    assert first_anchor(watch, [Row(0, 0.0), Row(59 * S, 0.0)]) is None


@pytest.mark.parametrize(("held", "lit"), [(1.0, True), (0.0, False), ("fault", True), ("ok", False)])
def test_a_value_of_the_set_lights_the_alarm_whether_number_flag_or_text(held: float | str, lit: bool) -> None:
    rule = Rule("r", "值", "Value", ("pump",), "m", "value_set", "major", values=frozenset({1.0, "fault"}))
    watch = watch_of(rule, None)
    assert watch is not None and watch.limit is None
    row = Row(0, None, held) if isinstance(held, str) else Row(0, held)
    assert bool(fold(watch, [row], Phase())[0]) is lit


def test_a_value_of_the_set_must_hold_for_its_duration_and_any_other_one_ends_it() -> None:
    rule = Rule("r", "值", "Value", ("pump",), "m", "value_set", "major", for_s=10, values=frozenset({"fault", "stuck"}))
    watch = watch_of(rule, None)
    assert watch is not None
    rows = [Row(0, None, "fault"), Row(10 * S, None, "stuck"), Row(12 * S, None, "ok")]
    assert fold(watch, rows, Phase())[0] == [Episode(10 * S, 12 * S, None)]


@pytest.mark.parametrize(("side", "lon", "lit"), [("outside", 2.0, False), ("outside", 2.0001, True), ("inside", 2.0, True)])
def test_a_place_on_the_edge_is_inside(side: str, lon: float, lit: bool) -> None:
    rules = RuleBook([Rule("r", "区域", "Area", ("vehicle",), POSITION, "geofence", "major", side=side, polygon=SQUARE)])
    (watch,) = rules.watches(Device("car", "", "vehicle", "441900", "", None, None, None), POSITION)
    assert bool(fold(watch, [Row(0, None, (lon, 1.0))], Phase())[0]) is lit


def test_a_geofence_of_a_region_follows_the_region_and_watches_nothing_where_there_is_none() -> None:
    rules = RuleBook([Rule("r", "驶出", "Left", ("vehicle",), POSITION, "geofence", "major", region="own")])
    car = Device("car", "", "vehicle", "441900003", "", None, None, None)
    assert rules.watches(car, POSITION) == []
    drawn = RuleBook([Rule("d", "", "", ("vehicle",), POSITION, "geofence", "major", polygon=SQUARE)]).watches(car, POSITION)[0].area
    rules.find_areas({"441900003": drawn}.get)
    assert [watch.area for watch in rules.watches(car, POSITION)] == [drawn]
