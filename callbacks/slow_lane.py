"""The slow lane: one callback renders the panels of the page that have something new, each in its own try.

live.js moves `live-cursor`; a panel whose stamp is the one already on the page is left alone. A rendering is shared by everyone
with the same panel, scope, rights, language and stamp.
"""

import logging
from collections.abc import Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces
from callbacks.moments import past
from callbacks.views import Views
from domain.access import Actor
from layouts.marks import unavailable
from layouts.panels import PANELS, Panel
from layouts.words import Words

log = logging.getLogger(__name__)
KEPT_S = 120
BROKEN_S = 5
"""A panel that could not be rendered is tried again after this, not for every screen that asks."""


def register(app: Dash, faces: Faces) -> None:
    """The one callback that owns every panel's body."""

    @app.callback(
        Output({"type": "panel", "page": ALL, "name": ALL}, "children"),
        Output("slow-lane", "data"),
        Input("live-cursor", "data"),
        Input("moment", "data"),
        State("slow-lane", "data"),
        State("url", "search"),
    )
    def render(_cursor: Any, moment: Any, seen: dict[str, str] | None, search: str | None) -> tuple[list[Any], Any]:
        slots = [output["id"] for output in ctx.outputs_list[0]]
        actor = faces.actor()
        if not slots or actor is None or not actor.may("see_picture"):
            return [no_update] * len(slots), no_update
        at = past(moment)
        known = seen if at is not None or ctx.triggered_id == "live-cursor" else None
        return render_panels(faces, actor, faces.words(search), slots, known or {}, at)


def render_panels(
    faces: Faces, actor: Actor, words: Words, slots: list[dict[str, str]], seen: Mapping[str, str], at: int | None = None
) -> tuple[list[Any], dict[str, str]]:
    """The bodies of the slots in order (no_update where nothing is new), and the stamps that are now on the page."""
    views = Views(faces, actor, words, at)
    bodies, stamps = [], {}
    for slot in slots:
        key = f"{slot['page']}.{slot['name']}"
        stamps[key] = _stamp(faces, PANELS[slot["name"]], at)
        fresh = stamps[key] != seen.get(key)
        bodies.append(_shared(faces, actor, words, views, slot, stamps[key]) if fresh else no_update)
    return bodies, stamps


def _stamp(faces: Faces, panel: Panel, at: int | None) -> str:
    """What the rendering depends on besides scope, rights and language; the same stamp means the same rendering."""
    if at is not None:
        return f"past@{at // (panel.every_ms or 1)}"
    picture = faces.city.picture
    epoch, now = picture.moment() if panel.every_ms else ("", 0)
    turn = f"@{now // panel.every_ms}" if panel.every_ms else ""
    return f"{picture.cursor(panel.sections) if panel.sections else epoch}{turn}"


def _shared(faces: Faces, actor: Actor, words: Words, views: Views, slot: dict[str, str], stamp: str) -> Any:
    scope = (
        sorted(actor.regions),
        sorted(actor.departments),
        *([actor.username] if PANELS[slot["name"]].own else []),
        *(actor.may(right) for right in ("acknowledge_alarm", "see_duty", "view_video")),
    )
    key = f"panel:{slot['page']}:{slot['name']}:{words.lang}:{scope}:{stamp}"
    held = faces.memo.get(key)
    if held is None:
        with faces.turns.of(key):
            held = faces.memo.get(key)
            if held is None:
                held = _render_and_keep(faces, words, views, slot, key)
    return held


def _render_and_keep(faces: Faces, words: Words, views: Views, slot: dict[str, str], key: str) -> Any:
    body = _render(views, slot)
    shown, kept_s = (unavailable(words), BROKEN_S) if body is None else (body, KEPT_S)
    faces.memo.set(key, shown, timeout=kept_s)
    return shown


def _render(views: Views, slot: dict[str, str]) -> Any | None:
    panel = PANELS[slot["name"]]
    try:
        return panel.render(views.of(slot["page"], panel.trends))
    except Exception:  # a broken panel says so, the others go on
        log.exception("panel %s of %s could not be rendered", slot["name"], slot["page"])
        return None
