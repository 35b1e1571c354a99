"""config/demo/dongguan.yaml as typed values."""

from pathlib import Path
from typing import NamedTuple

import yaml

FILE = Path(__file__).parents[2] / "config" / "demo" / "dongguan.yaml"


class Unit(NamedTuple):
    """A town, street or park: centre in WGS 84, inhabitants, and how much of what the demo makes stands there."""

    code: str
    zh: str
    en: str
    lon: float
    lat: float
    zone: str
    weight: int
    population: int


class Named(NamedTuple):
    """A zone, a department or the city."""

    code: str
    zh: str
    en: str


class Kind(NamedTuple):
    """A kind of device: how many there are and what their names are made of (`at` is a key of Facts.words)."""

    kind: str
    prefix: str
    many: int
    interval_s: float | None
    department: str
    zh: str
    at: str


class Fleet(NamedTuple):
    """Vehicles of one department."""

    prefix: str
    many: int
    department: str
    zh: str
    en: str


class PlaceKind(NamedTuple):
    """A kind of place and how many each unit has."""

    kind: str
    prefix: str
    per_unit: int
    zh: str


class ForceKind(NamedTuple):
    """A kind of crew and how many each town has; `members` are demo accounts."""

    prefix: str
    per_unit: int
    kind: str
    department: str
    zh: str
    capabilities: list[str]
    members: list[str]


class ResourceKind(NamedTuple):
    """What places of a kind offer."""

    of: str
    kind: str
    department: str
    capabilities: list[str]
    capacity: int | None
    free: int | None
    stock: dict[str, float]


class Spoken(NamedTuple):
    """Devices that another system of the city speaks for. `id` makes a device's id of `{unit}` (three digits) and `{number}`; `at` is a
    key of Facts.words, empty where the name has none; a device that is not `placed` says itself where it is."""

    platform: str
    kind: str
    id: str
    many: int
    interval_s: float | None
    department: str
    zh: str
    en: str
    at: str = ""
    placed: bool = True


class Facts(NamedTuple):
    """All that the demo is made of."""

    city: Named
    zones: list[Named]
    departments: list[Named]
    units: list[Unit]
    kinds: list[Kind]
    vehicles: list[Fleet]
    places: list[PlaceKind]
    words: dict[str, list[str]]
    forces: list[ForceKind]
    fleet_capabilities: dict[str, list[str]]
    resources: list[ResourceKind]
    platforms: list[Spoken]


def read_facts(file: Path = FILE) -> Facts:
    """The demo's facts; a file that doesn't fit raises TypeError or KeyError (it is part of the program)."""
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Facts(
        city=Named(**tree["city"]),
        zones=[Named(**entry) for entry in tree["zones"]],
        departments=[Named(**entry) for entry in tree["departments"]],
        units=[Unit(**entry) for entry in tree["units"]],
        kinds=[Kind(**entry) for entry in tree["kinds"]],
        vehicles=[Fleet(**entry) for entry in tree["vehicles"]],
        places=[PlaceKind(**entry) for entry in tree["places"]],
        words=tree["words"],
        forces=[ForceKind(**entry) for entry in tree["forces"]],
        fleet_capabilities=tree["fleet_capabilities"],
        resources=[ResourceKind(**entry) for entry in tree["resources"]],
        platforms=[Spoken(**entry) for entry in tree["platforms"]],
    )
