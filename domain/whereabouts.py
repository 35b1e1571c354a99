"""Whether a place lies in an area, both WGS 84."""

from collections.abc import Mapping
from typing import Any

import shapely.geometry


def lies_in(lon: float, lat: float, outline: Mapping[str, Any]) -> bool:
    """Whether a GeoJSON area covers the point; its border counts as inside."""
    return bool(shapely.geometry.shape(outline).covers(shapely.geometry.Point(lon, lat)))
