"""What a city pack holds once it has been read, and what can be wrong with it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import shapely

from domain.registry import Department, Device, Region
from services.register_ports import Place
from services.unit_ports import Resource

OSM_PREFIX = "osm-"
"""place_id of what comes from OpenStreetMap: `osm-node-123`. A new extract replaces these rows and no others."""
OSM_ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"
"""What ODbL 1.0 asks to be said wherever its data is shown."""
SHOWN = 20
"""So many problems are printed; the rest are counted."""


class Problem(NamedTuple):
    """One thing that is wrong: where it stands, what it says, what should stand there. `row` counts the header as row 1."""

    file: str
    row: int | None
    field: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file} row {self.row}" if self.row else self.file
        column = f", field {self.field}" if self.field else ""
        value = f": {self.value[:80]!r}" if self.value else ""
        return f"{place}{column}{value}; expected {self.expected}"


class PackError(Exception):
    """The pack was not taken; `problems` has everything that is wrong with it. Nothing was loaded."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder = folder
        self.problems = problems
        lines = [f"city pack {folder}: {len(problems)} problem(s), nothing was loaded"]
        lines += [f"  {problem}" for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(f"  … and {len(problems) - SHOWN} more")
        super().__init__("\n".join(lines))


class CityFacts(NamedTuple):
    """city.yaml. `datums` says for each file which datum its coordinates are in."""

    code: str
    name: str
    name_en: str
    origin_center: str
    timezone: str
    datums: dict[str, str]
    departments: list[Department]
    zones: list[dict[str, Any]]
    demo: bool = False
    attribution: str = ""


class Outline(NamedTuple):
    """A region with its area in WGS 84 (None when the pack has no area for it) and whether that area is only schematic."""

    region: Region
    area: shapely.Geometry | None
    schematic: bool = False


class PackDevice(NamedTuple):
    """A device and the columns that CityDeck doesn't know, kept as they are."""

    device: Device
    attributes: dict[str, str]
    replay: bool = False


class Roads(NamedTuple):
    """A routable graph in WGS 84. `nodes`: node, lon, lat. `sections`: from, to, length_m, class, speed_kmh, oneway, name, shape (WKT)."""

    nodes: pd.DataFrame
    sections: pd.DataFrame


@dataclass
class Pack:
    """A whole city, checked: every region has a known parent, every device a known region, all coordinates are WGS 84."""

    folder: Path
    city: CityFacts
    regions: list[Outline] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    devices: list[PackDevice] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    roads: Roads | None = None
    units: list[Any] = field(default_factory=list)
    """Units with members and telephone (forces.Force)."""
    resources: list[Resource] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What was repaired or is only odd; the pack is taken all the same."""
