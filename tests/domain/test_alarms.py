"""When a rule raises and clears an alarm: both sides of every limit."""

import pytest

from domain.alarm_match import Span, match
from domain.alarms import Episode, Phase, Row, Rule, RuleBook, advance, fold, is_anchor, watch_of
from domain.registry import Device

S = 1000


def rule(**changes: object) -> Rule:
    base = {"op": "above", "raise_value": 3.0, "clear_value": 1.0, **changes}
    return Rule("r", "规则", "Rule", ("pump",), "m", str(base.pop("type", "threshold")), "major", **base)  # type: ignore[arg-type]


def episodes(
    a_rule: Rule, *points: tuple[float, float | None], judged: float | None = None, interval: float | None = None
) -> list[Episode]:
    watch = watch_of(a_rule, interval)
    assert watch is not None
    rows = [Row(round(second * S), value) for second, value in points]
    return fold(watch, rows, Phase(), None if judged is None else round(judged * S))[0]


def test_alarm_is_raised_when_the_value_reaches_the_raise_value() -> None:
    assert episodes(rule(), (0, 2.99)) == []
    assert episodes(rule(), (0, 3)) == [Episode(0, None, 3)]


def test_alarm_stays_lit_until_the_value_reaches_the_clear_value() -> None:
    assert episodes(rule(), (0, 3), (1, 2), (2, 1.01)) == [Episode(0, None, 3)]
    assert episodes(rule(), (0, 3), (1, 2), (2, 1)) == [Episode(0, 2 * S, 3)]


def test_a_rule_below_mirrors_one_above() -> None:
    low = rule(op="below", raise_value=1.0, clear_value=3.0)
    assert episodes(low, (0, 1.01)) == []
    assert episodes(low, (0, 1), (1, 2.99)) == [Episode(0, None, 1)]
    assert episodes(low, (0, 1), (1, 3)) == [Episode(0, S, 1)]


def test_a_breach_must_hold_for_its_duration() -> None:
    held = rule(for_s=60)
    assert episodes(held, (0, 4), (59.999, 5)) == []
    assert episodes(held, (0, 4), (60, 5)) == [Episode(60 * S, None, 5)]


def test_a_breach_interrupted_between_raise_and_clear_starts_again() -> None:
    held = rule(for_s=60)
    assert episodes(held, (0, 4), (30, 2), (31, 4), (90, 4)) == []
    assert episodes(held, (0, 4), (30, 2), (31, 4), (91, 5)) == [Episode(91 * S, None, 5)]


def test_a_breach_that_held_is_raised_even_when_the_next_reading_shows_it_over() -> None:
    held = rule(for_s=60)
    assert episodes(held, (0, 4), (60, 0)) == []
    assert episodes(held, (0, 4), (60.001, 0)) == [Episode(60 * S, 60_001, 4)]


def test_time_alone_raises_a_held_breach_once_it_has_passed_the_duration() -> None:
    held = rule(for_s=60)
    assert episodes(held, (0, 4), judged=60) == []
    assert episodes(held, (0, 4), judged=60.001) == [Episode(60 * S, None, 4)]


def test_silence_is_raised_after_k_intervals_and_cleared_by_the_next_reading() -> None:
    silent = rule(type="no_data", k=3.0)
    assert episodes(silent, (0, 1), judged=30, interval=10) == []
    assert episodes(silent, (0, 1), judged=30.001, interval=10) == [Episode(30 * S, None, None)]
    assert episodes(silent, (0, 1), (30, 1), interval=10) == []
    assert episodes(silent, (0, 1), (30.001, 1), interval=10) == [Episode(30 * S, 30_001, None)]


def test_a_text_reading_breaks_silence_and_is_nothing_to_a_threshold() -> None:
    assert episodes(rule(type="no_data", k=3.0), (0, 1), (25, None), (50, None), interval=10) == []
    assert episodes(rule(), (0, 3), (1, None), (2, 0)) == [Episode(0, 2 * S, 3)]


def test_a_device_that_reports_on_change_is_never_silent() -> None:
    assert watch_of(rule(type="no_data", k=3.0), None) is None


def test_a_device_that_never_spoke_raises_nothing() -> None:
    assert episodes(rule(type="no_data", k=3.0), judged=1e6, interval=10) == []


def test_rate_is_the_change_per_minute_between_neighbouring_readings() -> None:
    rising = rule(type="rate", raise_value=0.5, clear_value=0.1)
    assert episodes(rising, (0, 9)) == []
    assert episodes(rising, (0, 1), (120, 1.99)) == []
    assert episodes(rising, (0, 1), (120, 2.0)) == [Episode(120 * S, None, 0.5)]
    assert episodes(rising, (0, 1), (120, 2.0), (180, 2.0)) == [Episode(120 * S, 180 * S, 0.5)]


def test_folding_in_two_parts_equals_folding_at_once() -> None:
    watch = watch_of(rule(for_s=2), None)
    assert watch is not None
    rows = [Row(i * S, value) for i, value in enumerate([0, 3, 4, 4, 2, 0, 4, 4])]
    whole, end = fold(watch, rows, Phase())
    for cut in range(len(rows) + 1):
        first, phase = fold(watch, rows[:cut], Phase())
        second, phase = fold(watch, rows[cut:], phase)
        ended = [one for one in first if one.cleared_at is not None]
        assert (ended + second, phase) == (whole, end)


def test_advance_tells_of_the_raising_only_once() -> None:
    watch = watch_of(rule(for_s=1), None)
    assert watch is not None
    phase = fold(watch, [Row(0, 5.0)], Phase())[1]
    assert advance(watch, phase, 5 * S)
    assert not advance(watch, phase, 6 * S)
    assert phase.floor == S


def test_anchors_are_readings_after_which_a_watch_is_surely_quiet() -> None:
    rows = [Row(0, 5.0), Row(S, 2.0), Row(2 * S, 1.0), Row(3 * S, 1.0)]
    expected = {"threshold": [2, 3], "rate": [1, 2], "no_data": [0, 1, 2, 3]}
    for kind, anchors in expected.items():
        watch = watch_of(rule(type=kind, k=1.0, clear_value=-1.0) if kind == "rate" else rule(type=kind, k=1.0), 1.0)
        assert watch is not None
        assert [i for i in range(len(rows)) if is_anchor(watch, rows, i)] == anchors


def test_rules_are_found_by_device_kind_and_metric() -> None:
    book = RuleBook([rule(), rule(type="no_data", k=3.0)])
    assert len(book.for_device("pump", "m")) == 2
    assert book.for_device("pump", "other") == () == book.for_device("gas", "m")
    assert book.series_of("pump") == ["m"]
    quiet = Device("p", "泵", "pump", "", "", None, None, None)
    assert [watch.rule.type for watch in book.watches(quiet, "m")] == ["threshold"]


@pytest.mark.parametrize(
    ("found", "stored", "pairs"),
    [
        ([], [Span(1, 5, True)], [(0, None)]),
        ([], [Span(1, 5, False)], []),
        ([Episode(2, 4, 1)], [], [(None, Episode(2, 4, 1))]),
        ([Episode(2, None, 1)], [Span(1, 5, True)], [(0, Episode(2, None, 1))]),
        ([Episode(5, 9, 1)], [Span(1, 5, True)], [(None, Episode(5, 9, 1)), (0, None)]),
        ([Episode(1, 2, 1), Episode(3, 9, 1)], [Span(3, 9, True)], [(None, Episode(1, 2, 1)), (0, Episode(3, 9, 1))]),
        ([Episode(1, 9, 1)], [Span(2, 3, True), Span(4, 9, True)], [(1, Episode(1, 9, 1)), (0, None)]),
        ([Episode(1, 9, 1)], [Span(2, 9, False), Span(4, 5, True)], [(1, Episode(1, 9, 1))]),
    ],
)
def test_episodes_find_their_stored_alarms(found: list[Episode], stored: list[Span], pairs: list[object]) -> None:
    assert match(found, stored) == pairs
