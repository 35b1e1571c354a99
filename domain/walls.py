"""Walls and their scenes: where panels stand for a wall's shape, how large its type is, and how many lines a list then holds.

All lengths are in `u`, a hundredth of the wall's height, so that a wall looks the same whatever a browser makes of its pixels.
A wall of LCD cells gets its panels laid out cell by cell: none is ever cut by a seam.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

SHAPES = ("normal", "wide")
"""Narrower than WIDE_FROM (16:9, 21:9), and wider (32:9, LED strips)."""
WIDE_FROM = 2.5
HEADER_U, GAP_U = 5.6, 0.8
TYPE_U, SMALLEST_U, LARGEST_U = 1.72, 1.1, 3.4
"""Body type where nobody has said from where the wall is read; what can be drawn at all, and what still leaves room for panels."""
ARC_MINUTES = 22.0
"""An em seen from the viewing distance: ideographs are then 20' high, Latin capitals 16', the least of ISO 9241-303."""
SUB_ROWS, HEADER_ROWS = 60, 6
"""A cell is parted into so many rows, so that any number of panels can share it; the header takes so many of the first cell."""


class Areas(NamedTuple):
    """A grid as CSS has it: parts of the width, heights (a number is a part of what is left, `9.4u` is fixed), names line by line."""

    columns: tuple[float, ...]
    rows: tuple[float | str, ...]
    grid: tuple[tuple[str, ...], ...]


class Step(NamedTuple):
    """One scene of a playlist and how long it stays, in seconds."""

    scene: str
    seconds: int


class Cells(NamedTuple):
    """LCD cells: how many, and how many pixels the seam between two hides (0 where the picture stops at each edge)."""

    columns: int
    rows: int
    bezel: int


class Geometry(NamedTuple):
    """A wall's pixels, its cells, the height of its picture and the distance it is read from, both in metres. None: not known."""

    pixels: tuple[int, int] | None = None
    cells: Cells | None = None
    height_m: float | None = None
    distance_m: float | None = None


class Wall(NamedTuple):
    """`fill`: panels that take the cells a scene leaves free. `rest_s`: so long a scene that somebody chose stays before the playlist
    goes on. `takeover`: names of rules (domain/takeover.py)."""

    code: str
    zh: str
    en: str
    geometry: Geometry
    scenes: tuple[str, ...]
    playlist: tuple[Step, ...]
    rest_s: int
    takeover: tuple[str, ...]
    fill: tuple[str, ...]


class Scene(NamedTuple):
    """`areas`: shape -> grid; every shape holds the same panels. What the panels show of it stands in its domain.displays.Display."""

    code: str
    zh: str
    en: str
    areas: Mapping[str, Areas]

    @property
    def panels(self) -> tuple[str, ...]:
        """The panels in reading order."""
        return tuple(dict.fromkeys(name for line in self.areas["normal"].grid for name in line))


class Placed(NamedTuple):
    """Where a panel stands in a grid of cells: lines from 1, the last exclusive, and its height in u."""

    row: int
    column: int
    row_end: int
    column_end: int
    height: float


def shape_of(geometry: Geometry) -> str | None:
    """The shape of a wall whose pixels are known; None where the browser has to tell."""
    if geometry.pixels is None:
        return None
    return SHAPES[geometry.pixels[0] / geometry.pixels[1] >= WIDE_FROM]


def type_u(geometry: Geometry) -> float:
    """The height of body type in u: what ARC_MINUTES are at the viewing distance."""
    if geometry.distance_m is None or geometry.height_m is None:
        return TYPE_U
    return 100 * geometry.distance_m * math.tan(math.radians(ARC_MINUTES / 60)) / geometry.height_m


def heights(areas: Areas) -> dict[str, float]:
    """Panel -> its height in u under the header, on a wall of this grid."""
    fixed = sum(float(one[:-1]) for one in areas.rows if isinstance(one, str))
    left = 100 - HEADER_U - GAP_U * (len(areas.rows) + 2) - fixed
    parts = sum(one for one in areas.rows if not isinstance(one, str))
    tall = [float(one[:-1]) if isinstance(one, str) else left * one / parts for one in areas.rows]
    found: dict[str, float] = {}
    for name in dict.fromkeys(name for line in areas.grid for name in line):
        held = [height for height, line in zip(tall, areas.grid, strict=True) if name in line]
        found[name] = sum(held) + GAP_U * (len(held) - 1)
    return found


def cell_layout(panels: Sequence[str], geometry: Geometry, fill: Sequence[str] = ()) -> dict[str, Placed]:
    """Every panel in one cell of the wall, the header in the first one, the map in one of its own.

    Panels share cells where there are more of them; where there are fewer, `fill` takes the cells that are left.
    """
    cells = geometry.cells
    if cells is None:
        return {}
    order = [(row, column) for row in range(cells.rows) for column in range(cells.columns)]
    middle = (0, (cells.columns - 1) // 2) if len(order) > 1 else order[0]
    others = [name for name in panels if name != "map"]
    free = [one for one in order if "map" not in panels or one != middle] or order
    others += [name for name in fill if name not in panels][: max(0, len(free) - len(others))]
    shared = [list(one) for one in _parted(others, len(free))]
    held = dict(zip(free, shared, strict=True))
    if "map" in panels:
        held[middle] = ["map", *held.get(middle, [])] if len(order) == 1 else ["map"]
    placed = {name: one for cell, names in held.items() for name, one in _stacked(names, cell, cells)}
    return {"header": Placed(1, 1, 1 + HEADER_ROWS, 2, _tall(HEADER_ROWS, cells)), **placed}


def _parted(names: Sequence[str], parts: int) -> Iterable[Sequence[str]]:
    """The names in order, in so many parts of nearly the same length."""
    ends = [round(len(names) * n / parts) for n in range(parts + 1)]
    return [names[ends[n] : ends[n + 1]] for n in range(parts)]


def _stacked(names: Sequence[str], cell: tuple[int, int], cells: Cells) -> Iterable[tuple[str, Placed]]:
    """Panels one below the other in a cell; in the first one below the header. Each cell row is followed by the track of its seam."""
    row, column = cell
    top, first = row * (SUB_ROWS + 1) + 1, HEADER_ROWS if cell == (0, 0) else 0
    room = SUB_ROWS - first
    for number, name in enumerate(names):
        begin, end = (first + room * part // len(names) for part in (number, number + 1))
        yield name, Placed(top + begin, 2 * column + 1, top + end, 2 * column + 2, _tall(end - begin, cells))


def _tall(rows: int, cells: Cells) -> float:
    return 100 * rows / SUB_ROWS / cells.rows - GAP_U


def fitting(height: float, row_em: float, head_em: float, em: float) -> int:
    """How many lines of `row_em` fit below a head into a panel of this height (u), at type of `em` u; one at the least."""
    return max(1, int((height / em - head_em) / row_em))
