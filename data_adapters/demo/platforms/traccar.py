"""Sanitation trucks behind a Traccar server that forwards positions and events as JSON (Traccar 6, traccar.org/forward), posted.

A truck works four hours and a half, then rests for an hour and a half with its engine and, after ten minutes, its tracker off. At work it
drives from stop to stop; what changes in between is an event, with the position of that moment.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import share
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.play import Message, stops_of
from data_adapters.demo.vehicles import LEG_MS, Place, Vehicle, drives, phase, position
from domain.registry import Device

WORK_LEGS, REST_LEGS = 23, 7
"""Of twelve minutes each."""
WORK_MS, CYCLE_MS = WORK_LEGS * LEG_MS, (WORK_LEGS + REST_LEGS) * LEG_MS
ASLEEP_MS = 10 * 60_000
"""So long after the last word Traccar calls a device offline."""
DRIVING_MS, STANDING_MS = 30_000, 300_000
KNOT = 1852 / 3600
STARTS, STOPS = ("ignitionOn", "deviceMoving"), ("deviceStopped", "ignitionOff")


class Truck(NamedTuple):
    """A truck, its number at the server, and where it drives."""

    device: Device
    number: int
    vehicle: Vehicle

    @property
    def ahead(self) -> int:
        """How long before the others its shifts begin, ms."""
        return int(share(self.device.device_id, "shift") * CYCLE_MS)

    def clock(self, at: int) -> tuple[int, bool]:
        """How long it has worked since 1970, ms, and whether it rests now."""
        cycle, since = divmod(at + self.ahead, CYCLE_MS)
        return cycle * WORK_MS + min(since, WORK_MS), since >= WORK_MS

    def place(self, at: int) -> Place:
        """Where it is; its legs begin with its shift."""
        return position(self.vehicle, self.clock(at)[0] - phase(self.vehicle))

    def drives(self, at: int) -> bool:
        """Whether it is on its way."""
        worked, rests = self.clock(at)
        return not rests and drives(self.vehicle, worked // LEG_MS)


class Traccar:
    """The server: `position` and `event`, each with its `device`."""

    def __init__(self, pack: Pack) -> None:
        own = own_devices(pack, "traccar")
        self._trucks = [
            Truck(one, number, Vehicle(one.device_id, stops_of(one.device_id, one.region, pack))) for number, one in enumerate(own, 1)
        ]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Positions and events."""
        for truck in self._trucks:
            for at in moments(since, until, DRIVING_MS, truck.number * 1_000):
                if not truck.clock(at)[1] and (truck.drives(at) or at // DRIVING_MS % (STANDING_MS // DRIVING_MS) == 0):
                    yield Due(at, Message("traccar/positions", {"position": _position(truck, at), "device": _device(truck, "online")}))
            for at in moments(since, until, LEG_MS, -truck.ahead):
                yield from (Due(at, _event(truck, name, at)) for name in _events(truck, at))
            for at in moments(since, until, CYCLE_MS, WORK_MS + ASLEEP_MS - truck.ahead):
                yield Due(at, _event(truck, "deviceOffline", at, "offline"))

    def standing(self, now: int) -> Iterator[Message]:
        """Nothing is retained."""
        return iter(())


def _events(truck: Truck, at: int) -> tuple[str, ...]:
    """What changes as a leg begins: the end of a rest, a start, a stop."""
    before, after = truck.drives(at - 1), truck.drives(at)
    back = ("deviceOnline",) if truck.clock(at - 1)[1] and not truck.clock(at)[1] else ()
    return (*back, *((STARTS if after else STOPS) if before is not after else ()))


def _position(truck: Truck, at: int) -> dict[str, Any]:
    place, on = truck.place(at), truck.drives(at)
    attributes = {"ignition": on, "motion": on, "power": 26.8 if on else 25.1, "sat": 11 + truck.number % 4, "hdop": 0.8}
    return {
        "id": at // 1000,
        "attributes": attributes,
        "deviceId": truck.number,
        "protocol": "jt808",
        "serverTime": _utc(at + 400),
        "deviceTime": _utc(at),
        "fixTime": _utc(at),
        "valid": True,
        "outdated": False,
        "latitude": place.lat,
        "longitude": place.lon,
        "altitude": 12.0,
        "speed": round(place.speed / KNOT, 4) if on else 0.0,
        "course": place.course,
        "address": None,
        "accuracy": 0.0,
        "network": None,
        "geofenceIds": None,
    }


def _event(truck: Truck, name: str, at: int, status: str = "online") -> Message:
    event = {"id": at // 1000, "attributes": {}, "deviceId": truck.number, "type": name, "eventTime": _utc(at), "positionId": 0}
    said: dict[str, Any] = {"event": event, "device": _device(truck, status)}
    if not name.startswith("deviceO"):
        event["positionId"] = at // 1000
        said["position"] = _position(truck, at)
    return Message("traccar/events", said)


def _device(truck: Truck, status: str) -> dict[str, Any]:
    known = {"id": truck.number, "attributes": {}, "groupId": 1, "name": truck.device.name, "uniqueId": truck.device.device_id}
    return {**known, "status": status, "phone": None, "model": None, "contact": None, "category": "truck", "disabled": False}


def _utc(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
