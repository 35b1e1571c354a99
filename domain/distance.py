"""Distances on the ground between WGS 84 places, on a sphere of the Earth's mean radius."""

from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""
METRES_PER_DEGREE = radians(EARTH_M)
"""Of latitude; of longitude it is so many times the cosine of the latitude."""


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance of two WGS 84 points, metres (haversine)."""
    up, along = radians(other_lat - lat), radians(other_lon - lon)
    a = sin(up / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(along / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(a)))
