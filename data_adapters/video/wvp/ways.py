"""Where WVP wants what: by device and channel (`/api/play` and friends), or by the number of its common catalogue (`/api/common/channel`).

A channel's reference is `device/channel` in the first, its number in the second. Read from WVP's own source (PlayController,
PlaybackController, PtzController, ChannelController, ChannelFrontEndController).
"""

import re
from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple

from services.video_ports import Turn, UnknownChannel

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
"""A device's or channel's code in a path: digits by the standard, and nothing that could lead elsewhere."""
DEVICES: Mapping[str, str] = {
    "play": "/api/play/start/{device}/{channel}",
    "stop": "/api/play/stop/{device}/{channel}",
    "playback": "/api/playback/start/{device}/{channel}",
    "stop_playback": "/api/playback/stop/{device}/{channel}/{stream}",
    "turn": "/api/front-end/ptz/{device}/{channel}",
    "presets": "/api/front-end/preset/query/{device}/{channel}",
    "go_to": "/api/front-end/preset/call/{device}/{channel}",
}
COMMON: Mapping[str, str] = {
    "play": "/api/common/channel/play",
    "stop": "/api/common/channel/play/stop",
    "playback": "/api/common/channel/playback",
    "stop_playback": "/api/common/channel/playback/stop",
    "turn": "/api/common/channel/front-end/ptz",
    "presets": "/api/common/channel/front-end/preset/query",
    "go_to": "/api/common/channel/front-end/preset/call",
}
DEVICE_SPEEDS = ("horizonSpeed", "verticalSpeed", "zoomSpeed")
COMMON_SPEEDS = ("panSpeed", "tiltSpeed", "zoomSpeed")


class Way(NamedTuple):
    """A path, what fills it, and its parameters."""

    path: str
    parts: dict[str, str]
    parameters: dict[str, Any]


def way(what: str, reference: str, **more: Any) -> Way:
    """How to ask for something of a channel. Raises UnknownChannel for a reference that is neither of the two."""
    device, _, channel = reference.partition("/")
    stream = more.get("stream")
    if CODE.match(device) and CODE.match(channel):
        rest = {key: value for key, value in more.items() if key != "stream"}
        return Way(DEVICES[what], {"device": device, "channel": channel, "stream": stream or ""}, rest)
    if reference.isascii() and reference.isdigit() and len(reference) < 10:
        return Way(COMMON[what], {}, {"channelId": reference, **more})
    raise UnknownChannel(reference[:60])


def command(turn: Turn) -> str:
    """WVP's word for a direction: it turns one way or zooms, never both."""
    if turn.zoom:
        return "zoomin" if turn.zoom > 0 else "zoomout"
    tilt = ("down", "", "up")[_sign(turn.tilt) + 1]
    pan = ("left", "", "right")[_sign(turn.pan) + 1]
    return tilt + pan or "stop"


def speeds(turn: Turn, common: bool) -> dict[str, int]:
    """Its speeds: 0 to 100 in the common catalogue; by device 0 to 255, and 0 to 15 for zoom (the byte of GB/T 28181 A.3)."""
    names, most = (COMMON_SPEEDS if common else DEVICE_SPEEDS), ((100, 100, 100) if common else (255, 255, 15))
    return {name: ceil(min(1.0, abs(speed)) * top) for name, speed, top in zip(names, turn, most, strict=True)}


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
