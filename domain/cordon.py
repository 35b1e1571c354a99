"""Lines drawn on the map: what lies inside a cordon 警戒区."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

MOST_CORNERS = 500
LARGEST_DEG2 = 4.0
"""About 200 km by 200 km: more is no cordon."""


class NoCordon(ValueError):
    """The drawn line encloses nothing that could be a cordon; the text says why."""


def cordon_of(corners: Sequence[Any]) -> BaseGeometry:
    """The area inside a line of [lon, lat] corners (WGS 84 degrees); one that crosses itself is repaired. Raises NoCordon."""
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise NoCordon(f"a cordon has 3 to {MOST_CORNERS} corners")
    points = [_point(corner) for corner in corners]
    area = shapely.make_valid(shapely.Polygon(points))
    if area.area == 0 or area.area > LARGEST_DEG2:
        raise NoCordon("the line encloses nothing, or too much")
    shapely.prepare(area)
    return area


def _point(corner: Any) -> tuple[float, float]:
    if not isinstance(corner, list | tuple) or len(corner) != 2:
        raise NoCordon("a corner is [lon, lat]")
    for degrees, most in zip(corner, (180, 90), strict=True):
        if isinstance(degrees, bool) or not isinstance(degrees, int | float) or not isfinite(degrees) or abs(degrees) > most:
            raise NoCordon("a corner is [lon, lat] in WGS 84 degrees")
    return float(corner[0]), float(corner[1])


def inside(area: BaseGeometry, lon: float | None, lat: float | None) -> bool:
    """Whether a point lies in the area or on its edge; one without a place does not."""
    return lon is not None and lat is not None and bool(area.covers(shapely.Point(lon, lat)))


def as_geojson(area: BaseGeometry) -> dict[str, Any]:
    """The area as a GeoJSON geometry."""
    return dict(shapely.geometry.mapping(area))
