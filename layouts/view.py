"""What a panel may read: one actor's snapshot of the city with its register, names and configuration. Pure: nothing is fetched."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from domain.alarm_care import ALONE, Nearness
from domain.displays import Display, Figure, fold
from domain.registry import Department, Device, Region, ancestors, compared_level, short_name
from layouts.words import Words
from services.counts import STALE_AFTER

SEVERITIES = ("critical", "major", "minor", "warning")


class Town(NamedTuple):
    """One place of the comparison, everything below it counted in."""

    code: str
    name: str
    devices: int
    online: int
    stale: int
    alarms: dict[str, int]
    unacknowledged: int

    @property
    def worst(self) -> str | None:
        """The worst severity that is active here."""
        return next((severity for severity in SEVERITIES if self.alarms.get(severity)), None)


class Reckoned(NamedTuple):
    """A key figure: the value, when its newest part was measured, where (for a maximum), how many devices were fresh."""

    value: float | None
    at: int | None
    where: str
    fresh: int
    total: int
    stale: bool


@dataclass(frozen=True)
class View:
    """`snapshot` is services.picture.Snapshot; `trends` maps metric -> points of the last hours (only for panels that need them)."""

    snapshot: Any
    words: Words
    regions: Mapping[str, Region]
    devices: Mapping[str, Device]
    display: Display
    names: "Names"
    city: Mapping[str, Any]
    departments: Mapping[str, Department] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()
    trends: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @cached_property
    def towns(self) -> list[Town]:
        """Every town, the one that needs most first. Counts of a region have everything below it counted in."""
        codes = [region.code for region in self.regions.values() if region.level == self.compared_level]
        counts = self.snapshot.counts
        rows = [_town(code, self.region_name(code), counts.get(code, {}), self._answering.get(code, 0)) for code in codes]
        return sorted(rows, key=lambda row: (*(-row.alarms.get(s, 0) for s in SEVERITIES), row.online - row.devices, row.code))

    @property
    def is_past(self) -> bool:
        """Whether this is the picture of a past moment: how the feeds were then is not kept."""
        return bool(self.snapshot.epoch.startswith("past-"))

    @cached_property
    def compared_level(self) -> str:
        """Towns where the city has them, else districts."""
        return compared_level(self.regions.values())

    def region_name(self, code: str) -> str:
        """The region's name in the reader's language; its code where it isn't known."""
        region = self.regions.get(code)
        return self.words.pick(region.name, region.name_en) if region else code

    def town_of(self, code: str) -> str:
        """The name of the town that holds the region `code`."""
        return self.region_name(self._home(code) or code)

    def home(self, code: str) -> str:
        """The code of the town that holds the region `code`; `code` itself above the towns."""
        return self._home(code) or code

    def is_in(self, code: str, above: str) -> bool:
        """Whether the region `code` is `above` or lies in it."""
        return above in ancestors(code, dict(self.regions))

    def department_name(self, code: str) -> str:
        """The department's name; its code where it isn't known."""
        department = self.departments.get(code)
        return self.words.pick(department.name, department.name_en) if department else code

    def device_name(self, device_id: str) -> str:
        """The registered name; the id where nobody has registered it."""
        device = self.devices.get(device_id)
        return self.words.pick(device.name, device.name_en) if device else device_id

    def place_and_name(self, alarm: Mapping[str, Any]) -> tuple[str, str]:
        """The alarm's town, and its device's name without the town that many names begin with."""
        town, name = self.town_of(alarm["region"]), self.device_name(alarm["device_id"])
        region = self.regions.get(self._home(alarm["region"]) or "")
        return town, _without(name, (region.name, short_name(region.name), region.name_en)) if region else name

    def answers(self, device_id: str, record: Mapping[str, Any]) -> bool:
        """Whether the device is there: it hasn't said goodbye, and its newest value isn't stale. Devices that report on change,
        or have not reported yet, are taken at their word."""
        if record["online"] is False:
            return False
        newest = max((value[0] for value in record["values"].values()), default=None)
        if newest is None or not record.get("interval_s"):
            return newest is not None or record["online"] is True
        return not self.is_stale(device_id, newest)

    @cached_property
    def _answering(self) -> Mapping[str, int]:
        """Town -> devices that answer."""
        found: Counter[str] = Counter()
        for device_id, record in self.snapshot.devices.items():
            if self.answers(device_id, record):
                found[self._home(record["region"]) or ""] += 1
        return found

    @cached_property
    def _homes(self) -> dict[str, str | None]:
        return {}

    def _home(self, code: str) -> str | None:
        """The town that holds the region `code`, or None above the towns."""
        if code not in self._homes:
            chain = ancestors(code, dict(self.regions))
            self._homes[code] = next((above for above in chain if self.regions[above].level == self.compared_level), None)
        return self._homes[code]

    def reckon(self, figure: Figure) -> Reckoned:
        """The figure now. Stale values count only when nothing fresh is left, and the figure then says so."""
        found = list(self._values(figure))
        fresh = [one for one in found if not one[3]]
        used = fresh or found
        value = fold(figure.fold, (one[0] for one in used))
        where = next((self.town_of(one[2]) for one in used if one[0] == value), "") if figure.where else ""
        return Reckoned(value, max((one[1] for one in used), default=None), where, len(fresh), len(found), not fresh)

    def is_stale(self, device_id: str, at: int) -> bool:
        """Whether a value of this device, measured at `at`, is older than it may get."""
        device = self.devices.get(device_id)
        return bool(device and device.interval_s and self.snapshot.at - at > device.interval_s * 1000 * STALE_AFTER)

    def _values(self, figure: Figure) -> Any:
        for device_id, record in self.snapshot.devices.items():
            held = record["values"].get(figure.metric) if record["kind"] == figure.kind else None
            if held and isinstance(held[1], int | float):
                yield float(held[1]), held[0], record["region"], self.is_stale(device_id, held[0])


def _without(name: str, towns: Sequence[str]) -> str:
    """A device's name without its town's in one of its forms: 虎门镇泵站 and 虎门泵站 are the 泵站 of 虎门镇."""
    start = next((town for town in towns if town and name.startswith(town)), "")
    return name.removeprefix(start).strip() or name


def _town(code: str, name: str, counts: Mapping[str, Any], online: int) -> Town:
    devices, stale = counts.get("devices", 0), counts.get("stale", 0)
    alarms = dict.fromkeys(SEVERITIES, 0) | counts.get("alarms", {})
    return Town(code, name, devices, online, stale, alarms, counts.get("unacknowledged", 0))


class Names:
    """Names of metrics, device kinds and rules, with units and decimals, from the city's catalogues.

    Metrics and kinds are name -> object with `zh` and `en` (metrics also `unit`, `decimals`, `kind`); rules id -> domain.alarms.Rule.
    `nearness`: what the city calls near, for groups of alarms.
    """

    def __init__(self, metrics: Mapping[str, Any], kinds: Mapping[str, Any], rules: Mapping[str, Any], nearness: Nearness = ALONE) -> None:
        self._metrics, self._kinds, self._rules, self.nearness = metrics, kinds, rules, nearness

    def metric(self, words: Words, name: str) -> str:
        """The metric's name; its id when it isn't in the catalogue."""
        return _picked(words, self._metrics.get(name), name)

    def metrics(self, words: Words) -> dict[str, tuple[str, str, int]]:
        """Every metric: its name, unit and decimals."""
        return {name: (self.metric(words, name), self.unit(words, name), self.decimals(name)) for name in self._metrics}

    def kind(self, words: Words, name: str) -> str:
        """The device kind's name."""
        return _picked(words, self._kinds.get(name), name)

    def kinds(self, words: Words) -> list[tuple[str, str]]:
        """Every device kind with its name."""
        return [(kind, self.kind(words, kind)) for kind in self._kinds]

    def rule(self, words: Words, name: str) -> str:
        """The alarm rule's name."""
        rule = self._rules.get(name)
        return words.pick(rule.name, rule.name_en) if rule is not None else name

    def rules(self, words: Words) -> dict[str, str]:
        """Every alarm rule with its name."""
        return {name: self.rule(words, name) for name in self._rules}

    def limit(self, words: Words, alarm: Mapping[str, Any]) -> str:
        """The limit that was broken, with the side it was broken on; a silence's limit is in seconds, a rate's per minute.

        Flags have none worth reading, nor does an alarm whose rule is no longer in the catalogue.
        """
        rule, value = self._rules.get(alarm["rule_id"]), alarm["limit_value"]
        if rule is None or value is None or self._is_flag(alarm["metric"]):
            return ""
        if rule.type == "no_data":
            return words("alarm.limit_silence", value=words.age(value * 1000))
        written = self.value(words, alarm["metric"], value)
        if rule.type == "repetition":
            return words("alarm.limit_repeated", value=words(f"alarm.limit_{rule.op}", value=written), times=rule.times)
        return words(f"alarm.limit_{rule.op}", value=f"{written}/min" if rule.type == "rate" else written)

    def unit(self, words: Words, metric: str) -> str:
        """The metric's unit in the reader's language (counts of people and things are words), empty when it has none."""
        unit = getattr(self._metrics.get(metric), "unit", "") or ""
        return words(f"unit.{unit}") if words.has(f"unit.{unit}") else unit

    def value(self, words: Words, metric: str, value: Any) -> str:
        """`0.62 m`, with the decimals of the catalogue; texts and flags as they are."""
        if value is None:
            return words("value.none")
        if isinstance(value, bool) or self._is_flag(metric):
            return words("value.yes" if value else "value.no")
        if isinstance(value, str):
            return value
        decimals = getattr(self._metrics.get(metric), "decimals", 1)
        return f"{words.number(value, decimals if decimals is not None else 1)} {self.unit(words, metric)}".strip()

    def _is_flag(self, metric: str) -> bool:
        return getattr(self._metrics.get(metric), "kind", "number") == "bool"

    def decimals(self, metric: str) -> int:
        """How many decimals the metric is written with."""
        held = getattr(self._metrics.get(metric), "decimals", None)
        return 1 if held is None else held


def _picked(words: Words, held: Any, fallback: str) -> str:
    return words.pick(held.zh, held.en) if held is not None else fallback
