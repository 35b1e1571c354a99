"""What a city writes in alarm_rules.yaml: the rules, and how each applies to one device."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from domain.alarm_flapping import NEVER, Flapping
from domain.registry import Device

SEVERITIES = ("critical", "major", "minor", "warning")
"""Worst first: 紧急, 重要, 次要, 提示."""

RULE_TYPES = ("threshold", "rate", "no_data", "repetition", "value_set", "geofence")
OPS = ("above", "below")
SIDES = ("inside", "outside")
POSITION = "$position"
"""The metric under which a device that moves has its places."""
OWN_REGION = "own"
"""In place of a region's code: the region in which the device is registered."""


class Row(NamedTuple):
    """One reading as a rule sees it. `said` is what is no number: a text, or a place (WGS 84 longitude and latitude)."""

    at: int
    value: float | None
    said: str | tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One alarm rule of one metric. `raise_value` and `clear_value` count as reached when equal.

    threshold: on the value. rate: on the change per minute since the reading before. no_data: `k` times the device's interval.
    repetition: the value reaches `raise_value` for the `times`-th time in `within_s`; over when it has not for that long.
    value_set: the value is one of `values` (texts, numbers; true is 1). geofence: the place is on the wrong `side` of `region` or
    `polygon`, whose edge counts as inside.
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

    @property
    def limit(self) -> float | None:
        """The limit an officer reads beside the alarm; a set and an area have none that is a number."""
        return None if self.type in ("value_set", "geofence") else self.raise_value


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
    """All rules, found by device kind and metric, and when a series flaps. Geofences of regions wait for `find_areas`."""

    def __init__(self, rules: Iterable[Rule], flapping: Flapping = NEVER) -> None:
        self.rules, self.flapping = tuple(rules), flapping
        self._deaf: list[tuple[int, int]] = []
        self._area_of: AreaOf = lambda code: None
        self._drawn = {rule.rule_id: area_of(rule.polygon) for rule in self.rules if rule.polygon}
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
        """The rules that watch this series. A device that reports on change has no no-data rule, an unknown region no geofence."""
        found = (watch_of(rule, device.interval_s, self._deaf, self._area(rule, device)) for rule in self.for_device(device.kind, metric))
        return [watch for watch in found if watch is not None]

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
