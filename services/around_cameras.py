"""Cameras beside an incident: those of video platforms that can see the place, then those that are only registered as devices."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.cameras import Seen
from domain.registry import Device


class NearCamera(NamedTuple):
    """A camera near a place, WGS 84 and metres. `view`: see domain/cameras.py; `status` is "" for one of no platform, which nobody can
    play. `camera_id` names it wherever it is opened; `device_id`: its device in the register, or None."""

    camera_id: str
    device_id: str | None
    name: str
    region: str
    department: str
    lon: float | None
    lat: float | None
    metres: float
    view: str
    status: str = ""
    since: int | None = None
    platform: str = ""
    ptz: str = "unknown"
    turns: bool = False
    direction: float | None = None
    vehicle: str | None = None


def cameras_beside(seen: Sequence[Seen], registered: Iterable[tuple[Device, float]], most: int) -> list[NearCamera]:
    """At most so many: the platforms' own, as they are ranked, then registered ones (with their metres) that none of those is."""
    played = [_of_platform(one) for one in seen]
    known = {one.device_id for one in played} | {one.camera_id for one in played}
    rest = [_registered(device, metres) for device, metres in registered if device.device_id not in known]
    return [*played, *rest][:most]


def _of_platform(seen: Seen) -> NearCamera:
    one = seen.camera
    return NearCamera(
        one.camera_id, one.device_id, one.name, one.region, one.department, one.lon, one.lat, seen.metres, seen.view, one.status, one.since,
        one.platform, one.ptz, one.turns, one.direction, one.vehicle,
    )  # fmt: skip


def _registered(device: Device, metres: float) -> NearCamera:
    return NearCamera(
        device.device_id, device.device_id, device.name, device.region, device.department, device.lon, device.lat, metres, "unknown"
    )
