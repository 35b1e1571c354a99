"""Changes the scene of a wall: wall.js moves the store, the scene's panels come filled and take the places of the ones before."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.faces import Faces
from callbacks.moments import past
from callbacks.slow_lane import render_panels
from domain.access import Actor
from layouts import wall
from layouts.marks import panel_id
from layouts.words import Words

LONGEST_FOCUS = 200


def register(app: Dash, faces: Faces) -> None:
    """The one callback that owns what stands on a wall."""

    @app.callback(
        Output({"type": "wall-panels", "wall": ALL}, "children"),
        Output({"type": "wall", "wall": ALL}, "style"),
        Input({"type": "wall-scene", "wall": ALL}, "data"),
        State("moment", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(asked: list[Any], moment: Any, search: str | None) -> tuple[list[Any], list[Any]]:
        actor, wanted = faces.actor(), asked[0] if asked and isinstance(asked[0], dict) else None
        if actor is None or not actor.may("see_picture") or wanted is None:
            return [no_update] * len(asked), [no_update] * len(asked)
        screen = wall.asked(faces.walls, f"?wall={ctx.inputs_list[0][0]['id']['wall']}")
        focus = str(wanted.get("focus") or "")[:LONGEST_FOCUS]
        screen = wall.shown(faces.walls, screen, str(wanted.get("scene")), focus)
        return [scene(faces, actor, faces.words(search), screen, past(moment))], [wall.style(faces.walls, screen)]


def scene(faces: Faces, actor: Actor, words: Words, screen: wall.Screen, at: int | None) -> list[Component]:
    """The panels of a scene with their bodies."""
    made = wall.panels(words, faces.walls, screen)
    slots = [one for part in made for one in _slots(part)]
    bodies, _ = render_panels(faces, actor, words, [slot_id(one) for one in slots], {}, at)
    for slot, body in zip(slots, bodies, strict=True):
        slot.children = body
    return made


def slot_id(part: Any) -> Any:
    """The id of a component."""
    return getattr(part, "id", None)


def _slots(part: Any) -> list[Component]:
    """The components in a tree whose bodies the slow lane renders."""
    if isinstance(part, list | tuple):
        return [one for inner in part for one in _slots(inner)]
    if not isinstance(part, Component):
        return []
    known = slot_id(part)
    here = [part] if isinstance(known, dict) and known == panel_id(known.get("page", ""), known.get("name", "")) else []
    return here + _slots(getattr(part, "children", None))
