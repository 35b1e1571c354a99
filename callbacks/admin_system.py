"""The system administrator's panels, each in its own try: an engine that is gone takes one panel with it, not the page."""

import logging
from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from domain.access import Actor
from layouts import admin_system
from layouts.marks import unavailable
from layouts.words import Words

log = logging.getLogger(__name__)
Panel = Callable[[Any, Actor, Words, int], Any]
PANELS: dict[str, Panel] = {
    "health": lambda operations, actor, words, now: admin_system.health(words, operations.failing(actor)),
    "feeds": lambda operations, actor, words, now: admin_system.feeds(words, operations.feeds(actor), now),
    "workers": lambda operations, actor, words, now: admin_system.workers(words, operations.workers(actor), now),
    "sizes": lambda operations, actor, words, now: admin_system.sizes(words, operations.sizes(actor)),
    "versions": lambda operations, actor, words, now: admin_system.versions(words, operations.versions(actor)),
    "settings": lambda operations, actor, words, now: admin_system.settings(words, operations.settings(actor)),
}


def register(app: Dash, faces: Faces) -> None:
    """One callback renews what moves, one reads the settings once."""

    @app.callback(
        [Output({"type": "system", "name": name}, "children") for name in admin_system.SECTIONS],
        Input({"type": "tick", "of": "system"}, "n_intervals"),
        State("url", "search"),
    )
    def look(_ticks: int | None, search: str | None) -> Any:
        return [body(faces, name, search) for name in admin_system.SECTIONS]

    @app.callback(Output({"type": "system", "name": "settings"}, "children"), Input("url", "search"))
    def settings(search: str | None) -> Any:
        return body(faces, "settings", search)


def body(faces: Faces, name: str, search: str | None) -> Any:
    """One panel's body, as its actor may see it."""
    actor = faces.actor()
    if actor is None or not actor.may("read_system"):
        return no_update
    words = faces.words(search)
    try:
        return PANELS[name](faces.city.operations, actor, words, now_ms())
    except Exception:  # a broken panel says so, the others go on
        log.exception("panel %s of the system page could not be rendered", name)
        return unavailable(words)
