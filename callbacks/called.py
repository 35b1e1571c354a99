"""Who is called about a device's alarms, live: in the device's page on the desk, and in its callout there."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from domain.access import Actor
from layouts import chains
from layouts.words import Words


def register(app: Dash, faces: Faces) -> None:
    """The callings about the device that is open, with each beat of the bell."""

    @app.callback(
        Output({"type": "alarm-chain", "device": ALL}, "children"),
        Input({"type": "notice-tick", "page": "desk"}, "n_intervals"),
        Input({"type": "notice-done", "page": "desk"}, "data"),
        State("moment", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def chain(_tick: int | None, _answered: Any, moment: Any, query: str | None) -> list[Any]:
        actor, slots = faces.actor(), [output["id"] for output in ctx.outputs_list]
        if actor is None or past(moment) is not None:
            return [no_update] * len(slots)
        return [called_about(faces, actor, slot["device"], faces.words(query)) for slot in slots]


def called_about(faces: Faces, actor: Actor, device_id: str, words: Words) -> list[Any]:
    """The callings about the device's alarms, as they are now, for those who may see duty."""
    if not actor.may("see_duty"):
        return []
    alarms = [one for one in faces.city.picture.snapshot(actor).alarms if one["device_id"] == device_id]
    found = [faces.city.chains.shown(f"alarm:{one['alarm_id']}") for one in alarms]
    return chains.of_device(words, [one for one in found if one is not None], actor, now_ms())
