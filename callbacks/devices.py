"""Finding a device and reading it in full; on the desk also taking unadopted ones into the register."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.called import called_about
from callbacks.device_cameras import CAMERA, playing, stills_of
from callbacks.faces import Faces
from callbacks.moments import past
from callbacks.picks import picked_of
from callbacks.views import HOUR, view_of
from domain.access import Actor
from domain.alarm_statements import STATED
from domain.registry import Device
from layouts import alarm_pictures, chains
from layouts import device as device_page
from layouts.rows import device_rows, results
from layouts.view import View
from layouts.words import Words

SHOWN = 200
SHOWN_ON_PHONE = 40
MOST_PICTURED = 3
"""So many of a device's video alarms are shown with their pictures."""


def register(app: Dash, faces: Faces) -> None:
    """Search on both faces, the device's page on both."""
    _desk(app, faces)
    _mobile(app, faces)


def _desk(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "grid", "name": "devices"}, "rowData"),
        Input({"type": "search", "page": "desk"}, "value"),
        Input("moment", "data"),
        Input("picked", "data"),
        State("url", "search"),
    )
    def search(text: str | None, moment: Any, picked: Any, query: str | None) -> Any:
        actor, at, town = faces.actor(), past(moment), picked_of(picked, "town")
        if actor is None or (ctx.triggered_id == "picked" and picked_of(picked, "device")):
            return no_update
        view = _view(faces, actor, faces.words(query), "desk", at)
        shown = found(faces, actor, text, SHOWN, at, lambda device: town is None or view.is_in(device.region, town))
        return device_rows(view, shown, stills_of(faces, actor, shown, at))

    @app.callback(
        Output({"type": "detail", "page": "desk"}, "children"),
        Input({"type": "grid", "name": "devices"}, "selectedRows"),
        Input({"type": "grid", "name": "alarms"}, "cellClicked"),
        Input("picked", "data"),
        Input("moment", "data"),
        State({"type": "grid", "name": "alarms"}, "rowData"),
        State("url", "search"),
    )
    def detail(chosen: Any, cell: Any, picked: Any, moment: Any, alarms: list[Any] | None, query: str | None) -> Any:
        actor, at = faces.actor(), past(moment)
        if actor is None:
            return no_update
        if isinstance(ctx.triggered_id, dict):
            device_id = chosen_device(chosen, cell, alarms or [])
        elif picked_of(picked, "town"):
            return no_update
        else:
            device_id = picked_of(picked, "device") or worst_device(faces, actor, at)
        if device_id is None:
            return no_update
        return in_full(faces, actor, device_id, faces.words(query), "desk", at)


def _mobile(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "results", "page": "mobile"}, "children"),
        Input({"type": "search", "page": "mobile"}, "value"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def search(text: str | None, moment: Any, query: str | None) -> Any:
        actor, at = faces.actor(), past(moment)
        if actor is None:
            return no_update
        return results(_view(faces, actor, faces.words(query), "mobile", at), found(faces, actor, text, SHOWN_ON_PHONE, at))

    @app.callback(
        Output({"type": "detail", "page": "mobile"}, "children"),
        Input({"type": "open-device", "device": ALL, "alarm": ALL}, "n_clicks"),
        State("moment", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def detail(_clicks: list[int], moment: Any, query: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not any(one["value"] for one in ctx.triggered):
            return no_update
        return in_full(faces, actor, ctx.triggered_id["device"], faces.words(query), "mobile", past(moment))


def found(
    faces: Faces, actor: Actor, text: str | None, at_most: int, at: int | None = None, fits: Callable[[Device], bool] = lambda _: True
) -> list[Device]:
    """What the search finds of those that fit; the first devices of the register while nothing has been typed."""
    register = faces.city.register
    devices = register.search(actor, text, at) if (text or "").strip() else register.devices(actor, at)
    return [device for device in devices if fits(device)][:at_most]


def chosen_device(chosen: list[Any] | None, cell: Mapping[str, Any] | None, alarms: list[Any]) -> str | None:
    """The device that was picked in the list of devices, or whose alarm was clicked."""
    if ctx.triggered_id["name"] == "devices":
        return str(chosen[0]["key"]) if chosen else None
    return next((row["device_id"] or None for row in alarms if row["key"] == (cell or {}).get("rowId")), None)


def worst_device(faces: Faces, actor: Actor, at: int | None = None) -> str | None:
    """The device of the worst alarm: the place opens by itself."""
    alarms = faces.city.picture.snapshot(actor, at).alarms
    return alarms[0]["device_id"] if alarms else None


def in_full(faces: Faces, actor: Actor, device_id: str, words: Words, page: str, at: int | None = None) -> Any:
    """The device's page, what it measures above a camera that is only near; a sentence when the actor doesn't see such a device."""
    device = faces.city.register.device(actor, device_id, at)
    if device is None:
        return words("desk.no_results")
    view = _view(faces, actor, words, page, at)
    points = history_of(faces, actor, view, device, at)
    called = [chains.place(device_id, called_about(faces, actor, device_id, words) if at is None else [])] if page == "desk" else []
    player, pictures = playing(faces, actor, view, device, page, at), pictures_of(faces, actor, view, device_id)
    measured = [device_page.values(view, device, points if page == "mobile" else None)]
    measured += [device_page.history(view, points)] if page == "desk" else []
    seen = [*player, *pictures, *measured] if device.kind == CAMERA else [*pictures, *measured, *player]
    return [device_page.facts(view, device), *called, *seen]


def pictures_of(faces: Faces, actor: Actor, view: View, device_id: str) -> list[Any]:
    """The device's video alarms with their pictures, where this face shows them and the actor may see them."""
    stated = [one for one in view.snapshot.alarms if one["device_id"] == device_id and one["metric"].startswith(STATED)]
    if not alarm_pictures.is_shown(view):
        return []
    shown = [(one, faces.city.alarm_pictures.of(actor, one["alarm_id"])) for one in stated[:MOST_PICTURED]]
    return [alarm_pictures.place(view, one, found) for one, found in shown if found is not None]


def history_of(faces: Faces, actor: Actor, view: View, device: Device, at: int | None = None) -> dict[str, Sequence[Any]]:
    """The last 24 hours of each metric that the device has and that is a number."""
    held = view.snapshot.devices.get(device.device_id, {}).get("values", {})
    numeric = [metric for metric, value in held.items() if isinstance(value[1], int | float)]
    until = view.snapshot.at
    return {metric: faces.city.history.device(actor, device.device_id, metric, until - 24 * HOUR, until, at) for metric in numeric}


def _view(faces: Faces, actor: Actor, words: Words, page: str, at: int | None) -> View:
    return view_of(faces, actor, words, faces.city.picture.snapshot(actor, at), page, at=at)
