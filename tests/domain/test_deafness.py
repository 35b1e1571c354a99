"""A city that was down itself does not call its devices silent."""

from domain.alarms import Phase, Row, Rule, RuleBook, fold
from domain.registry import Device

S = 1000
SILENT = Rule("silent", "失联", "Silent", ("gas",), "lel", "no_data", "warning", k=3)
DEVICE = Device("g1", "燃气", "gas", "441900", "fire", None, None, 10)


def episodes(rules: RuleBook, times: list[int], judged_at: int) -> list[tuple[int, int | None]]:
    (watch,) = rules.watches(DEVICE, "lel")
    found, _ = fold(watch, [Row(at * S, 1.0) for at in times], Phase(), judged_at * S)
    return [(e.raised_at // S, e.cleared_at and e.cleared_at // S) for e in found]


def test_a_silence_of_three_intervals_is_an_alarm() -> None:
    assert episodes(RuleBook([SILENT]), [0, 10, 100], 131) == [(40, 100), (130, None)]


def test_silence_while_we_heard_nothing_is_none() -> None:
    rules = RuleBook([SILENT])
    rules.hear_nothing(15 * S, 95 * S)
    assert episodes(rules, [0, 10, 100], 120) == []


def test_silence_is_counted_anew_from_when_we_hear_again() -> None:
    rules = RuleBook([SILENT])
    rules.hear_nothing(15 * S, 95 * S)
    assert episodes(rules, [0, 10], 125) == []
    assert episodes(rules, [0, 10], 126) == [(125, None)]


def test_a_growing_deafness_replaces_its_beginning() -> None:
    rules = RuleBook([SILENT])
    rules.hear_nothing(15 * S, 40 * S)
    rules.hear_nothing(15 * S, 95 * S)
    assert episodes(rules, [0, 10], 126) == [(125, None)]


def test_deafness_before_a_reading_changes_nothing() -> None:
    rules = RuleBook([SILENT])
    rules.hear_nothing(1 * S, 9 * S)
    assert episodes(rules, [10], 41) == [(40, None)]
