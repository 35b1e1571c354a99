"""Blind spots on the faces: asked for once a minute, handed to the map's layer, listed and counted on the desk."""

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incidents import naming_of
from callbacks.moments import past
from domain.access import Actor
from layouts import blind_spots

KEPT_MS = 60_000


def register(app: Dash, faces: Faces) -> None:
    """The spots of the last week, their layer, their list; a past moment has none: they are known only afterwards."""

    @app.callback(
        Output({"type": "blind-spots", "page": ALL}, "data"),
        Input({"type": "blind-tick", "page": ALL}, "n_intervals"),
        Input("moment", "data"),
    )
    def spots(_ticks: list[Any], moment: Any) -> list[Any]:
        actor, pages = faces.actor(), len(ctx.outputs_list)
        if not pages or actor is None or not actor.may("see_picture"):
            return [no_update] * pages
        return [[] if past(moment) is not None else found(faces, actor, now_ms())] * pages

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("citydeck_blind", "show"),
        Output({"type": "blind-shown", "page": ALL}, "data"),
        Input({"type": "blind-spots", "page": ALL}, "data"),
    )

    @app.callback(
        Output({"type": "blind-list"}, "children"),
        Output({"type": "side-count", "name": "blind"}, "children"),
        Input({"type": "blind-spots", "page": "desk"}, "data"),
        State("url", "search"),
    )
    def listed(held: list[dict[str, Any]] | None, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or held is None:
            return no_update, no_update
        return blind_spots.rows(naming_of(faces, faces.words(search)), held, actor), str(len(held)) if held else ""


def found(faces: Faces, actor: Actor, now: int) -> list[dict[str, Any]]:
    """The actor's blind spots as JSON takes them; shared for a minute by everyone of the regions."""
    key = f"blind:{sorted(actor.regions)}:{now // KEPT_MS}"
    held: list[dict[str, Any]] | None = faces.memo.get(key)
    if held is None:
        held = [one._asdict() for one in faces.city.incident_board.blind_spots(actor, None, now)]
        faces.memo.set(key, held, timeout=KEPT_MS // 1000)
    return held
