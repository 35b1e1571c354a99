"""Rows near a point: a box that the index finds, then the true distance."""

from collections.abc import Iterable
from math import cos, radians
from typing import Protocol, TypeVar

from domain.distance import METRES_PER_DEGREE, metres_between

IN_BOX = "lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east"
"""For WHERE; its values are those of `box`."""


class Placed(Protocol):
    """A row with a place, WGS 84 degrees."""

    @property
    def lon(self) -> float | None: ...

    @property
    def lat(self) -> float | None: ...


T = TypeVar("T", bound=Placed)


def box(lon: float, lat: float, metres: float) -> dict[str, float]:
    """The values of IN_BOX: around every point within so many metres, a little larger. A degree of longitude shrinks with the cosine."""
    up = 1.01 * metres / METRES_PER_DEGREE
    along = up / max(cos(radians(min(89.0, abs(lat) + up))), 1e-9)
    return {"south": lat - up, "north": lat + up, "west": lon - along, "east": lon + along}


def within(rows: Iterable[T], lon: float, lat: float, metres: float) -> list[tuple[T, float]]:
    """Those within so many metres, each with its distance, nearest first."""
    apart = [(row, metres_between(lon, lat, row.lon, row.lat)) for row in rows if row.lon is not None and row.lat is not None]
    return sorted((one for one in apart if one[1] <= metres), key=lambda one: one[1])
