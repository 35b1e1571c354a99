"""Silence and duration are judged only when every worker has come along, and exactly as far as the slowest has."""

import json
from typing import NamedTuple

import pytest

from config.freshness import load_freshness
from services.judging import judge, tick_payload

LATE_MS = load_freshness().judged_within_ms
NOW = 1_795_305_600_000


class Progress(NamedTuple):
    worker: int = 0
    progressed_to: int = NOW - 1000
    lag_s: float = 1.0
    beat_at: int = NOW - 200


def test_time_is_judged_up_to_the_slowest_worker() -> None:
    judgement = judge([Progress(0, NOW - 1000), Progress(1, NOW - 3000, lag_s=3.0)], 2, NOW, LATE_MS)
    assert judgement.judged_at == NOW - 3000
    assert judgement.lag_s == pytest.approx(3.2)
    assert judgement.shown() == {"lag_s": 3.2, "paused": False, "judged_at": NOW - 3000, "workers_missing": 0}


@pytest.mark.parametrize(("behind_ms", "paused"), [(LATE_MS, False), (LATE_MS + 1, True)])
def test_a_worker_that_lags_pauses_judging(behind_ms: int, paused: bool) -> None:
    judgement = judge([Progress(0), Progress(1, progressed_to=NOW - behind_ms)], 2, NOW, LATE_MS)
    assert (judgement.judged_at is None) is paused
    assert judgement.shown()["paused"] is paused


@pytest.mark.parametrize(("quiet_ms", "missing"), [(LATE_MS, 0), (LATE_MS + 1, 1)])
def test_a_worker_that_says_nothing_counts_as_missing(quiet_ms: int, missing: int) -> None:
    judgement = judge([Progress(0), Progress(1, beat_at=NOW - quiet_ms)], 2, NOW, LATE_MS)
    assert judgement.workers_missing == missing
    assert (judgement.judged_at is None) is bool(missing)


def test_a_worker_that_never_spoke_pauses_judging() -> None:
    assert judge([Progress(0)], 2, NOW, LATE_MS).judged_at is None
    assert judge([Progress(0)], 2, NOW, LATE_MS).workers_missing == 1
    assert judge([], 1, NOW, LATE_MS) == (None, 0.0, 1)


def test_a_worker_that_has_not_settled_after_a_start_pauses_judging() -> None:
    assert judge([Progress(progressed_to=0, lag_s=2.0)], 1, NOW, LATE_MS).judged_at is None


def test_lag_grows_while_a_worker_is_silent() -> None:
    assert judge([Progress(beat_at=NOW - 60_000, lag_s=1.0)], 1, NOW, LATE_MS).lag_s == pytest.approx(61.0)


def test_the_tick_carries_the_moment_judged() -> None:
    assert json.loads(tick_payload(NOW)) == {"judged_at": NOW}
