"""A pack's roads as a routable graph: crossings (`road_nodes.csv.gz`) and the sections between them (`roads.csv.gz`).

A section goes one way, `from` -> `to`; a street that may be driven both ways is there twice. Coordinates are WGS 84.
"""

import zlib
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from data_adapters.city_pack.contents import Problem, Roads

NODES, SECTIONS = "road_nodes.csv.gz", "roads.csv.gz"
NODE_COLUMNS = ("node", "lon", "lat")
SECTION_COLUMNS = ("from", "to", "length_m", "class", "speed_kmh", "oneway", "name", "shape")
TOLD = 20
"""So many problems of one column are told; a wrong column is wrong in every row."""


class Bounds(NamedTuple):
    """What a number must be: low <= number <= high."""

    low: float
    high: float
    expected: str


NODE_BOUNDS = {"lon": Bounds(-180, 180, "degrees of longitude"), "lat": Bounds(-90, 90, "degrees of latitude")}
SECTION_BOUNDS = {
    "length_m": Bounds(0, 1e6, "metres, 0 to 1000000"),
    "speed_kmh": Bounds(1, 300, "km/h, 1 to 300"),
}


def write_roads(folder: Path, roads: Roads) -> None:
    """Put the roads into the pack; the same roads are the same bytes."""
    for name, table in ((NODES, roads.nodes), (SECTIONS, roads.sections)):
        table.to_csv(folder / name, index=False, compression={"method": "gzip", "mtime": 0})


def read_roads(folder: Path, problems: list[Problem]) -> Roads | None:
    """The pack's roads; None when it has none, or with problems."""
    if not (folder / NODES).exists() and not (folder / SECTIONS).exists():
        return None
    before = len(problems)
    nodes = _table(folder, NODES, NODE_COLUMNS, NODE_BOUNDS, problems)
    sections = _table(folder, SECTIONS, SECTION_COLUMNS, SECTION_BOUNDS, problems)
    if nodes is None or sections is None:
        return None
    _tell(nodes, nodes["node"].duplicated(), "node", NODES, "a node only once", problems)
    for end in ("from", "to"):
        _tell(sections, ~sections[end].isin(nodes["node"]), end, SECTIONS, f"a node of {NODES}", problems)
    return Roads(nodes, sections) if len(problems) == before else None


def _table(folder: Path, name: str, columns: tuple[str, ...], bounds: dict[str, Bounds], problems: list[Problem]) -> pd.DataFrame | None:
    try:
        table = pd.read_csv(folder / name, dtype=str, keep_default_na=False, compression="gzip")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        problems.append(Problem(name, None, "", "", f"a readable gzipped CSV file ({' '.join(str(error).split())})"))
        return None
    missing = [column for column in columns if column not in table]
    if missing:
        problems.append(Problem(name, 1, ", ".join(missing), ",".join(table.columns), f"the columns {','.join(columns)}"))
        return None
    for column, (low, high, expected) in bounds.items():
        numbers = pd.to_numeric(table[column], errors="coerce")
        _tell(table, ~numbers.between(low, high), column, name, expected, problems)
        table[column] = numbers
    return table


def _tell(table: pd.DataFrame, wrong: "pd.Series[bool]", column: str, file: str, expected: str, problems: list[Problem]) -> None:
    """A problem for each wrong row; the header is row 1."""
    for index, value in table.loc[wrong, column].head(TOLD).items():
        problems.append(Problem(file, int(str(index)) + 2, column, str(value), expected))
