"""Alarms that another platform states (video alarms): one series for each device and type of alarm, judged like readings by their time.

A statement says of one subject that it began, is stated again, or ended. The alarm is active while any subject is open, and over when the
last one has ended or when nothing has been stated for the rule's `quiet_s`. For rows that are read again that silence is a row of its
own (`with_silences`), so that it is the same whether time passed by or a later statement told of it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.alarm_rules import Row, Rule, Watch
from domain.alarm_verdicts import Judged, Phase, Verdict
from domain.messages import Event

VIDEO_ALARM = "video_alarm"
STATED = "$video_alarm/"
"""With an alarm's type: the metric under which a device has the statements of that type."""
SILENCE: tuple[Any, ...] = ()
"""What a row says that stands for nothing having been said."""

Statement = tuple[str, int, str]
"""Phase (domain/events.py, PHASES), priority (0 where none was stated), subject (empty where the source tells none)."""


def series_of(alarm_type: str) -> str:
    """The metric of an alarm's type."""
    return STATED + alarm_type


def statement_of(event: Event) -> Statement:
    """What a rule sees of a video alarm."""
    return str(event.facts["phase"]), int(event.facts.get("priority", 0)), str(event.facts.get("subject", ""))


def rows_of(statements: Iterable[tuple[int, Statement]]) -> list[Row]:
    """Sorted by time; what was stated at the same millisecond is one row."""
    at_once: dict[int, set[Statement]] = {}
    for at, statement in statements:
        at_once.setdefault(at, set()).add(statement)
    return [Row(at, None, tuple(sorted(said))) for at, said in sorted(at_once.items())]


def quiet_ms(rule: Rule) -> int:
    """How long nothing must be stated for the alarm to be over."""
    return round(rule.quiet_s * 1000)


def concerning(rule: Rule, row: Row) -> list[Statement]:
    """The row's statements that the rule is about. An end needs no priority: it ends what began with one."""
    said: Any = row.said
    return [one for one in said if one[0] == "ended" or not rule.priorities or one[1] in rule.priorities]


def by_statement(watch: Watch, row: Row, phase: Phase) -> Judged:
    """The judge (domain/alarm_verdicts.py). What ends and begins in the same millisecond has begun."""
    if row.said == SILENCE:
        phase.open = frozenset()
        return Verdict.FINE, None
    said = concerning(watch.rule, row)
    if not said:
        return None
    ended = {subject for word, _, subject in said if word == "ended"}
    phase.open = (phase.open - ended) | {subject for word, _, subject in said if word != "ended"}
    return (Verdict.BROKEN if phase.open else Verdict.FINE), None


def with_silences(watch: Watch, rows: Sequence[Row]) -> list[Row]:
    """The rows that concern the watch, and a silence wherever it became quiet before the next one: these are its certain quiet points.
    A row that doesn't concern it tells too that time has passed."""
    found: list[Row] = []
    for row in rows:
        if found and found[-1].said != SILENCE and row.at - found[-1].at > quiet_ms(watch.rule):
            found.append(Row(found[-1].at + quiet_ms(watch.rule), None, SILENCE))
        if concerning(watch.rule, row):
            found.append(row)
    return found
