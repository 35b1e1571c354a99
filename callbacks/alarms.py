"""The alarm grid of the desk, and taking an alarm: from the grid, or by the button on a phone's card."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from callbacks.picks import picked_of
from callbacks.views import view_of
from domain.access import Actor, Forbidden
from layouts.rows import alarm_rows
from layouts.words import Words


def register(app: Dash, faces: Faces) -> None:
    """Rows of the grid; the two ways to acknowledge, whose answer is said in each page's toast."""

    @app.callback(
        Output({"type": "grid", "name": "alarms"}, "rowData"),
        Input("live-cursor", "data"),
        Input("moment", "data"),
        Input("picked", "data"),
        State("url", "search"),
        State({"type": "grid", "name": "alarms"}, "rowData"),
    )
    def rows(_cursor: Any, moment: Any, picked: Any, search: str | None, held: list[Any] | None) -> Any:
        actor, at = faces.actor(), past(moment)
        if actor is None:
            return no_update
        view = view_of(faces, actor, faces.words(search), faces.city.picture.snapshot(actor, at), "desk", at=at)
        found = alarm_rows(view, picked_of(picked, "town"))
        return no_update if found == held else found

    @app.callback(
        Output({"type": "toast", "page": ALL}, "children"),
        Input({"type": "acknowledge", "alarm": ALL}, "n_clicks"),
        Input({"type": "acknowledge-selected", "page": ALL}, "n_clicks"),
        State({"type": "grid", "name": "alarms"}, "selectedRows", allow_optional=True),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def acknowledge(_clicks: list[int], _selected: list[int], chosen: list[Any] | None, search: str | None) -> list[Any]:
        pages = len(ctx.outputs_list)
        actor = faces.actor()
        if actor is None or not any(one["value"] for one in ctx.triggered):
            return [no_update] * pages
        one = ctx.triggered_id
        wanted = [one["alarm"]] if one["type"] == "acknowledge" else [row["key"] for row in chosen or [] if row["waiting"]]
        return [take(faces, actor, wanted, faces.words(search))] * pages


def take(faces: Faces, actor: Actor, wanted: list[str], words: Words) -> str:
    """Ask for each alarm to be acknowledged by `actor`; what to tell them. Ingest writes it a moment later."""
    if not wanted:
        return words("desk.select")
    try:
        for alarm_id in wanted:
            faces.city.alarm_desk.acknowledge(actor, alarm_id, now_ms())
    except Forbidden:
        return words("alarm.refused")
    except (OSError, RuntimeError):
        return words("alarm.failed")
    return words("alarm.accepted")
