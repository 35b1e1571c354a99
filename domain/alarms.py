"""Alarm rules, and when they are broken: a pure function of a series' readings sorted by their time.

One machine serves all rule types (alarm_rules.py). Each reading is judged BROKEN, BETWEEN, FINE or ARMED (alarm_verdicts.py); a
breach must hold for `hold_ms` before the alarm is raised, and it is raised at the moment the hold ended, whenever that becomes known.
So the episodes follow the times of the readings alone: not their order of arrival, and not when somebody looked.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from domain.alarm_joined import by_both
from domain.alarm_rules import OPS, POSITION, RULE_TYPES, SEVERITIES, SIDES, Row, Rule, RuleBook, Watch, watch_of
from domain.alarm_statements import SILENCE, by_statement, quiet_ms, with_silences
from domain.alarm_verdicts import JUDGES as READING_JUDGES
from domain.alarm_verdicts import UNTOLD, Judged, Phase, Verdict, calm_points

__all__ = ["OPS", "POSITION", "RULE_TYPES", "SEVERITIES", "SIDES", "Episode", "Phase", "Row", "Rule", "RuleBook", "Verdict", "Watch"]
__all__ += ["advance", "at_anchor", "first_anchor", "fold", "is_anchor", "lapse", "last_anchor", "step", "watch_of", "with_silences"]

JUDGES = {**READING_JUDGES, "stated": by_statement}


def _judge(watch: Watch, row: Row, phase: Phase) -> Judged:
    return by_both(watch, row, phase) if watch.rule.while_metric else JUDGES[watch.rule.type](watch, row, phase)


class Episode(NamedTuple):
    """The rule was broken from `raised_at` until `cleared_at` (None: still is)."""

    raised_at: int
    cleared_at: int | None
    raised_value: float | None


def advance(watch: Watch, phase: Phase, moment: int) -> bool:
    """Let time pass up to, and not including, `moment`. True when that raised the alarm."""
    if phase.pending_since is None or phase.raised_at is not None:
        return False
    due = watch.due(phase.pending_since)
    if moment <= due:
        return False
    phase.raised_at, phase.raised_value = due, phase.signal
    return True


def lapse(watch: Watch, phase: Phase, moment: int) -> Episode | None:
    """Let time pass up to, and not including, `moment` in silence. Returns the episode that this ended: only what is stated ends so."""
    if watch.rule.type != "stated" or phase.raised_at is None:
        return None
    over_at = (phase.raised_at if phase.last_at is None else phase.last_at) + quiet_ms(watch.rule)
    if moment <= over_at:
        return None
    ended = Episode(phase.raised_at, over_at, phase.raised_value)
    phase.raised_at = phase.raised_value = phase.pending_since = None
    phase.open, phase.quiet_since = frozenset(), over_at
    return ended


def step(watch: Watch, phase: Phase, row: Row) -> Episode | None:
    """Take one reading later than all before it. Returns the episode it ended, if it did; `phase.raised_at` tells of one begun."""
    ended = None if phase.last_at is None else lapse(watch, phase, row.at)
    judged = _judge(watch, row, phase)
    if judged is None:
        return ended
    verdict, signal = judged
    if phase.pending_since is not None:
        advance(watch, phase, row.at)
    phase.last_at, phase.last_value, phase.signal = row.at, row.value, signal
    if verdict is Verdict.BROKEN:
        _break(watch, phase, row.at)
        return ended
    if verdict is Verdict.BETWEEN:
        phase.pending_since = None
        return ended
    if phase.raised_at is not None:
        ended = Episode(phase.raised_at, row.at, phase.raised_value)
    phase.raised_at = phase.raised_value = None
    phase.pending_since = row.at if verdict is Verdict.ARMED else None
    return ended


def _break(watch: Watch, phase: Phase, at: int) -> None:
    if phase.raised_at is not None:
        return
    if phase.pending_since is None:
        phase.pending_since = at
    if at >= phase.pending_since + watch.hold_ms:
        phase.raised_at, phase.raised_value = phase.pending_since + watch.hold_ms, phase.signal


def fold(watch: Watch, rows: Iterable[Row], start: Phase, judged_at: int | None = None) -> tuple[list[Episode], Phase]:
    """All episodes of `rows` (sorted by time), the open one last, and where the watch then stands. `start` is used up.

    `judged_at`: time is known to have passed up to there without a further reading.
    """
    episodes = [ended for ended in (step(watch, start, row) for row in rows) if ended is not None]
    if judged_at is not None:
        advance(watch, start, judged_at)
        lapsed = lapse(watch, start, judged_at)
        episodes += [] if lapsed is None else [lapsed]
    if start.raised_at is not None:
        episodes.append(Episode(start.raised_at, None, start.raised_value))
    return episodes, start


def is_anchor(watch: Watch, rows: Sequence[Row], i: int) -> bool:
    """Whether the watch is certainly quiet after `rows[i]`, whatever came before `rows` (gaps within `rows` excluded)."""
    rule, row = watch.rule, rows[i]
    if rule.type == "stated":
        return row.said == SILENCE
    if rule.type == "repetition":
        return i in calm_points(watch, rows[: i + 1])
    phase = Phase()
    if rule.type == "rate":
        before = next((rows[j] for j in range(i - 1, -1, -1) if rows[j].value is not None), None)
        if before is None:
            return False
        phase = Phase(before.at, before.value)
    judged = _judge(watch, row, phase)
    return judged is not None and judged[0] in (Verdict.FINE, Verdict.ARMED)


def first_anchor(watch: Watch, rows: Sequence[Row]) -> int | None:
    """The first index after which the watch is certainly quiet, or None."""
    if watch.rule.type == "repetition":
        return next(calm_points(watch, rows), None)
    return next((i for i in range(len(rows)) if is_anchor(watch, rows, i)), None)


def last_anchor(watch: Watch, rows: Sequence[Row]) -> int | None:
    """The last such index, or None."""
    if watch.rule.type == "repetition":
        return max(calm_points(watch, rows), default=None)
    return next((i for i in range(len(rows) - 1, -1, -1) if is_anchor(watch, rows, i)), None)


def at_anchor(watch: Watch, row: Row) -> Phase:
    """Where the watch stands right after the anchor `row`."""
    told: Any = row.said if watch.rule.while_metric else UNTOLD
    return Phase(row.at, row.value, pending_since=row.at if watch.rule.type == "no_data" else None, told=told)
