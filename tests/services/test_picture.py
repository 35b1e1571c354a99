"""Snapshots: a function of (scope, at), now from the mirror and at a past moment from the records."""

import time

import pytest

from config.freshness import load_freshness
from domain.access import Actor, Forbidden
from services.fanout import Fanout
from services.live_ports import PastRecords
from services.picture import Picture, cursor_of
from services.scope import Scope
from tests.services.live_fakes import TREE, FakeFrames, alarm, frame, parsed

EVERYONE = Actor("wang", frozenset({"operator"}))
TANGXIA = Actor("li", frozenset({"operator"}), frozenset({"tangxia"}))
PIECES = {
    "tangxia|water|_about": {"d1": ["water_level", 60]},
    "tangxia|water|values": {"d1": {"level": [1000, 1.5, "good"]}},
    "tangxia|water|status": {"d1": True},
    "humen|water|_about": {"d2": ["pump", None]},
    "tangxia|water|alarms": {"a1": alarm(severity="minor", raised_at=1), "a2": alarm(alarm_id="a2", severity="critical", raised_at=1)},
    "humen|water|alarms": {"a3": alarm(alarm_id="a3", region="humen", severity="critical", raised_at=2)},
    "||ingest": {"lag_s": 0.5},
}
THEN = {"region": "tangxia", "department": "water", "kind": "water_level", "interval_s": 60, "online": None, "values": {}}


class Past:
    def records(self, at):
        return PastRecords(TREE, {"d1": {**THEN, "values": {"level": [at - 1, 9.0, "good"]}}, "d2": {**THEN, "region": "humen"}}, {}, {})


@pytest.fixture
def frames():
    return FakeFrames(frame(1, PIECES))


@pytest.fixture
def fanout(frames):
    fanout = Fanout(frames, lambda: TREE, "test", load_freshness())
    yield fanout
    fanout.close()


@pytest.fixture
def picture(fanout):
    return Picture(fanout, Past())


def test_snapshot_holds_what_the_actor_sees_worst_alarm_first(picture):
    everything = picture.snapshot(EVERYONE)
    assert set(everything.devices) == {"d1", "d2"}
    assert everything.devices["d1"]["values"] == {"level": [1000, 1.5, "good"]}
    assert [alarm["alarm_id"] for alarm in everything.alarms] == ["a3", "a2", "a1"]
    assert everything.notes == {"ingest": {"lag_s": 0.5}}
    part = picture.snapshot(TANGXIA)
    assert set(part.devices) == {"d1"}
    assert [alarm["alarm_id"] for alarm in part.alarms] == ["a2", "a1"]
    assert set(part.counts) == {"tangxia"}


def test_past_snapshot_comes_from_the_records_in_the_same_scope(picture):
    part = picture.snapshot(TANGXIA, at=5_000)
    assert part.devices["d1"]["values"] == {"level": [4_999, 9.0, "good"]}
    assert (set(part.devices), part.at) == ({"d1"}, 5_000)
    assert part.counts["tangxia"]["devices"] == 1


def test_a_settled_moment_is_read_once_for_everybody_and_a_fresh_one_again(fanout):
    asked = []

    class Counting(Past):
        def records(self, at):
            asked.append(at)
            return super().records(at)

    picture, fresh = Picture(fanout, Counting()), int(time.time() * 1000) - 1_000
    for at in (5_000, fresh):
        assert set(picture.snapshot(TANGXIA, at).devices) == {"d1"}
        assert set(picture.snapshot(EVERYONE, at).devices) == {"d1", "d2"}
    assert asked == [5_000, fresh, fresh]


def test_who_may_not_see_the_picture_is_refused(picture):
    for at in (None, 5_000):
        with pytest.raises(Forbidden):
            picture.snapshot(Actor("chen", frozenset({"auditor"})), at)


def test_snapshot_waits_until_this_process_has_come_as_far_as_the_screen(picture, frames):
    picture.snapshot(EVERYONE)
    frames.put(frame(2, {"tangxia|water|values": {"d1": {"level": [2000, 7.0, "good"]}}}))
    assert picture.snapshot(EVERYONE, cursor="e1-2").devices["d1"]["values"]["level"][1] == 7.0


def test_cursor_moves_only_with_the_sections_it_is_asked_about(picture, frames):
    picture.snapshot(EVERYONE)
    frames.put(frame(2, {"||ingest": {"lag_s": 1.0}}))
    picture.snapshot(EVERYONE, cursor="e1-2")
    assert picture.cursor(["alarms", "values"]) == "e1-1"
    assert picture.cursor(["alarms", "ingest"]) == "e1-2"


@pytest.mark.parametrize(("text", "found"), [("e-1-5", ("e-1", 5)), ("e1-x", None), ("", None), (None, None), ("-", None)])
def test_cursor_is_read_or_refused(text, found):
    assert cursor_of(text) == found


def test_lost_picture_keeps_what_is_shown_and_a_new_one_resets(picture, frames, fanout):
    picture.snapshot(EVERYONE)
    screen = fanout.join(Scope(frozenset(), frozenset()), None, lambda: None)
    assert [kind for kind, _, _ in parsed(screen.next(1))] == ["snapshot"]
    frames.down = True
    time.sleep(0.3)
    assert set(picture.snapshot(EVERYONE).devices) == {"d1", "d2"}
    frames.down = False
    frames.lose(frame(1, {"||ingest": {}}, epoch="e2"))
    assert [kind for kind, _, _ in parsed(screen.next(3))] == ["reset", "snapshot"]
    assert picture.snapshot(EVERYONE).epoch == "e2"


def test_screen_that_falls_out_of_its_channel_is_ended(picture, frames, fanout, monkeypatch):
    monkeypatch.setattr("services.fanout.CHANNEL_BYTES", 1000)
    picture.snapshot(EVERYONE)
    screen = fanout.join(Scope(frozenset(), frozenset()), ("e1", 1), lambda: None)
    frames.put(*(frame(n, {"tangxia|water|values": {"d1": {"level": [n, float(n), "good"]}}}) for n in range(2, 40)))
    picture.snapshot(EVERYONE, cursor="e1-39")
    assert screen.next(1) is None
    assert screen.ended == "slow"
