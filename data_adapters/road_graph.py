"""The roads as arrays: read from a city pack's tables or from a CSV of segments, and where on them a point lies.

Sections lead one way, from -> to; a street that may be driven both ways is there twice, and `back` names the other one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from data_adapters.city_pack.contents import Roads
from domain.distance import METRES_PER_DEGREE
from domain.travel import Point


class Spot(NamedTuple):
    """Where points lie: the section, how far along it (0 to 1), the metres from the point to it. Arrays of equal length."""

    section: Any
    along: Any
    off_m: Any


class RoadGraph:
    """Nodes (lon, lat) and sections (start, end, metres, km/h or nan, class, line)."""

    def __init__(self, lonlat: Any, sections: pd.DataFrame) -> None:
        """`sections` has the columns start, end (indices of nodes), length_m, speed_kmh, class and line (WGS 84, start to end)."""
        self.lonlat = lonlat
        self.start, self.end = (sections[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
        self.metres = np.maximum(sections["length_m"].to_numpy(dtype=float), 0.01)
        self.kmh = sections["speed_kmh"].to_numpy(dtype=float)
        self.classes = sections["class"].to_numpy(dtype=str)
        self.back = _back(self.start, self.end, self.metres)
        self._scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(lonlat[:, 1].mean())), METRES_PER_DEGREE])
        self._lines = shapely.transform(sections["line"].to_numpy(), lambda xy: xy * self._scale)
        self._lengths = np.maximum(shapely.length(self._lines), 1e-6)
        self._tree = shapely.STRtree(self._lines)

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return len(self.lonlat)

    def spot(self, points: Sequence[Point]) -> Spot:
        """The nearest place on the roads for each point."""
        at = shapely.points(np.asarray(points, dtype=float).reshape(-1, 2) * self._scale)
        section = self._tree.nearest(at)
        lines = self._lines[section]
        along = shapely.line_locate_point(lines, at) / self._lengths[section]
        return Spot(section, np.clip(along, 0.0, 1.0), shapely.distance(lines, at))


def from_pack(roads: Roads) -> RoadGraph:
    """The graph of a city pack's roads."""
    place = pd.Series(np.arange(len(roads.nodes)), index=roads.nodes["node"])
    lonlat = roads.nodes[["lon", "lat"]].to_numpy(dtype=float)
    found = pd.DataFrame(
        {
            "start": roads.sections["from"].map(place),
            "end": roads.sections["to"].map(place),
            "length_m": roads.sections["length_m"],
            "speed_kmh": roads.sections["speed_kmh"],
            "class": roads.sections["class"],
        }
    )
    shapes = np.array([shape if isinstance(shape, str) and shape else None for shape in roads.sections["shape"]], dtype=object)
    found["line"] = _lines(shapely.from_wkt(shapes), found, lonlat)
    return strongest(lonlat, found)


def from_segments(path: Path) -> RoadGraph:
    """The graph of a CSV `from_node,to_node,length_m,polyline_lonlat` ("lon lat;lon lat"); every segment may be driven both ways."""
    table = pd.read_csv(path)
    pairs = [[tuple(map(float, pair.split())) for pair in text.split(";")] for text in table["polyline_lonlat"]]
    ends = pd.DataFrame({"node": [*table["from_node"], *table["to_node"]], "at": [*(p[0] for p in pairs), *(p[-1] for p in pairs)]})
    nodes = ends.drop_duplicates("node").reset_index(drop=True)
    place = pd.Series(nodes.index, index=nodes["node"])
    there = pd.DataFrame(
        {
            "start": table["from_node"].map(place),
            "end": table["to_node"].map(place),
            "length_m": table["length_m"],
            "speed_kmh": np.nan,
            "class": "other",
            "line": [shapely.LineString(pair) for pair in pairs],
        }
    )
    back = there.rename(columns={"start": "end", "end": "start"}).assign(line=shapely.reverse(there["line"].to_numpy()))
    return strongest(np.array(nodes["at"].tolist(), dtype=float), pd.concat([there, back], ignore_index=True))


def strongest(lonlat: Any, sections: pd.DataFrame) -> RoadGraph:
    """The largest part in which every node can be reached from every other: a crew that is sent can also come back."""
    many = len(lonlat)
    links = csr_matrix((np.ones(len(sections)), (sections["start"], sections["end"])), shape=(many, many))
    _, part = connected_components(links, directed=True, connection="strong")
    kept = part == np.bincount(part).argmax()
    place = np.cumsum(kept) - 1
    inside = sections[kept[sections["start"]] & kept[sections["end"]]]
    moved = inside.assign(start=place[inside["start"]], end=place[inside["end"]])
    return RoadGraph(lonlat[kept], moved.reset_index(drop=True))


def _lines(shapes: Any, sections: pd.DataFrame, lonlat: Any) -> Any:
    """Each section's line from its start to its end; the straight one where none is given."""
    start, end = lonlat[sections["start"]], lonlat[sections["end"]]
    straight = shapely.linestrings(np.stack([start, end], axis=1))
    lines = np.where(shapely.is_missing(shapes), straight, shapes)
    first = shapely.get_coordinates(shapely.get_point(lines, 0))
    turned = np.hypot(*(first - start).T) > np.hypot(*(first - end).T)
    return np.where(turned, shapely.reverse(lines), lines)


def _back(start: Any, end: Any, metres: Any) -> Any:
    """For each section the one that leads back along the same street; -1 for a one-way."""
    metres = np.round(metres, 1)
    known = {key: index for index, key in enumerate(zip(start.tolist(), end.tolist(), metres.tolist(), strict=True))}
    return np.array([known.get(key, -1) for key in zip(end.tolist(), start.tolist(), metres.tolist(), strict=True)], dtype=np.int64)
