"""A plausible day: what device d measures at time t. Pure: the same device and time always give the same values.

Hours are those of Asia/Shanghai (UTC+8 all year). One function per device kind in the table KINDS.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from data_adapters.demo.chance import drift, share
from data_adapters.demo.weather import rain_1h

HOUR = 3_600_000
MINUTE = 60_000
SHANGHAI_MS = 8 * HOUR
TIDE_MS = int(12.42 * HOUR)
TIDAL_WEST_OF = 113.75

Values = dict[str, float | bool]


class Sensor(NamedTuple):
    """A device of the demo. `interval_s` None means that it reports on change."""

    device_id: str
    kind: str
    lon: float
    lat: float
    interval_s: float | None


class Moment(NamedTuple):
    """A time and what is wrong with the device then: (trouble, force 0 to 1) or None."""

    at: int
    trouble: tuple[str, float] | None

    @property
    def hour(self) -> float:
        """The hour of the day in Shanghai, 0 to below 24."""
        return (self.at + SHANGHAI_MS) % (24 * HOUR) / HOUR

    @property
    def weekend(self) -> bool:
        """Saturday or Sunday in Shanghai (1 January 1970 was a Thursday)."""
        return ((self.at + SHANGHAI_MS) // (24 * HOUR) + 3) % 7 >= 5

    def force(self, trouble: str) -> float:
        """How far `trouble` has come; 0 without it."""
        return self.trouble[1] if self.trouble and self.trouble[0] == trouble else 0.0


def values(sensor: Sensor, at: int, trouble: tuple[str, float] | None = None) -> Values:
    """What `sensor` reports at `at` (epoch ms); empty for kinds that report no values."""
    measure = KINDS.get(sensor.kind)
    return measure(sensor, Moment(at, trouble)) if measure else {}


def bump(hour: float, peak: float, width: float) -> float:
    """A bell around `peak` o'clock, 1 at its top, going round midnight."""
    distance = min(abs(hour - peak), 24 - abs(hour - peak))
    return math.exp(-((distance / width) ** 2))


def busy(moment: Moment) -> float:
    """How busy the city is, 0 to 1: two rushes on a working day, one broad afternoon on a weekend."""
    hour = moment.hour
    if moment.weekend:
        return 0.12 + 0.55 * bump(hour, 15, 5)
    return min(1.0, 0.12 + 0.75 * bump(hour, 8.2, 1.3) + 0.8 * bump(hour, 18.1, 1.6) + 0.4 * bump(hour, 13, 4))


def _wander(sensor: Sensor, moment: Moment, metric: str, minutes: int = 20) -> float:
    return drift(f"{sensor.device_id}{metric}", moment.at, minutes * MINUTE)


def _air(sensor: Sensor, moment: Moment) -> Values:
    hour = moment.hour
    rush = bump(hour, 8.5, 2) + bump(hour, 19, 2.5)
    pm25 = 22 + 12 * rush + 8 * _wander(sensor, moment, "pm25", 180)
    temperature = 24 + 5 * bump(hour, 14.5, 5) - 3 * bump(hour, 5, 4) + _wander(sensor, moment, "t", 120)
    return {
        "pm25": round(pm25, 1),
        "pm10": round(pm25 * 1.6 + 5 * _wander(sensor, moment, "pm10", 120), 1),
        "no2": round(24 + 16 * rush + 5 * _wander(sensor, moment, "no2", 120), 1),
        "o3": round(45 + 70 * bump(hour, 15, 4) + 8 * _wander(sensor, moment, "o3", 120), 1),
        "temperature": round(temperature, 1),
        "humidity": round(70 - 1.8 * (temperature - 24) + 4 * _wander(sensor, moment, "h", 120), 1),
    }


def _water_level(sensor: Sensor, moment: Moment) -> Values:
    tide = 0.35 * math.sin(2 * math.pi * moment.at / TIDE_MS) if sensor.lon < TIDAL_WEST_OF else 0.0
    rain = 0.015 * rain_1h(sensor.lon, sensor.lat, moment.at - HOUR // 2)
    level = 1.1 + 0.5 * share(sensor.device_id) + tide + rain + 0.05 * _wander(sensor, moment, "level", 60)
    return {"water_level": round(level + (3.3 - level) * moment.force("river_rising"), 2)}


def _rain(sensor: Sensor, moment: Moment) -> Values:
    return {"rain_1h": round(rain_1h(sensor.lon, sensor.lat, moment.at), 1)}


def _standing_water(sensor: Sensor, moment: Moment) -> Values:
    low_lying = share(sensor.device_id, "low") < 0.12
    rain = rain_1h(sensor.lon, sensor.lat, moment.at) if low_lying else 0.0
    depth = max(0.0, 0.012 * (rain - 8), 0.36 * moment.force("blocked_drain"))
    return {"water_depth": round(depth, 2)}


def _pump(sensor: Sensor, moment: Moment) -> Values:
    """A failing pump draws more and more current, then trips."""
    force = moment.force("pump_failure")
    if force >= 1:
        return {"current": 0.0, "running": False}
    current = 42 + 4 * _wander(sensor, moment, "a", 15) + 50 * force
    return {"current": round(current, 1), "running": True}


def _traffic(sensor: Sensor, moment: Moment) -> Values:
    load = busy(moment) * (0.75 + 0.25 * share(sensor.device_id)) * (1 + 0.12 * _wander(sensor, moment, "load", 10))
    free = 44 + 14 * share(sensor.device_id, "road")
    jam = moment.force("jam")
    speed = free * (1 - 0.45 * load) + 2 * _wander(sensor, moment, "speed", 3)
    return {
        "flow": round(2200 * load * (1 - 0.7 * jam)),
        "speed": round(speed * (1 - jam) + 5 * jam, 1),
        "occupancy": round(min(95, 4 + 30 * load + 55 * jam), 1),
    }


def _parking(sensor: Sensor, moment: Moment) -> Values:
    total = 80 + 20 * int(share(sensor.device_id) * 20)
    home = share(sensor.device_id, "home") < 0.4
    day = bump(moment.hour, 14, 5.5)
    taken = (0.9 - 0.5 * day if home else 0.2 + 0.65 * day) + 0.06 * _wander(sensor, moment, "taken", 30)
    return {"free": round(total * (1 - min(0.98, max(0.05, taken)))), "total": total}


def _street_light(sensor: Sensor, moment: Moment) -> Values:
    """On from dusk to dawn, each box a few minutes earlier or later; dimmed after midnight."""
    early = share(sensor.device_id) * 0.25
    hour = moment.hour
    lit = hour >= 18.3 + early or hour < 6.2 - early
    power = (1800 if hour >= 18 else 1200) + 40 * _wander(sensor, moment, "w", 30) if lit else 12
    return {"lit": lit, "power": round(power)}


def _noise(sensor: Sensor, moment: Moment) -> Values:
    quiet = 44 + 8 * share(sensor.device_id)
    level = quiet + 14 * busy(moment) + 2 * _wander(sensor, moment, "db", 2)
    return {"noise": round(max(level, 88 * moment.force("night_works")), 1)}


def _manhole(sensor: Sensor, moment: Moment) -> Values:
    is_open = moment.force("manhole_open") > 0.5
    return {"tilt": round(38.0 if is_open else 1 + abs(_wander(sensor, moment, "tilt", 240)), 1), "open": is_open}


def _hydrant(sensor: Sensor, moment: Moment) -> Values:
    pressure = 0.34 + 0.04 * share(sensor.device_id) - 0.04 * busy(moment) + 0.01 * _wander(sensor, moment, "p", 30)
    return {"pressure": round(pressure * (1 - 0.8 * moment.force("low_pressure")), 3)}


def _power(sensor: Sensor, moment: Moment) -> Values:
    day = 0.45 + 0.4 * bump(moment.hour, 14.5, 4) + 0.3 * bump(moment.hour, 20, 2.5) - (0.1 if moment.weekend else 0)
    size = 30 + 50 * share(sensor.device_id)
    load = size * day * (1 + 0.02 * _wander(sensor, moment, "mw", 15))
    return {"load": round(load, 2), "voltage": round(110 + 0.8 * _wander(sensor, moment, "kv", 15), 2)}


def _gas(sensor: Sensor, moment: Moment) -> Values:
    return {"lel": round(0.6 + 0.5 * _wander(sensor, moment, "lel", 20) + 27 * moment.force("gas_leak"), 1)}


def _crowd(sensor: Sensor, moment: Moment) -> Values:
    area = 800 + 2400 * share(sensor.device_id)
    density = 0.05 + 0.5 * busy(moment) + 0.5 * bump(moment.hour, 20, 2) + 0.05 * _wander(sensor, moment, "crowd", 15)
    density = max(0.0, density + 4.6 * moment.force("crush"))
    return {"people": round(density * area), "density": round(density, 2)}


KINDS: dict[str, Callable[[Sensor, Moment], Values]] = {
    "air_quality": _air,
    "water_level": _water_level,
    "rain_gauge": _rain,
    "standing_water": _standing_water,
    "pump": _pump,
    "traffic_flow": _traffic,
    "parking": _parking,
    "street_light": _street_light,
    "noise": _noise,
    "manhole": _manhole,
    "hydrant": _hydrant,
    "power": _power,
    "gas": _gas,
    "crowd": _crowd,
}
