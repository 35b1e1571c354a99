"""Rules that hold only `while` another series of the device says so: both series read as one, each row with the last word of either.

A vehicle idles while it stands and its ignition is on: places tell the one, readings the other, and either may come late. Of a moment
before which one of the two was never told nothing is known, and the rule is quiet.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from domain.alarm_rules import JOINT, Row, Watch
from domain.alarm_verdicts import JUDGES, UNTOLD, Judged, Phase, Told, Verdict, is_one_of


class Held(NamedTuple):
    """What was read of a series to both sides of a moment, sorted by time. `whole_…`: there is nothing further on that side."""

    before: list[Row]
    after: list[Row]
    whole_before: bool
    whole_after: bool


def parts(series: str) -> tuple[str, ...]:
    """The metrics that a series is read from: the rule's own, and the one of its `while`."""
    return tuple(series.split(JOINT))


def as_part(series: str, metric: str, row: Row) -> Row:
    """A reading or place of `metric` as a row of the series."""
    names = parts(series)
    if len(names) == 1:
        return row
    return Row(row.at, None, tuple(row if name == metric else None for name in names))


def in_order(series: str, rows: list[Row]) -> list[Row]:
    """Sorted by time; what both tell at the same moment is one row."""
    if JOINT not in series:
        return sorted(rows) if len(rows) > 1 else rows
    at_once: dict[int, Told] = {}
    for row in rows:
        at_once[row.at] = _told(at_once.get(row.at, UNTOLD), row)
    return [Row(at, None, told) for at, told in sorted(at_once.items())]


def joined(series: str, held: Sequence[Held], since: int) -> Held:
    """What is held of both, as rows of the joined series that tell the last word of either, as far as both are known."""
    given: list[Row] = []
    for metric, one in zip(parts(series), held, strict=True):
        given += [as_part(series, metric, row) for row in (*one.before, *one.after)]
    low = max((one.before[0].at for one in held if not one.whole_before), default=None)
    high = min((one.after[-1].at for one in held if not one.whole_after), default=None)
    known = [row for row in _filled(in_order(series, given)) if (low is None or row.at >= low) and (high is None or row.at <= high)]
    before, after = [row for row in known if row.at < since], [row for row in known if row.at >= since]
    return Held(before, after, all(one.whole_before for one in held), all(one.whole_after for one in held))


def settled(late: Sequence[Row], beyond: Sequence[Row]) -> int:
    """From which row of `beyond` on nothing is held any more that only `late` told."""
    last = late[-1].at if late else 0
    touched = [i for i in range(len(UNTOLD)) if any(_at(row, i) == row.at for row in late)]
    return next((n for n, row in enumerate(beyond) if all(_at(row, i) > last for i in touched)), len(beyond))


def by_both(watch: Watch, row: Row, phase: Phase) -> Judged:
    """The judge: FINE unless the condition is met, else what the rule says of its own series' last word. Every row counts as heard."""
    phase.told, phase.last_at = _told(phase.told, row), row.at
    own, condition = phase.told
    if own is None or condition is None or not is_one_of(watch.rule.while_values, condition):
        return Verdict.FINE, None
    return JUDGES[watch.rule.type](watch, own, phase)


def _filled(rows: Iterable[Row]) -> list[Row]:
    told, found = UNTOLD, []
    for row in rows:
        told = _told(told, row)
        found.append(Row(row.at, None, told))
    return found


def _told(before: Told, row: Row) -> Told:
    said: Any = row.said
    return said[0] or before[0], said[1] or before[1]


def _at(row: Row, i: int) -> int:
    said: Any = row.said
    return -1 if said[i] is None else said[i].at
