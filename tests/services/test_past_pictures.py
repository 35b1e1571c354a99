"""Going from one past moment to another: what a map is told, and that a picture is made once for all who ask."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.past_pictures import KEPT, PastPictures, changed, drawn

PLACES = st.sampled_from([("tangxia", "water"), ("tangxia", "fire"), ("humen", "water")])
ONLINE = st.sampled_from([True, False, None])
KEYS = st.sampled_from(["a", "b", "c"])


def things(key, value):
    """Records of one section by their key, each somewhere."""
    return st.dictionaries(KEYS, st.tuples(PLACES, st.integers(0, 2))).map(
        lambda held: [
            {key: name, "region": place[0], "department": place[1], "lead": place[1], value: n} for name, (place, n) in held.items()
        ]
    )


DEVICES = st.fixed_dictionaries({name: ONLINE for name in ("d1", "d2")})
PICTURES = st.tuples(DEVICES, things("alarm_id", "severity"), things("key", "lon"), things("incident_id", "urgency"), st.integers(0, 3))


def pieces(picture):
    online, alarms, vehicles, incidents, alarmed = picture
    devices = {name: {"region": "humen", "department": "water", "online": said} for name, said in online.items()}
    return drawn(devices, alarms, {one["key"]: one for one in vehicles}, incidents, {"humen": {"alarms": alarmed}})


def as_a_map(told):
    """What city_model.js holds after a snapshot: section -> key -> (piece, value)."""
    held = {}
    apply(held, told)
    return held


def apply(held, told):
    """As city_model.js merges: a key that moves is taken off its old piece without being taken off the new one."""
    for piece, change in told.items():
        section = piece.rpartition("|")[2]
        known = held.setdefault(section, {})
        if section == "counts":
            known[piece] = change
            continue
        for key, value in change.items():
            if value is not None or section == "status":
                known[key] = (piece, value)
            elif key in known and known[key][0] == piece:
                del known[key]


@given(PICTURES, PICTURES)
def test_a_map_that_is_told_the_changes_shows_what_one_shows_that_is_told_all(before, after):
    told = changed(pieces(before), pieces(after))
    assert told is not None
    held = as_a_map(pieces(before))
    apply(held, told)
    assert {name: one for name, one in held.items() if one} == {name: one for name, one in as_a_map(pieces(after)).items() if one}


def test_nothing_is_told_where_nothing_changed_and_all_where_a_device_came():
    picture = ({"d1": True}, [], [], [], 1)
    assert changed(pieces(picture), pieces(picture)) == {}
    assert changed(pieces(picture), pieces(({"d1": True, "d2": None}, [], [], [], 1))) is None


def test_a_past_picture_is_made_once_for_all_who_ask_at_the_same_time():
    made = []

    def make(at):
        made.append(at)
        time.sleep(0.05)
        return object()

    pictures, found = PastPictures(make), []
    threads = [threading.Thread(target=lambda: found.append(pictures.of(7, settled=True))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [7] and len(set(map(id, found))) == 1
    for at in range(100, 100 + KEPT):
        pictures.of(at, settled=True)
    assert pictures.held(7) is None and pictures.held(100) is not None


def test_a_past_picture_that_could_not_be_made_leaves_nothing_behind_and_is_made_when_asked_again():
    made = iter([ConnectionError("the database is away"), ConnectionError("the database is away"), "picture"])

    def make(_at):
        one = next(made)
        if isinstance(one, ConnectionError):
            raise one
        return one

    pictures = PastPictures(make)
    for at in (7, 8):
        with pytest.raises(ConnectionError):
            pictures.of(at, settled=True)
    assert not pictures._making and pictures.of(7, settled=True) == "picture"
