"""Alarm rules, and when they are broken: a pure function of a series' readings sorted by their time.

One machine serves all rule types. Each reading is judged BROKEN, BETWEEN, FINE or ARMED (see `Verdict`); a breach must hold for
`hold_ms` before the alarm is raised, and it is raised at the moment the hold ended, whenever that becomes known. So the episodes
follow the times of the readings alone: not their order of arrival, and not when somebody looked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from domain.registry import Device

SEVERITIES = ("critical", "major", "minor", "warning")
"""Worst first: 紧急, 重要, 次要, 提示."""

RULE_TYPES = ("threshold", "rate", "no_data")
OPS = ("above", "below")


class Verdict(Enum):
    """What one reading says about a rule."""

    BROKEN = "at or past the raise value"
    BETWEEN = "between the raise and the clear value: a raised alarm stays, a pending one is over"
    FINE = "at or past the clear value"
    ARMED = "the device spoke; its silence is counted from here"


@dataclass(frozen=True, slots=True)
class Rule:
    """One alarm rule of one metric. `raise_value` and `clear_value` count as reached when equal.

    threshold: on the value. rate: on the change per minute since the reading before. no_data: `k` times the device's interval.
    """

    rule_id: str
    name: str
    name_en: str
    kinds: tuple[str, ...]
    metric: str
    type: str
    severity: str
    op: str = "above"
    raise_value: float = 0.0
    clear_value: float = 0.0
    for_s: float = 0.0
    k: float = 0.0
    source: str = ""


class Watch(NamedTuple):
    """A rule as it applies to one device: with its hold in milliseconds and the limit an officer reads beside the alarm."""

    rule: Rule
    hold_ms: int
    limit: float
    deaf: Sequence[tuple[int, int]] = ()
    """When we heard nothing ourselves (from, to), sorted: silence is counted anew from the end of each."""

    def due(self, since: int) -> int:
        """When a breach that began at `since` has held long enough."""
        due = since + self.hold_ms
        for start, end in self.deaf:
            if start < due and end > since:
                due = end + self.hold_ms
        return due


class RuleBook:
    """All rules, found by device kind and metric."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._deaf: list[tuple[int, int]] = []
        self._found: dict[tuple[str, str], tuple[Rule, ...]] = {}
        for rule in self.rules:
            for kind in rule.kinds:
                key = (kind, rule.metric)
                self._found[key] = (*self._found.get(key, ()), rule)

    def for_device(self, kind: str, metric: str) -> tuple[Rule, ...]:
        """The rules for `metric` of devices of `kind`; usually none."""
        return self._found.get((kind, metric), ())

    def metrics_of(self, kind: str) -> list[str]:
        """The metrics of a device kind that have a rule."""
        return [metric for found, metric in self._found if found == kind]

    def watches(self, device: Device, metric: str) -> list[Watch]:
        """The rules that watch this series. A device that reports on change has no no-data rule."""
        found = (watch_of(rule, device.interval_s, self._deaf) for rule in self.for_device(device.kind, metric))
        return [watch for watch in found if watch is not None]

    def hear_nothing(self, start: int, end: int) -> None:
        """From `start` to `end` nothing could reach us: no device is called silent for that. A span of the same start is replaced."""
        kept = [span for span in self._deaf if span[0] != start]
        self._deaf[:] = sorted([*kept, (start, end)])


def watch_of(rule: Rule, interval_s: float | None, deaf: Sequence[tuple[int, int]] = ()) -> Watch | None:
    """`rule` for a device that reports every `interval_s` seconds, or None where it cannot apply. `deaf` counts for no_data only."""
    if rule.type != "no_data":
        return Watch(rule, round(rule.for_s * 1000), rule.raise_value)
    if not interval_s:
        return None
    return Watch(rule, round(rule.k * interval_s * 1000), rule.k * interval_s, deaf)


class Row(NamedTuple):
    """One reading as a rule sees it; text readings have no value."""

    at: int
    value: float | None


class Episode(NamedTuple):
    """The rule was broken from `raised_at` until `cleared_at` (None: still is)."""

    raised_at: int
    cleared_at: int | None
    raised_value: float | None


@dataclass(slots=True)
class Phase:
    """Where a watch stands after the readings seen so far. `raised_at` may lie after `last_at`, when time alone raised the alarm."""

    last_at: int | None = None
    last_value: float | None = None
    signal: float | None = None
    pending_since: int | None = None
    raised_at: int | None = None
    raised_value: float | None = None

    @property
    def floor(self) -> int | None:
        """Readings later than this can be folded on; any other one may change what was already decided."""
        if self.raised_at is None or self.last_at is None:
            return self.last_at if self.raised_at is None else self.raised_at
        return max(self.last_at, self.raised_at)


def _rate(row: Row, phase: Phase) -> float | None:
    if row.value is None or phase.last_value is None or phase.last_at is None:
        return None
    return (row.value - phase.last_value) * 60_000 / (row.at - phase.last_at)


def _level(row: Row, phase: Phase) -> float | None:
    return row.value


SIGNALS = {"threshold": _level, "rate": _rate}


def _verdict(rule: Rule, signal: float | None) -> Verdict:
    if signal is None:
        return Verdict.BETWEEN
    if rule.op == "above":
        broken, fine = signal >= rule.raise_value, signal <= rule.clear_value
    else:
        broken, fine = signal <= rule.raise_value, signal >= rule.clear_value
    return Verdict.BROKEN if broken else Verdict.FINE if fine else Verdict.BETWEEN


def advance(watch: Watch, phase: Phase, moment: int) -> bool:
    """Let time pass up to, and not including, `moment`. True when that raised the alarm."""
    if phase.pending_since is None or phase.raised_at is not None:
        return False
    due = watch.due(phase.pending_since)
    if moment <= due:
        return False
    phase.raised_at, phase.raised_value = due, phase.signal
    return True


def step(watch: Watch, phase: Phase, row: Row) -> Episode | None:
    """Take one reading later than all before it. Returns the episode it ended, if it did; `phase.raised_at` tells of one begun."""
    if watch.rule.type == "no_data":
        verdict, signal = Verdict.ARMED, None
    elif row.value is None:
        return None
    else:
        signal = SIGNALS[watch.rule.type](row, phase)
        verdict = _verdict(watch.rule, signal)
    if phase.pending_since is not None:
        advance(watch, phase, row.at)
    phase.last_at, phase.last_value, phase.signal = row.at, row.value, signal
    if verdict is Verdict.BROKEN:
        _break(watch, phase, row.at)
        return None
    if verdict is Verdict.BETWEEN:
        phase.pending_since = None
        return None
    ended = None
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
    if start.raised_at is not None:
        episodes.append(Episode(start.raised_at, None, start.raised_value))
    return episodes, start


def is_anchor(watch: Watch, rows: Sequence[Row], i: int) -> bool:
    """Whether the watch is certainly quiet after `rows[i]`, whatever came before `rows` (gaps within `rows` excluded)."""
    rule, row = watch.rule, rows[i]
    if rule.type == "no_data":
        return True
    if rule.type == "threshold":
        return _verdict(rule, row.value) is Verdict.FINE
    before = next((rows[j] for j in range(i - 1, -1, -1) if rows[j].value is not None), None)
    if row.value is None or before is None:
        return False
    return _verdict(rule, _rate(row, Phase(before.at, before.value))) is Verdict.FINE


def at_anchor(watch: Watch, row: Row) -> Phase:
    """Where the watch stands right after the anchor `row`."""
    return Phase(row.at, row.value, pending_since=row.at if watch.rule.type == "no_data" else None)
