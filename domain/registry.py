"""The city's register: regions, departments, devices."""

from collections.abc import Iterable
from typing import NamedTuple

LEVELS = ("city", "zone", "district", "town", "village", "grid")


class Region(NamedTuple):
    """A place that knows its parent. Codes: GB/T 2260 six digits to the county, nine for towns, twelve for villages.

    `population`: inhabitants, None where the city's pack does not say."""

    code: str
    name: str
    parent: str | None
    level: str
    name_en: str = ""
    population: int | None = None


class Department(NamedTuple):
    """Who answers for something."""

    code: str
    name: str
    name_en: str = ""


class Device(NamedTuple):
    """A sensor or vehicle. `interval_s` is the expected seconds between reports; None means it reports on change."""

    device_id: str
    name: str
    kind: str
    region: str
    department: str
    lon: float | None
    lat: float | None
    interval_s: float | None
    adopted: bool = True
    name_en: str = ""


KINDS_OF_PLACE = ("街道", "镇", "乡", "区")
"""What Chinese names of places end with, and people leave out."""


def short_name(name: str) -> str:
    """虎门镇 -> 虎门; the name itself where one character would be left."""
    ending = next((ending for ending in KINDS_OF_PLACE if name.endswith(ending)), "")
    short = name.removesuffix(ending)
    return short if len(short) > 1 else name


COMPARED = ("town", "district")


def compared_level(regions: Iterable[Region]) -> str:
    """The level whose places are compared: towns where the city has them, else districts."""
    levels = {region.level for region in regions}
    return next((level for level in COMPARED if level in levels), COMPARED[0])


def ancestors(code: str, regions: dict[str, Region]) -> list[str]:
    """`code` and all regions above it, nearest first; stops at an unknown or repeated code."""
    chain: list[str] = []
    current: str | None = code
    while current and current in regions and current not in chain:
        chain.append(current)
        current = regions[current].parent
    return chain
