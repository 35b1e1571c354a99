"""The alarm grid of the desk, and taking an alarm: from the grid, or by the button on a phone's card."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from callbacks.picks import picked_of
from callbacks.views import view_of
from domain.access import Actor, Forbidden
from layouts.cover import KEY
from layouts.panels.alarms import silence
from layouts.rows import alarm_rows
from layouts.view import View
from layouts.words import Words

QUIET = "alarms.none"


def register(app: Dash, faces: Faces) -> None:
    """Rows of the grid, groups that open, and what is decided about alarms."""
    _rows(app, faces)
    _groups(app)
    _decisions(app, faces)


def _rows(app: Dash, faces: Faces) -> None:
    """The grid's rows: anew with the picture, and when somebody else is called; that is looked at with the bell's beat."""

    @app.callback(
        Output({"type": "grid", "name": "alarms"}, "rowData"),
        Output({"type": "alarms-unheard"}, "children"),
        Input("live-cursor", "data"),
        Input("moment", "data"),
        Input("picked", "data"),
        Input({"type": "alarm-groups"}, "data"),
        Input({"type": "alarm-callings"}, "data"),
        State("url", "search"),
        State({"type": "grid", "name": "alarms"}, "rowData"),
    )
    def rows(_cursor: Any, moment: Any, picked: Any, opened: list[str], called: Any, search: str | None, held: list[Any] | None) -> Any:
        actor, at = faces.actor(), past(moment)
        if actor is None:
            return no_update, no_update
        view = view_of(faces, actor, faces.words(search), faces.city.picture.snapshot(actor, at), "desk", at=at)
        found = alarm_rows(view, picked_of(picked, "town"), opened or [], {} if at is not None else called or {})
        return no_update if found == held else found, unheard(view) if not found else ""

    @app.callback(
        Output({"type": "alarm-callings"}, "data"),
        Input({"type": "notice-tick", "page": "desk"}, "n_intervals"),
        Input({"type": "notice-done", "page": "desk"}, "data"),
        State({"type": "alarm-callings"}, "data"),
    )
    def callings(_tick: int | None, _answered: Any, held: Any) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_picture"):
            return no_update
        found = called(faces, actor)
        return no_update if found == held else found


def unheard(view: View) -> str:
    """Why an empty list means nothing; "" for a city that is heard, and quiet."""
    means = silence(view)
    return "" if means == QUIET else view.words(means)


def called(faces: Faces, actor: Actor) -> dict[str, dict[str, Any]]:
    """Alarm -> who is called about it, which call that is, and whether anybody still is."""
    alarms = {one["alarm_id"] for one in faces.city.picture.snapshot(actor).alarms}
    going_on = faces.city.chains.going_on(actor, "alarm", alarms)
    return {alarm: {"person": one.person, "call": one.call, "state": one.state} for alarm, one in going_on.items()}


def _groups(app: Dash) -> None:
    @app.callback(
        Output({"type": "alarm-groups"}, "data"),
        Input({"type": "grid", "name": "alarms"}, "cellClicked"),
        State({"type": "alarm-groups"}, "data"),
        State({"type": "grid", "name": "alarms"}, "rowData"),
        prevent_initial_call=True,
    )
    def group(cell: Any, opened: list[str], held: list[Any] | None) -> Any:
        return toggled(cell or {}, opened or [], held or [])


def _decisions(app: Dash, faces: Faces) -> None:
    """The two ways to acknowledge, and false alarms; the answer is said in each page's toast."""

    @app.callback(
        Output({"type": "toast", "page": ALL}, "children"),
        Input({"type": "acknowledge", "alarm": ALL}, "n_clicks"),
        Input({"type": "acknowledge-selected", "page": ALL}, "n_clicks"),
        Input({"type": "false-alarm", "page": ALL}, "n_clicks"),
        State({"type": "false-reason"}, "value", allow_optional=True),
        State({"type": "grid", "name": "alarms"}, "selectedRows", allow_optional=True),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def decide(
        _clicks: list[int], _selected: list[int], _false: list[int], reason: str | None, chosen: list[Any] | None, search: str | None
    ) -> list[Any]:
        pages = len(ctx.outputs_list)
        actor = faces.actor()
        if actor is None or not any(one["value"] for one in ctx.triggered):
            return [no_update] * pages
        return [decided(faces, actor, ctx.triggered_id, chosen or [], reason or "", faces.words(search))] * pages


def decided(faces: Faces, actor: Actor, button: Mapping[str, Any], chosen: Sequence[Mapping[str, Any]], reason: str, words: Words) -> str:
    """Do what the button is for with the chosen rows, or with its own alarm; what to tell the person."""
    if any(row["key"].startswith(KEY) for row in chosen) and button["type"] != "acknowledge":
        return words("cover.not_here")
    if button["type"] == "false-alarm":
        return call_false(faces, actor, [row["key"] for row in chosen], reason, words)
    wanted = [button["alarm"]] if button["type"] == "acknowledge" else [row["key"] for row in chosen if row["waiting"]]
    return take(faces, actor, wanted, words)


def toggled(cell: Mapping[str, Any], opened: list[str], held: list[Mapping[str, Any]]) -> Any:
    """The opened groups after a click on a head's mark; any other click changes nothing."""
    key = cell.get("rowId")
    row = next((row for row in held if row["key"] == key), None)
    if cell.get("colId") != "group" or row is None or row["group"] in ("", "·"):
        return no_update
    return [one for one in opened if one != key] if key in opened else [*opened, key]


def call_false(faces: Faces, actor: Actor, wanted: list[str], reason: str, words: Words) -> str:
    """Ask for each alarm to be called false by `actor`; what to tell them."""
    if not wanted:
        return words("desk.select")
    try:
        for alarm_id in wanted:
            faces.city.alarm_desk.false_alarm(actor, alarm_id, reason, now_ms())
    except ValueError:
        return words("alarm.false_reason")
    except Forbidden:
        return words("alarm.refused")
    except (OSError, RuntimeError):
        return words("alarm.failed")
    return words("alarm.false_accepted")


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
