"""Cameras: what is known of one, and whether it can see a place.

Angles are degrees clockwise from north, lengths metres, places WGS 84, times epoch milliseconds.
"""

from collections.abc import Iterable
from math import atan2, cos, degrees, radians, sin
from typing import Any, NamedTuple

from domain.distance import metres_between

STATUSES = ("online", "offline", "gone")
"""`gone`: its platform lists it no more; the row stays."""
PTZ = ("unknown", "dome", "half_dome", "fixed", "remote_fixed", "remote_half_dome", "panoramic", "multi_lens")
"""PTZType of GB/T 28181-2022 A.2.1.6: 1 dome (球机), 2 half dome, 3 fixed (固定枪机), 4 remote-controlled fixed, 5 remote half dome,
6 and 7 panoramic and its parts, 8 multi-lens; 0 unknown."""
TURNS = frozenset({"unknown", "dome", "remote_fixed", "remote_half_dome", "panoramic", "multi_lens"})
"""Which of them can be asked to turn; an unknown one is asked, and the platform says no."""
LOOKS_AROUND = frozenset({"dome", "remote_fixed", "remote_half_dome", "panoramic", "multi_lens"})
"""Which of them can see what lies behind them: they turn there, or look there already."""
USUAL_FIELD = 90.0
"""The field of view where nobody says: DirectionType of GB/T 28181 knows eight directions, so a camera looks up to 45 past its word."""
AT_ITS_FOOT_M = 5.0
"""Nearer than positions are good to: a bearing means nothing."""


class Camera(NamedTuple):
    """A camera as it was at a moment. `path`: groups above it, outermost first; `vehicle`: the device whose positions are its own;
    `device_id`: the register's device that it is; `status`: a word of STATUSES, since `since`; `wall`: its picture may be shown on a wall;
    `placed_at`: when a moving one was there."""

    camera_id: str
    platform: str
    channel: str
    name: str
    code: str
    civil_code: str
    path: tuple[str, ...]
    region: str
    department: str
    lon: float | None
    lat: float | None
    direction: float | None
    field_of_view: float | None
    range_m: float | None
    ptz: str
    vehicle: str | None
    device_id: str | None
    codec: str
    streams: tuple[str, ...]
    status: str
    since: int
    valid_from: int
    wall: bool = False
    placed_at: int | None = None

    @property
    def turns(self) -> bool:
        """Whether it can be asked to turn."""
        return self.ptz in TURNS

    def as_json(self) -> dict[str, Any]:
        """All of it under its own names."""
        return {**self._asdict(), "path": list(self.path), "streams": list(self.streams), "turns": self.turns}


class Seen(NamedTuple):
    """A camera near a place. `view`: `sees`, `turns` (looks elsewhere and can turn), `unknown` (nobody knows where it looks),
    `away` (looks elsewhere), `far` (the place is beyond its range)."""

    camera: Camera
    metres: float
    view: str


RANK = {"sees": 0, "turns": 0, "unknown": 0, "away": 1, "far": 2}
"""What can see comes first, by distance; what looks away or not so far comes after, whatever its distance."""


def nearest(cameras: Iterable[Camera], lon: float, lat: float, metres: float) -> list[Seen]:
    """Those within so many metres, the ones most likely to show the place first; what is offline comes last."""
    found = [look(camera, lon, lat) for camera in cameras if camera.lon is not None and camera.lat is not None]
    inside = [one for one in found if one.metres <= metres]
    return sorted(inside, key=lambda one: (one.camera.status != "online", RANK[one.view], one.metres, one.camera.camera_id))


def look(camera: Camera, lon: float, lat: float) -> Seen:
    """How a camera that has a place stands to another one."""
    here = (camera.lon or 0.0, camera.lat or 0.0)
    metres = metres_between(*here, lon, lat)
    return Seen(camera, metres, _view(camera, metres, bearing(*here, lon, lat)))


def _view(camera: Camera, metres: float, towards: float) -> str:
    if camera.range_m is not None and metres > camera.range_m:
        return "far"
    if metres <= AT_ITS_FOOT_M:
        return "sees"
    if camera.direction is None or camera.vehicle is not None:
        return "turns" if camera.ptz in LOOKS_AROUND else "unknown"
    if apart(camera.direction, towards) <= (camera.field_of_view or USUAL_FIELD) / 2:
        return "sees"
    return "turns" if camera.ptz in LOOKS_AROUND else "away"


def bearing(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Degrees from north, 0 to 360, in which the second place lies, along the great circle."""
    north, to_north, east = radians(lat), radians(to_lat), radians(to_lon - lon)
    up = cos(north) * sin(to_north) - sin(north) * cos(to_north) * cos(east)
    return degrees(atan2(sin(east) * cos(to_north), up)) % 360


def apart(one: float, other: float) -> float:
    """Degrees between two directions, 0 to 180."""
    return abs((one - other + 180) % 360 - 180)
