"""The demo city's cameras as a list: those of its register with where they look, and one in each police car. All of it is made up."""

import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from data_adapters.demo.chance import share
from data_adapters.demo.facts import Facts
from domain import gb28181

COLUMNS = (
    "channel", "name", "online", "code", "group", "lon", "lat", "direction", "field_of_view", "range_m", "ptz", "codec", "wall", "vehicle",
    "device_id", "region", "department",
)  # fmt: skip
TREE = "演示视频"
SEED = 28181
KINDS = (("fixed", 6), ("dome", 3), ("half_dome", 1))
"""Kind and weight."""
OFFLINE = 0.03
LOOKS = tuple(range(0, 360, 45))
CARS = "veh-police"
RELAYED = "zlmediakit"
"""Cameras of this platform come before others where one of a town is shown on the wall."""
SLOT_MS = 30 * 60_000
"""For so long a camera stays as it is."""
OFF_SHARE = 0.005


def is_on(camera: str, at: int) -> bool:
    """Whether the camera is there at that moment, epoch ms."""
    return share(camera, at // SLOT_MS) >= OFF_SHARE


def changes_between(cameras: Iterable[str], since: int, until: int) -> Iterator[tuple[int, dict[str, bool]]]:
    """The moments after `since` and up to `until` at which cameras turned on or off, with what they are from then on."""
    known = list(cameras)
    for at in range((since // SLOT_MS + 1) * SLOT_MS, until + 1, SLOT_MS):
        if turned := {one: is_on(one, at) for one in known if is_on(one, at) is not is_on(one, at - 1)}:
            yield at, turned


def cameras_of(facts: Facts, devices: Iterable[Mapping[str, Any]], vehicles: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row for each device of kind camera and each police car. Always the same: everything random comes from one seed."""
    chance, zones = random.Random(SEED), {zone.code: zone.zh for zone in facts.zones}
    towns = {unit.code: unit for unit in facts.units}
    cameras = [one for one in devices if one["kind"] == "camera"]
    walled = {one["region"]: one["device_id"] for one in sorted(reversed(cameras), key=lambda one: one.get("platform") == RELAYED)}
    for number, device in enumerate(cameras, 1):
        town = towns[device["region"]]
        yield {
            **_plain(device, number),
            "group": f"{TREE}/{zones[town.zone]}/{town.zh}",
            "online": "no" if chance.random() < OFFLINE and "platform" not in device else "yes",
            "direction": chance.choice(LOOKS),
            "field_of_view": chance.choice((60, 75, 90)),
            "range_m": chance.choice((80, 120, 200, 400)),
            "ptz": chance.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0],
            "wall": "yes" if walled[town.code] == device["device_id"] else "no",
            "lon": device["lon"],
            "lat": device["lat"],
            "device_id": device["device_id"],
        }
    for number, car in enumerate((one for one in vehicles if one["device_id"].startswith(CARS)), 900_001):
        yield {**_plain(car, number), "name": f"{car['name']}车载", "group": f"{TREE}/车载", "online": "yes", "vehicle": car["device_id"]}


def _plain(device: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The code is one of the city's centre, public security, network camera; some are known by theirs."""
    own = device["device_id"]
    code = own if gb28181.known(own) else f"44190000001320{number:06d}"
    said = {name: device[name] for name in ("name", "region", "department")}
    return {"channel": device["device_id"], "code": code, "codec": "h264", **said}
