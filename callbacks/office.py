"""The sheet beside the leader's office: what was chosen, and the towns or the list that it leads to."""

from collections.abc import Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces
from callbacks.moments import past
from callbacks.said import text_of
from callbacks.views import view_of
from domain.access import Actor
from layouts import office_drill
from layouts.office import CHOSEN, DRILL
from layouts.words import Words

PAGE = "mid"


def register(app: Dash, faces: Faces) -> None:
    """One callback keeps what was chosen, one shows it."""

    @app.callback(
        Output(CHOSEN, "data"),
        Input({"type": "office-pick", "what": ALL, "region": ALL, "where": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def choose(_clicks: list[int]) -> Any:
        pressed = isinstance(ctx.triggered_id, dict) and any(one["value"] for one in ctx.triggered)
        return {name: ctx.triggered_id[name] for name in ("what", "region")} if pressed else no_update

    @app.callback(
        Output(DRILL, "children"),
        Output(DRILL, "className"),
        Input(CHOSEN, "data"),
        Input("moment", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(held: Mapping[str, str] | None, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_picture") or not text_of(held, "what"):
            return [], "office-drill"
        return drilled(
            faces, actor, faces.words(search), text_of(held, "what"), text_of(held, "region"), past(moment)
        ), "office-drill is-open"


def drilled(faces: Faces, actor: Actor, words: Words, what: str, region: str, at: int | None) -> Any:
    """What the sheet shows: towns, or the list of a town."""
    view = view_of(faces, actor, words, faces.city.picture.snapshot(actor, at), PAGE, at=at)
    held = view.gathered["office"].portfolio
    return office_drill.shown(view, held, what, region, at is None and actor.may("give_instruction"))
