"""What is counted of a feed: reports rather than values, nothing twice, clocks that are wrong, and how late reports come."""

import pytest

from domain.feed_tally import BEYOND_MS, STEPS_MS, Tally, at_most
from domain.messages import Event, Position, Presence, Quality, RawMessage, Reading, Rejected
from domain.registry import Device
from services.ports import Batch, Brought, Stored
from services.tallying import tally

NOW = 1_795_305_600_000
MESSAGE = RawMessage("t", b"", NOW)
DEVICES = {"d1": Device("d1", "", "gas", "", "", None, None, 60.0), "d2": Device("d2", "", "gas", "", "", None, None, None)}


def reading(device="d1", metric="pm25", at=NOW - 1_500, source_at=None, quality=Quality.GOOD):
    return Reading(device, metric, at, 1.0, None, quality, NOW, source_at)


def counted(*messages, stored=None):
    batch = Batch(0, NOW, brought=[Brought("f", MESSAGE, outputs) for outputs in messages])
    tally(batch, stored or Stored([], [], []), DEVICES)
    return batch.tallies["f"]


def test_a_report_is_what_a_device_said_of_one_moment_however_many_values():
    both = [reading(), reading(metric="pm10"), reading(at=NOW - 9_000), reading("d2"), Position("d3", NOW, 0, 0, None, None, NOW)]
    held = counted(both, [Presence("d4", True, NOW)], [Rejected("r", "")], [])
    assert (held.reports, held.due, held.devices) == (4, 2, {"d1", "d2", "d3"})


def test_what_was_delivered_twice_is_counted_once():
    again = reading()
    assert counted([again, reading("d2")], stored=Stored([], [again], [])).reports == 1


def test_what_happened_counts_as_a_report_once():
    event = Event("video_alarm", "e1", NOW - 50, "cam-1", None, None, {}, NOW)
    assert (counted([event]).reports, counted([event]).devices) == (1, {"cam-1"})
    assert counted([event], stored=Stored([], [], [], known_events=[event])).reports == 0


@pytest.mark.parametrize("wrong", [reading(source_at="1970"), reading(quality=Quality.SUSPECT)])
def test_a_report_with_a_wrong_clock_is_counted_as_such(wrong):
    assert counted([wrong], [reading()]).suspect == 1


def test_what_a_source_states_without_any_time_has_no_clock_that_could_be_wrong():
    undated = Event("stream", "e1", NOW, "cam-1", None, None, {}, NOW, source_at="")
    assert (counted([undated]).reports, counted([undated]).suspect) == (1, 0)


@pytest.mark.parametrize(("lag_ms", "step"), [(-5_000, 100), (100, 100), (101, 200), (STEPS_MS[-1], STEPS_MS[-1]), (10**9, BEYOND_MS)])
def test_lateness_is_known_to_a_step(lag_ms, step):
    held = Tally()
    held.late(lag_ms)
    assert at_most(held.lags, 0.5) == step


def test_the_middle_and_the_95th_percentile_are_steps_that_hold_so_many():
    held = Tally()
    for lag_ms in [50] * 94 + [3_000] * 6:
        held.late(lag_ms)
    assert (at_most(held.lags, 0.5), at_most(held.lags, 0.94), at_most(held.lags, 0.95)) == (100, 100, 5_000)
    assert at_most([0] * len(held.lags), 0.5) is None
