"""What a feed is called: both sides of every threshold, and nothing guessed where nobody can know."""

import pytest

from domain.feed_health import WINDOWS_MS, Counts, Expected, Facts, Limits, Way, judge, window_of
from domain.feed_tally import STEPS_MS

NOW = 1_795_305_600_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
LIMITS = Limits(10, 0.5, 300, 0.05, 0.05, 10, 3600)
TIMED = Expected(with_interval=10, per_s=10 / 60)


def lags(ms, n=100):
    return (*(n if step == ms else 0 for step in STEPS_MS), 0)


def facts(**changes):
    counts = changes.pop("counts", Counts(100, 0, 0, 100, 100, 0, lags(1_000)))
    held = {"interval_s": 60.0, "last_at": NOW - 1_000, "window_ms": 600_000, "listening_ms": DAY, "counts": counts, "expected": TIMED}
    return Facts("f", **{**held, **changes})


def found(**changes):
    health = judge(facts(**changes), LIMITS, NOW)
    return health.state, [one.code for one in health.problems]


def test_a_feed_that_brings_what_it_owes_is_good_with_its_figures():
    health = judge(facts(), LIMITS, NOW)
    assert (health.state, health.problems, dict(health.unknown)) == ("good", (), {})
    assert (health.rate, health.expected_rate) == (100 / 600, 10 / 60)
    assert (health.lag_ms, health.lag_p95_ms, health.error_share, health.suspect_share) == (1_000, 1_000, 0, 0)


@pytest.mark.parametrize(
    ("quiet_ms", "state", "codes"),
    [
        (MINUTE, "good", []),
        (MINUTE + 1, "poor", ["late"]),
        (10 * MINUTE, "poor", ["late"]),
        (10 * MINUTE + 1, "down", ["silent"]),
    ],
)
def test_past_its_interval_a_feed_is_late_and_past_ten_it_is_silent(quiet_ms, state, codes):
    assert found(last_at=NOW - quiet_ms) == (state, codes)


def test_silence_counts_only_while_anybody_listened():
    assert found(last_at=NOW - DAY, listening_ms=MINUTE - 1, counts=Counts())[0] == "good"
    assert found(last_at=None, listening_ms=MINUTE - 1, counts=Counts()) == ("unknown", [])
    assert found(last_at=None, listening_ms=DAY, counts=Counts()) == ("down", ["never", "thin"])


def test_without_an_interval_of_its_own_three_owed_reports_are_the_limit():
    assert found(interval_s=None, last_at=NOW - 18_000) == ("good", [])
    assert found(interval_s=None, last_at=NOW - 18_001) == ("poor", ["late"])
    assert found(interval_s=None, last_at=NOW - 180_001) == ("down", ["silent"])


@pytest.mark.parametrize(
    ("counts", "state", "codes"),
    [
        (Counts(95, 0, 5, 100, 100, 5, lags(1_000)), "good", []),
        (Counts(94, 0, 6, 100, 100, 0, lags(1_000)), "poor", ["errors"]),
        (Counts(94, 0, 0, 100, 100, 6, lags(1_000)), "poor", ["clock"]),
        (Counts(0, 0, 1, 0, 100, 0), "down", ["unreadable"]),
        (Counts(7, 0, 2, 100, 100, 0, lags(1_000)), "good", []),
        (Counts(1, 0, 1, 100, 100, 0, lags(1_000)), "poor", ["errors"]),
        (Counts(100, 0, 0, 100, 100, 0, lags(300_000)), "good", []),
        (Counts(100, 0, 0, 100, 100, 0, lags(600_000)), "poor", ["lag"]),
        (Counts(100, 0, 0, 100, 50, 0, lags(1_000)), "good", []),
        (Counts(100, 0, 0, 100, 49, 0, lags(1_000)), "poor", ["thin"]),
    ],
)
def test_errors_wrong_clocks_lateness_and_too_few_reports_need_somebody(counts, state, codes):
    assert found(counts=counts) == (state, codes)


START = 1800
FILLING = Counts(100, 0, 0, 100, 100, 0, lags(86_400_000))


@pytest.mark.parametrize(
    ("first_s", "counts", "state", "codes"),
    [
        (60, FILLING, "starting", ["filling"]),
        (START + 600, FILLING, "starting", ["filling"]),
        (START + 601, FILLING, "poor", ["lag"]),
        (None, FILLING, "poor", ["lag"]),
        (60, FILLING._replace(suspect=6), "poor", ["clock", "filling"]),
        (60, Counts(100, 0, 0, 100, 100, 0, lags(1_000)), "good", []),
    ],
)
def test_a_new_feed_that_tells_its_past_is_starting_and_cries_no_wolf_until_its_window_is_over(first_s, counts, state, codes):
    limits, first_at = LIMITS._replace(starting_s=START), None if first_s is None else NOW - first_s * 1000
    health = judge(facts(counts=counts, first_at=first_at), limits, NOW)
    assert (health.state, [one.code for one in health.problems]) == (state, codes)
    assert health.is_bad == (state == "poor")


def test_a_source_that_is_away_makes_the_feed_down_and_one_that_answers_explains_its_silence():
    away = Way("poll", NOW, None, 3, NOW - HOUR, NOW, NOW + 1, "answered 401 for x")
    assert found(interval_s=None, expected=Expected(), ways=(away,))[1] == ["away"]
    answers = Way("poll", NOW, NOW)
    assert found(interval_s=None, expected=Expected(), ways=(answers,), counts=Counts(), last_at=None) == ("good", [])


REFUSALS = [(HOUR, NOW - DAY, "poor"), (HOUR, None, "down"), (HOUR + 1, NOW - DAY, "unknown")]


@pytest.mark.parametrize(("failed_ms", "last_at", "state"), REFUSALS)
def test_a_stranger_who_posts_makes_no_feed_go_down_but_one_that_never_spoke_and_is_forgotten_after_an_hour(failed_ms, last_at, state):
    way = Way("post", NOW, None, 1, NOW - failed_ms, NOW - failed_ms, None, "no_token")
    assert found(interval_s=None, expected=Expected(), counts=Counts(), last_at=last_at, ways=(way,))[0] == state


def test_while_ingest_cannot_hear_nothing_is_judged_by_the_clock():
    health = judge(facts(last_at=NOW - DAY, blind="paused", counts=Counts()), LIMITS, NOW)
    assert (health.state, health.problems, health.rate) == ("unknown", (), None)
    assert {health.unknown["state"], health.unknown["rate"]} == {"paused"}


def test_what_reports_on_change_owes_nothing_and_nobody_knows_whether_it_is_down():
    health = judge(facts(interval_s=None, expected=Expected(on_change=3), counts=Counts(), last_at=NOW - DAY), LIMITS, NOW)
    assert (health.state, health.expected_rate, health.error_share, health.lag_ms) == ("unknown", None, None, None)
    whys = {"lag": "no_reports", "error_share": "no_messages", "suspect_share": "no_reports"}
    assert health.unknown == {"expected_rate": "on_change", "state": "on_change", **whys}


@pytest.mark.parametrize(("per_s", "window"), [(0, 1), (10 / 600, 0), (9.9 / 600, 1), (10 / 3600, 1), (10 / 21_600, 2), (1e-9, 3)])
def test_the_window_is_the_shortest_in_which_ten_reports_are_owed(per_s, window):
    assert window_of(Expected(per_s=per_s)) == WINDOWS_MS[window]
