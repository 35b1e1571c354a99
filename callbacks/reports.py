"""The tabs of an incident beside its overview: its information reports, its review, and what the server refused."""

from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incident_detail import look, with_sources, with_units
from callbacks.incidents import naming_of
from callbacks.said import short
from layouts import report_review, reports
from layouts.incidents.queue import part, store


def register(app: Dash, faces: Faces) -> None:
    """What a tab shows when it is turned to, and again while it is open."""
    _papers(app, faces)
    _refused(app, faces)


def _papers(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output(part("reports"), "children"),
        Output(part("review"), "children"),
        Input(store("reports"), "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(asked: Any, search: str | None) -> Any:
        actor, incident_id, tab = faces.actor(), short(asked, "incident"), short(asked, "tab")
        seen = look(faces, actor, incident_id) if actor and incident_id else None
        if seen is None or actor is None:
            return no_update, no_update
        naming, now = naming_of(faces, faces.words(search)), now_ms()
        if tab == "review":
            naming = with_sources(faces, actor, with_units(faces, actor, naming, seen), seen)
            return no_update, report_review.build(naming, seen.incident, faces.city.reviews.of(actor, incident_id, now))
        held = faces.city.reports.of(actor, incident_id)
        owed = faces.city.reports.owed(actor, incident_id)
        return reports.build(reports.Shown(naming, seen.incident, held, owed, actor, now, faces.city.reports.needed)), no_update


def _refused(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output(part("report-answer"), "children"), Input(store("report-refused"), "data"), State("url", "search"), prevent_initial_call=True
    )
    def refused(answer: Any, search: str | None) -> Any:
        return reports.refusal(faces.words(search), answer) if isinstance(answer, dict) else None
