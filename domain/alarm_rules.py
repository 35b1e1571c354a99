"""What a city writes in alarm_rules.yaml: the rules, and how each applies to one device."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from domain.alarm_flapping import NEVER, Flapping
from domain.registry import Device

SEVERITIES = ("critical", "major", "minor", "warning")
"""Worst first: 紧急, 重要, 次要, 提示."""

RULE_TYPES = ("threshold", "rate", "no_data", "repetition", "value_set", "geofence", "speed", "stated")
OPS = ("above", "below")
SIDES = ("inside", "outside")
POSITION = "$position"
"""The metric under which a device that moves has its places."""
KMH = 3.6
"""A position's m/s in km/h, as rules about speed are written."""
OWN_REGION = "own"
"""In place of a region's code: the region in which the device is registered."""
JOINT = " while "
"""Between the two metrics of a joined series (domain/alarm_joined.py); no metric's name has it."""


class Row(NamedTuple):
    """One reading as a rule sees it. `said` is what is no number: a text, a place (WGS 84 longitude and latitude; `value` is then the
    speed in km/h, None where none is told), what another platform states (domain/alarm_statements.py), or the rows of two series that are
    read as one (domain/alarm_joined.py)."""

    at: int
    value: float | None
    said: str | tuple[Any, ...] | None = None


def place_row(at: int, lon: float, lat: float, speed: float | None) -> Row:
    """Where a device was and how fast (m/s), as rules see it."""
    return Row(at, None if speed is None else speed * KMH, (lon, lat))


@dataclass(frozen=True, slots=True)
class Rule:
    """One alarm rule of one metric. `raise_value` and `clear_value` count as reached when equal.

    threshold: on the value. rate: on the change per minute since the reading before. no_data: `k` times the device's interval.
    repetition: the value reaches `raise_value` for the `times`-th time in `within_s`; over when it has not for that long.
    value_set: the value is one of `values` (texts, numbers; true is 1). geofence: the place is on the wrong `side` of `region` or
    `polygon`, whose edge counts as inside. speed: how fast it moves, km/h. stated: another platform says so (with one of
    `priorities`, where any are named; 0: without one), until it says that it ended or nothing for `quiet_s`.
    With a `while_metric` (threshold, value_set, geofence, speed): only while the device's last word of that is one of `while_values`.
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
    times: int = 0
    within_s: float = 0.0
    values: frozenset[float | str] = frozenset()
    side: str = "outside"
    region: str = ""
    polygon: tuple[tuple[float, float], ...] = ()
    priorities: frozenset[int] = frozenset()
    quiet_s: float = 0.0
    while_metric: str = ""
    while_values: frozenset[float | str] = frozenset()

    @property
    def series(self) -> str:
        """What it is judged on: its metric, or that joined with the one of its condition."""
        return f"{self.metric}{JOINT}{self.while_metric}" if self.while_metric else self.metric

    @property
    def limit(self) -> float | None:
        """The limit an officer reads beside the alarm; a set, an area and a statement have none that is a number."""
        return None if self.type in ("value_set", "geofence", "stated") else self.raise_value


class Watch(NamedTuple):
    """A rule as it applies to one device: with its hold in milliseconds and the limit an officer reads beside the alarm."""

    rule: Rule
    hold_ms: int
    limit: float | None
    deaf: Sequence[tuple[int, int]] = ()
    """When we heard nothing ourselves (from, to), sorted: silence is counted anew from the end of each."""
    area: BaseGeometry | None = None
    """Of a geofence."""

    def due(self, since: int) -> int:
        """When a breach that began at `since` has held long enough."""
        due = since + self.hold_ms
        for start, end in self.deaf:
            if start < due and end > since:
                due = end + self.hold_ms
        return due


AreaOf = Callable[[str], BaseGeometry | None]
"""A region's area by its code; None where the city has no such region, or no outline of it."""


class RuleBook:
    """All rules, found by device kind and series, and when a series flaps. Geofences of regions wait for `find_areas`."""

    def __init__(self, rules: Iterable[Rule], flapping: Flapping = NEVER) -> None:
        self.rules, self.flapping = tuple(rules), flapping
        self._deaf: list[tuple[int, int]] = []
        self._area_of: AreaOf = lambda code: None
        self._drawn = {rule.rule_id: area_of(rule.polygon) for rule in self.rules if rule.polygon}
        self.longest_quiet_ms = round(max((rule.quiet_s for rule in self.rules), default=0.0) * 1000)
        self._found: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self._fed: dict[tuple[str, str], tuple[str, ...]] = {}
        for rule in self.rules:
            for kind in rule.kinds:
                self._found[kind, rule.series] = (*self.for_device(kind, rule.series), rule)
                for metric in rule.series.split(JOINT):
                    self._fed[kind, metric] = tuple(dict.fromkeys((*self.fed_by(kind, metric), rule.series)))

    def for_device(self, kind: str, series: str) -> tuple[Rule, ...]:
        """The rules for a series (a metric, or two joined) of devices of `kind`; usually none."""
        return self._found.get((kind, series), ())

    def series_of(self, kind: str) -> list[str]:
        """The series of a device kind that have a rule."""
        return [series for found, series in self._found if found == kind]

    def fed_by(self, kind: str, metric: str) -> tuple[str, ...]:
        """The series with a rule that a reading of `metric` belongs to; usually none."""
        return self._fed.get((kind, metric), ())

    def watches(self, device: Device, series: str) -> list[Watch]:
        """The rules that watch this series. A device that reports on change has no no-data rule, an unknown region no geofence."""
        found = (watch_of(rule, device.interval_s, self._deaf, self._area(rule, device)) for rule in self.for_device(device.kind, series))
        return [watch for watch in found if watch is not None]

    def applies(self, rule_id: str, device: Device, metric: str) -> bool:
        """Whether the rule still watches this metric of the device."""
        watched = (watch.rule for series in self.fed_by(device.kind, metric) for watch in self.watches(device, series))
        return any(rule.rule_id == rule_id and rule.metric == metric for rule in watched)

    def _area(self, rule: Rule, device: Device) -> BaseGeometry | None:
        if rule.type != "geofence":
            return None
        return self._drawn.get(rule.rule_id) or self._area_of(device.region if rule.region == OWN_REGION else rule.region)

    def find_areas(self, area_of_region: AreaOf) -> None:
        """Take the regions' areas from here."""
        self._area_of = area_of_region

    def hear_nothing(self, start: int, end: int) -> None:
        """From `start` to `end` nothing could reach us: no device is called silent for that. A span of the same start is replaced."""
        kept = [span for span in self._deaf if span[0] != start]
        self._deaf[:] = sorted([*kept, (start, end)])


def watch_of(rule: Rule, interval_s: float | None, deaf: Sequence[tuple[int, int]] = (), area: BaseGeometry | None = None) -> Watch | None:
    """`rule` for a device that reports every `interval_s` seconds, or None where it cannot apply. `deaf` counts for no_data only."""
    if rule.type == "geofence" and area is None:
        return None
    if rule.type != "no_data":
        return Watch(rule, round(rule.for_s * 1000), rule.limit, area=area)
    if not interval_s:
        return None
    return Watch(rule, round(rule.k * interval_s * 1000), rule.k * interval_s, deaf)


def area_of(polygon: Sequence[tuple[float, float]]) -> BaseGeometry:
    """The area inside a ring of (longitude, latitude). Raises ValueError for one that crosses itself or has no inside."""
    area = shapely.Polygon(polygon)
    if not area.is_valid or not area.area:
        raise ValueError("a ring that doesn't cross itself")
    shapely.prepare(area)
    return area
