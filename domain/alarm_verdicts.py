"""What one reading says about a rule: one judge per rule type."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import shapely

from domain.alarm_rules import Row, Rule, Watch


class Verdict(Enum):
    """What one reading says about a rule."""

    BROKEN = "at or past the raise value"
    BETWEEN = "between the raise and the clear value: a raised alarm stays, a pending one is over"
    FINE = "at or past the clear value"
    ARMED = "the device spoke; its silence is counted from here"


Told = tuple[Row | None, Row | None]
"""The last word of a rule's own series, and of the one of its condition."""
UNTOLD: Told = (None, None)


@dataclass(slots=True)
class Phase:
    """Where a watch stands after the readings seen so far. `raised_at` may lie after `last_at`, when time alone raised the alarm.

    `breaches`: of a repetition, when the last ones began, at most as many as raise the alarm; `in_breach`: the last one is not over.
    Of what is stated: `open` are the subjects not ended, `quiet_since` when silence ended the alarm. `told` is of a joined series.
    """

    last_at: int | None = None
    last_value: float | None = None
    signal: float | None = None
    pending_since: int | None = None
    raised_at: int | None = None
    raised_value: float | None = None
    breaches: tuple[int, ...] = ()
    in_breach: bool = False
    open: frozenset[str] = frozenset()
    quiet_since: int | None = None
    told: Told = UNTOLD

    @property
    def floor(self) -> int | None:
        """Readings later than this can be folded on; any other one may change what was already decided."""
        decided = [at for at in (self.last_at, self.raised_at, self.quiet_since) if at is not None]
        return max(decided, default=None)


Judged = tuple[Verdict, float | None] | None
"""The verdict, and the number that it was given on; None: the reading says nothing to this rule."""


def side_of(rule: Rule, signal: float) -> Verdict:
    """On which side of the raise and the clear value a number lies."""
    if rule.op == "above":
        broken, fine = signal >= rule.raise_value, signal <= rule.clear_value
    else:
        broken, fine = signal <= rule.raise_value, signal >= rule.clear_value
    return Verdict.BROKEN if broken else Verdict.FINE if fine else Verdict.BETWEEN


def is_one_of(values: frozenset[float | str], row: Row) -> bool:
    """Whether a reading, number or text, is one of these."""
    return (row.said if row.value is None else row.value) in values


def _by_value(watch: Watch, row: Row, phase: Phase) -> Judged:
    return None if row.value is None else (side_of(watch.rule, row.value), row.value)


def _by_rate(watch: Watch, row: Row, phase: Phase) -> Judged:
    if row.value is None:
        return None
    if phase.last_value is None or phase.last_at is None:
        return Verdict.BETWEEN, None
    rate = (row.value - phase.last_value) * 60_000 / (row.at - phase.last_at)
    return side_of(watch.rule, rate), rate


def _by_speaking(watch: Watch, row: Row, phase: Phase) -> Judged:
    return Verdict.ARMED, None


def _by_repetition(watch: Watch, row: Row, phase: Phase) -> Judged:
    if row.value is None:
        return None
    rule, side = watch.rule, side_of(watch.rule, row.value)
    begun = (row.at,) if side is Verdict.BROKEN and not phase.in_breach else ()
    phase.in_breach = side is Verdict.BROKEN or (phase.in_breach and side is Verdict.BETWEEN)
    since = row.at - window_ms(rule)
    phase.breaches = tuple(at for at in (*phase.breaches, *begun) if at > since)[-rule.times :]
    if len(phase.breaches) >= rule.times:
        return Verdict.BROKEN, row.value
    return (Verdict.BETWEEN if phase.breaches or phase.in_breach else Verdict.FINE), row.value


def _by_membership(watch: Watch, row: Row, phase: Phase) -> Judged:
    return (Verdict.BROKEN if is_one_of(watch.rule.values, row) else Verdict.FINE), row.value


def _by_place(watch: Watch, row: Row, phase: Phase) -> Judged:
    if not isinstance(row.said, tuple):
        return None
    inside = bool(shapely.intersects_xy(watch.area, *row.said))
    return (Verdict.BROKEN if inside == (watch.rule.side == "inside") else Verdict.FINE), None


JUDGES: dict[str, Callable[[Watch, Row, Phase], Judged]] = {
    "threshold": _by_value,
    "rate": _by_rate,
    "no_data": _by_speaking,
    "repetition": _by_repetition,
    "value_set": _by_membership,
    "geofence": _by_place,
    "speed": _by_value,
}


def window_ms(rule: Rule) -> int:
    """How long a breach counts for a repetition."""
    return round(rule.within_s * 1000)


def calm_points(watch: Watch, rows: Sequence[Row]) -> Iterator[int]:
    """Where a repetition is certainly quiet, whatever came before `rows`: nothing has begun within its window."""
    calm_since: int | None = None
    for i, row in enumerate(rows):
        if row.value is None:
            continue
        side = side_of(watch.rule, row.value)
        if side is Verdict.BROKEN:
            calm_since = None
        elif side is Verdict.FINE:
            calm_since = row.at if calm_since is None else calm_since
            if row.at - calm_since >= window_ms(watch.rule):
                yield i
