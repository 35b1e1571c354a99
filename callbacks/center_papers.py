"""How units and towns did in the chosen time, in the fold of the bar."""

from collections.abc import Callable
from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incidents import naming_of
from layouts import briefs
from layouts.words import Words


def register(app: Dash, faces: Faces) -> None:
    """The table that was asked for: `by` lead, region or post, over so many `hours`."""

    @app.callback(
        Output(briefs.named("performance"), "children"),
        Input(briefs.named("asked"), "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(asked: Any, search: str | None) -> Any:
        actor, words = faces.actor(), faces.words(search)
        by, hours = (asked.get("by"), asked.get("hours")) if isinstance(asked, dict) else (None, None)
        if actor is None or not actor.may("see_picture") or by not in briefs.BY or hours not in briefs.HOURS:
            return no_update
        now, naming = now_ms(), naming_of(faces, words)
        found = faces.city.incident_board.performance(actor, by, now - hours * briefs.HOUR_MS, now)
        names: dict[str, Callable[[str], str]] = {"lead": naming.department, "region": naming.region, "post": partial(_post, words)}
        return briefs.performance(words, found.rows, found.tiers, {row.key: names[by](row.key) for row in found.rows})


def _post(words: Words, role: str) -> str:
    return words(f"role.{role}")
