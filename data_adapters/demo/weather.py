"""The demo's rain: one cell after another crosses the city and wets what lies below it."""

import math
from typing import NamedTuple

from data_adapters.demo.chance import share

HOUR = 3_600_000
CELL_MS = 4 * HOUR
WEST, SOUTH, EAST, NORTH = 113.53, 22.68, 114.25, 23.14
SAMPLES = 12
"""rain_1h is made of the last hour's intensity every five minutes."""


class Cell(NamedTuple):
    """A rain cell at one moment: centre (degrees), radius (degrees), intensity in its middle (mm/h)."""

    lon: float
    lat: float
    radius: float
    intensity: float


def cell(at: int) -> Cell:
    """The cell over the city at `at`: it comes in on one side, is strongest half-way, and leaves on the other."""
    number, rest = divmod(at, CELL_MS)
    part = rest / CELL_MS
    entry, leave = share("rain in", number), share("rain out", number)
    westward = share("rain way", number) < 0.4
    across = 1 - part if westward else part
    return Cell(
        lon=WEST + across * (EAST - WEST),
        lat=SOUTH + (entry * (1 - part) + leave * part) * (NORTH - SOUTH),
        radius=0.05 + 0.03 * share("rain size", number),
        intensity=(14 + 34 * share("rain force", number)) * math.sin(math.pi * part),
    )


def intensity(lon: float, lat: float, at: int) -> float:
    """Rain at a point in mm/h."""
    rain = cell(at)
    distance2 = ((lon - rain.lon) ** 2 + (lat - rain.lat) ** 2) / rain.radius**2
    return rain.intensity * math.exp(-distance2) if distance2 < 9 else 0.0


def rain_1h(lon: float, lat: float, at: int) -> float:
    """What fell at a point in the last hour, mm."""
    return sum(intensity(lon, lat, at - step * HOUR // SAMPLES) for step in range(SAMPLES)) / SAMPLES
