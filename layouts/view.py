"""What a panel may read: one actor's snapshot of the city with its register, names and configuration. Pure: nothing is fetched."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from domain.displays import Display, Figure, fold
from domain.registry import Department, Device, Region, ancestors, compared_level, short_name
from layouts.names import Names
from layouts.words import Words

SEVERITIES = ("critical", "major", "minor", "warning")
PRESENCE = "online"
"""The metric that a device may also say by being there (services/picture.py)."""


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

    @property
    def heard(self) -> bool:
        """Whether its silence means anything: it has devices, and half of them or more answer."""
        return 0 < self.devices <= 2 * self.online


class Reckoned(NamedTuple):
    """A key figure: the value, when its newest part was measured, where (for a maximum), how many devices were fresh, how many of what
    was used is doubted, and whether the value itself is."""

    value: float | None
    at: int | None
    where: str
    fresh: int
    total: int
    stale: bool
    suspect: int = 0
    doubted: bool = False


@dataclass(frozen=True)
class View:
    """`snapshot` is services.picture.Snapshot; `trends` maps metric -> points of the last hours (only for panels that need them);
    `cover`: the posts of the center that are short (services.duty.Uncovered); `signs`, `sign_towns`: vital signs of the whole and of
    the towns (services.vital_signs), `libraries`: names of topic libraries, zh and en; `appeals`: hot themes (domain.rises.Hot);
    `classes`: their names, zh and en; `scoped`: whether whoever looks sees only a part of the city; `gathered`: what single panels
    ask for by name (callbacks/gathering.py)."""

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
    cover: Sequence[Any] = ()
    signs: Any = None
    sign_towns: Sequence[Any] = ()
    libraries: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    appeals: Sequence[Any] = ()
    classes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    scoped: bool = False
    gathered: Mapping[str, Any] = field(default_factory=dict)

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

    def theme_name(self, code: str) -> str:
        """What a class of appeals is called."""
        known = self.classes.get(code)
        return self.words.pick(*known) if known else code or self.words("appeals.unclassed")

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
        newest, suspect = max((one[1] for one in used), default=None), [one for one in used if one[4]]
        decides = [one for one in used if one[0] == value] if figure.fold == "max" else used
        doubted = len([one for one in decides if one[4]]) * 2 > len(decides)
        return Reckoned(value, newest, where, len(fresh), len(found), not fresh, len(suspect), doubted)

    def may_know(self, kind: str) -> bool:
        """Whether whoever looks may see devices of this kind: those who see a part of the city see only its devices."""
        return not self.scoped or any(device.kind == kind for device in self.devices.values())

    def is_stale(self, device_id: str, at: int) -> bool:
        """Whether a value of this device, measured at `at`, is older than it may get."""
        device = self.devices.get(device_id)
        return device is not None and self.names.freshness.is_stale(device.interval_s, self.snapshot.at - at)

    def _values(self, figure: Figure) -> Any:
        for device_id, record in self.snapshot.devices.items():
            if record["kind"] != figure.kind:
                continue
            held = record["values"].get(figure.metric) or self._presence(figure.metric, record)
            if held and isinstance(held[1], int | float):
                yield float(held[1]), held[0], record["region"], self.is_stale(device_id, held[0]), held[2] == "suspect"

    def _presence(self, metric: str, record: Mapping[str, Any]) -> tuple[int, float, str] | None:
        """`online` of a device that says so by its presence (native feed, MQTT last will) instead of a value: it holds until it changes."""
        known = metric == PRESENCE and record["online"] is not None
        return (self.snapshot.at, float(record["online"]), "good") if known else None


def _without(name: str, towns: Sequence[str]) -> str:
    """A device's name without its town's in one of its forms: 虎门镇泵站 and 虎门泵站 are the 泵站 of 虎门镇."""
    start = next((town for town in towns if town and name.startswith(town)), "")
    return name.removeprefix(start).strip() or name


def _town(code: str, name: str, counts: Mapping[str, Any], online: int) -> Town:
    devices, stale = counts.get("devices", 0), counts.get("stale", 0)
    alarms = dict.fromkeys(SEVERITIES, 0) | counts.get("alarms", {})
    return Town(code, name, devices, online, stale, alarms, counts.get("unacknowledged", 0))
