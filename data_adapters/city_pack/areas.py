"""One area of regions.geojson: read, closed and converted; refused with a reason where that can't be done."""

import math
from typing import Any

import shapely

from data_adapters.coordinates import shape_to_wgs84

Ring = list[tuple[float, float]]


class Flaw(ValueError):
    """The area can't be used: `value` stands there, `expected` should."""

    def __init__(self, value: Any, expected: str) -> None:
        super().__init__(expected)
        self.value = str(value)
        self.expected = expected


def read_area(geometry: Any, datum: str) -> tuple[shapely.Geometry, int]:
    """The area in WGS 84 as it is drawn, perhaps crossing itself, and how many of its rings had to be closed. Raises Flaw."""
    polygons = _polygons(geometry)
    open_rings = [ring for polygon in polygons for ring in polygon if ring[0] != ring[-1]]
    for ring in open_rings:
        ring.append(ring[0])
    area: shapely.Geometry = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])
    return shape_to_wgs84(area if len(polygons) > 1 else area.geoms[0], datum), len(open_rings)


def polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    """What is area in a shape: the lines and points that a repair leaves over are dropped."""
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")])


def _polygons(geometry: Any) -> list[list[Ring]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Flaw(kind, "a Polygon or MultiPolygon")
    coordinates = geometry.get("coordinates")
    polygons = [[_ring(ring) for ring in _listed(rings)] for rings in (_listed(coordinates) if kind == "MultiPolygon" else [coordinates])]
    if not polygons or not all(polygons):
        raise Flaw("", "at least one ring")
    return polygons


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Flaw(value, "a list of rings")
    return value


def _ring(positions: Any) -> Ring:
    ring = [_position(position) for position in _listed(positions)]
    if len(set(ring)) < 3:
        raise Flaw(f"{len(set(ring))} different points", "rings of at least three points")
    return ring


def _position(position: Any) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:
        raise Flaw(position, "positions [longitude, latitude]")
    lon, lat = position[:2]
    for number in (lon, lat):
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise Flaw(position, "finite numbers")
    if abs(lat) > 90 and abs(lon) <= 90:
        raise Flaw(position, "longitude first, then latitude; they look swapped")
    if abs(lat) > 90 or abs(lon) > 180:
        raise Flaw(position, "degrees of longitude and latitude, not metres")
    return float(lon), float(lat)
