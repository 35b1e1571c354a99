"""The camera on a device's page: the device itself where it is one, else the camera likeliest to show the place of a device whose alarm is
active, with the minute before that alarm. In a picture of the past it plays nothing unasked, and then what was recorded."""

from collections.abc import Iterable
from typing import Any

from dash import html

from callbacks.faces import Faces
from domain.access import Actor
from domain.registry import Device
from layouts.player import player
from layouts.view import View

CAMERA = "camera"


def playing(faces: Faces, actor: Actor, view: View, device: Device, page: str, at: int | None) -> list[Any]:
    """The player, where the actor may see video and there is a camera to play."""
    if not actor.may("view_video"):
        return []
    raised = max((one["raised_at"] for one in view.snapshot.alarms if one["device_id"] == device.device_id), default=None)
    about: dict[str, Any] = {"face": page, "moment": raised or at, "moment_of": "alarm" if raised else "moment"}
    if device.kind == CAMERA:
        name = view.words.pick(device.name, device.name_en)
        return _box(view, _own(faces, actor, device.device_id), name, about | ({"past": "yes"} if at is not None else {}))
    return [] if raised is None else _beside(faces, actor, view, device, about, at)


def _own(faces: Faces, actor: Actor, device_id: str) -> str | None:
    """The platform's camera that this device of the register is."""
    found = faces.city.cameras.of_devices(actor, [device_id]).get(device_id)
    return found.camera_id if found else None


def stills_of(faces: Faces, actor: Actor, devices: Iterable[Device], at: int | None) -> dict[str, tuple[str, bool]]:
    """Device -> its camera and whether it is online, for the still beside it in a list; none for a picture of the past, or who may see no
    video."""
    cameras = [device.device_id for device in devices if device.kind == CAMERA]
    if at is not None or not cameras or not actor.may("view_video"):
        return {}
    found = faces.city.cameras.of_devices(actor, cameras)
    return {device_id: (one.camera_id, one.status == "online") for device_id, one in found.items()}


def _beside(faces: Faces, actor: Actor, view: View, device: Device, about: dict[str, Any], at: int | None) -> list[Any]:
    """Nothing of it plays unasked: who opens an alarm didn't ask for a picture."""
    near = faces.city.surroundings.camera_at(actor, device, at or view.snapshot.at)
    if near is None:
        return []
    said = html.P(view.words("player.beside", metres=round(near.metres)), className="value-notes")
    return [said, *_box(view, near.camera_id, near.name, about | {"past": "yes"})]


def _box(view: View, camera_id: str | None, name: str, about: dict[str, Any]) -> list[Any]:
    tags = (view.words("badge.demo"),) if view.city.get("demo") else ()
    return [] if camera_id is None else [html.Div(player(camera_id, name, tags, **about), className="detail-player")]
