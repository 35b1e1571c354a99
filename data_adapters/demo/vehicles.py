"""Where the demo's vehicles are: each drives from point to point around its own town, without any state."""

import math
from typing import NamedTuple

from data_adapters.demo.chance import share
from domain.distance import METRES_PER_DEGREE

LEG_MS = 12 * 60_000
IDLING = 0.3
"""Of the vehicles that stand for a leg, so many leave their engine on."""
Point = tuple[float, float]


class Vehicle(NamedTuple):
    """A vehicle and the points that it may drive to, WGS 84."""

    device_id: str
    stops: tuple[Point, ...]


class Place(NamedTuple):
    """WGS 84 degrees, m/s, degrees clockwise from north."""

    lon: float
    lat: float
    speed: float
    course: float


def position(vehicle: Vehicle, at: int) -> Place:
    """Where the vehicle is at `at` (epoch ms): it starts and stops gently, one leg every twelve minutes."""
    leg, rest = divmod(at + phase(vehicle), LEG_MS)
    start, end = _stop(vehicle, leg), _stop(vehicle, leg + 1)
    part = rest / LEG_MS
    eased = part * part * (3 - 2 * part)
    east = (end[0] - start[0]) * METRES_PER_DEGREE * math.cos(math.radians(start[1]))
    north = (end[1] - start[1]) * METRES_PER_DEGREE
    speed = math.hypot(east, north) * 6 * part * (1 - part) / (LEG_MS / 1000)
    course = math.degrees(math.atan2(east, north)) % 360
    lon, lat = start[0] + (end[0] - start[0]) * eased, start[1] + (end[1] - start[1]) * eased
    return Place(round(lon, 6), round(lat, 6), round(speed, 1), round(course, 1))


def ignition(vehicle: Vehicle, at: int) -> bool:
    """Whether the engine is on: while driving, and with some of those that stand for a leg."""
    leg = (at + phase(vehicle)) // LEG_MS
    return drives(vehicle, leg) or share(vehicle.device_id, "idles", leg) < IDLING


def drives(vehicle: Vehicle, leg: int) -> bool:
    """Whether it goes anywhere in this leg."""
    return _stop(vehicle, leg) != _stop(vehicle, leg + 1)


def phase(vehicle: Vehicle) -> int:
    """How long before the full twelve minutes its legs begin, ms."""
    return int(share(vehicle.device_id) * LEG_MS)


def _stop(vehicle: Vehicle, leg: int) -> Point:
    return vehicle.stops[int(share(vehicle.device_id, leg) * len(vehicle.stops))]
