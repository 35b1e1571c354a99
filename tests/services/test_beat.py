"""When a change counts for renderings that screens share."""

import pytest

from services.beat import BEAT_S, Beat


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def beat(clock):
    return Beat(lambda: clock[0])


def test_values_between_two_beats_count_as_one_version(beat, clock):
    first = beat.versions("e", {"values": 7, "alarms": 3})
    clock[0] += BEAT_S - 0.1
    assert beat.versions("e", {"values": 15, "alarms": 3}) == first


def test_an_alarm_counts_at_once(beat):
    beat.versions("e", {"values": 7, "alarms": 3})
    assert beat.versions("e", {"values": 9, "alarms": 9})["alarms"] == 9


def test_whoever_asks_a_beat_after_a_change_sees_it_whenever_others_asked(beat, clock):
    for asked_before in (0.0, 0.3, 1.9, BEAT_S):
        clock[0] += 10
        beat.versions("e", {"values": 1})
        clock[0] += asked_before
        changed_at = clock[0]
        clock[0] = changed_at + BEAT_S / 2
        beat.versions("e", {"values": 2})
        clock[0] = changed_at + BEAT_S
        assert beat.versions("e", {"values": 2})["values"] == 2


def test_another_epoch_counts_at_once(beat):
    beat.versions("e", {"values": 700})
    assert beat.versions("f", {"values": 2})["values"] == 2
