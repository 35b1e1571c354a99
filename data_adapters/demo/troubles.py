"""What goes wrong in the demo city: a table of troubles, each on another device every time, seldom many at once."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from data_adapters.demo.chance import share

MINUTE = 60_000


class Trouble(NamedTuple):
    """Once in `every_min`, for `lasts_min`, `devices` devices of `kind` have it."""

    name: str
    kind: str
    every_min: int
    lasts_min: int
    devices: int = 1


TROUBLES = (
    Trouble("pump_failure", "pump", 150, 60),
    Trouble("jam", "traffic_flow", 90, 40, devices=2),
    Trouble("blocked_drain", "standing_water", 150, 60),
    Trouble("river_rising", "water_level", 300, 90),
    Trouble("manhole_open", "manhole", 200, 40),
    Trouble("gas_leak", "gas", 360, 20),
    Trouble("low_pressure", "hydrant", 240, 50),
    Trouble("crush", "crowd", 300, 40),
    Trouble("night_works", "noise", 240, 50),
)
SILENT = 4
"""So many devices have stopped reporting: some hours ago, and each day others."""


def troubled(devices: Mapping[str, Sequence[str]], at: int) -> dict[str, tuple[str, float]]:
    """device_id -> (trouble, how far it has come from 0 to 1) at `at`. `devices` has the ids of each kind."""
    found: dict[str, tuple[str, float]] = {}
    for trouble in TROUBLES:
        ids = devices.get(trouble.kind, ())
        number, rest = divmod(at, trouble.every_min * MINUTE)
        start = share(trouble.name, number, "start") * (trouble.every_min - trouble.lasts_min) * MINUTE
        part = (rest - start) / (trouble.lasts_min * MINUTE)
        if not ids or not 0 <= part < 1:
            continue
        first = int(share(trouble.name, number, "device") * len(ids))
        force = min(1.0, 2.5 * math.sin(math.pi * part))
        for step in range(min(trouble.devices, len(ids))):
            found[ids[(first + step) % len(ids)]] = (trouble.name, force)
    return found


def silent(ids: Sequence[str], day: int) -> frozenset[str]:
    """The devices that say nothing on `day` (days since 1970)."""
    return frozenset(ids[int(share("silent", day, number) * len(ids))] for number in range(SILENT)) if ids else frozenset()
