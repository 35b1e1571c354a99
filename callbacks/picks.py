"""What was chosen on the map opens there: a callout at the device. city_picks.js moves the `picked` store and places the callout."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.called import called_about
from callbacks.faces import Faces
from callbacks.moments import past
from callbacks.views import HOUR, view_of
from domain.access import Actor
from layouts import callout
from layouts.words import Words

LINE_MS = 2 * HOUR
"""So much of the past stands in a callout."""


def register(app: Dash, faces: Faces) -> None:
    """The one callback that owns the callouts."""

    @app.callback(
        Output({"type": "callout", "page": ALL}, "children"),
        Input("picked", "data"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def show(picked: Any, moment: Any, search: str | None) -> list[Any]:
        slots = [output["id"] for output in ctx.outputs_list]
        actor, device_id = faces.actor(), picked_of(picked, "device")
        if actor is None or not actor.may("see_picture"):
            return [no_update] * len(slots)
        if device_id is None:
            return [None] * len(slots)
        return [opened(faces, actor, device_id, faces.words(search), slot["page"], past(moment)) for slot in slots]


def picked_of(picked: Any, kind: str) -> str | None:
    """The id of what was chosen, if it is a `kind` (device or town)."""
    held = picked if isinstance(picked, dict) and picked.get("kind") == kind else {}
    return held["id"] if isinstance(held.get("id"), str) else None


def opened(faces: Faces, actor: Actor, device_id: str, words: Words, page: str, at: int | None) -> Any:
    """The callout of a device: its worst alarm, how fast that changes, its values. None for a device that the actor doesn't see."""
    device = faces.city.register.device(actor, device_id, at)
    if device is None:
        return None
    view = view_of(faces, actor, words, faces.city.picture.snapshot(actor, at), page, at=at)
    alarm = next((alarm for alarm in view.snapshot.alarms if alarm["device_id"] == device_id), None)
    points = {}
    if alarm:
        until = view.snapshot.at
        points = {alarm["metric"]: faces.city.history.device(actor, device_id, alarm["metric"], until - LINE_MS, until, at)}
    called = called_about(faces, actor, device_id, words) if alarm and page == "desk" and at is None else []
    return callout.build(view, device, alarm, points, called)
