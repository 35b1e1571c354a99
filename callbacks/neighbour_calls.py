"""Calls of neighbouring dispatch centres on the desk: asked for every 20 s; none in a picture of the past."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incidents import naming_of
from callbacks.moments import past
from layouts import neighbour_calls


def register(app: Dash, faces: Faces) -> None:
    """The list with its count, and the places for the map."""

    @app.callback(
        Output({"type": "call-list"}, "children"),
        Output({"type": "side-count", "name": "calls"}, "children"),
        Output({"type": "call-places"}, "data"),
        Input({"type": "call-tick"}, "n_intervals"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def calls(_ticks: Any, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_calls"):
            return no_update, no_update, no_update
        found = [] if past(moment) is not None else faces.city.neighbour_calls.open(actor, now_ms())
        naming = naming_of(faces, faces.words(search))
        rows = neighbour_calls.rows(naming, found, actor.may("report_incident"))
        return rows, str(len(found)) if found else "", neighbour_calls.places(found)

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("citydeck_calls", "show"),
        Output({"type": "call-shown"}, "data"),
        Input({"type": "call-places"}, "data"),
        prevent_initial_call=True,
    )
