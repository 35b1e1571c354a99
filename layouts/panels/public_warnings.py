"""Public warnings in force, said in full: colour, hazard, where, until when, and whether somebody who was called has answered."""

from typing import Any

from dash import html

from layouts.marks import empty, note
from layouts.panels.warnings import called, hazard, level_mark, until, where
from layouts.view import View


def render(view: View) -> list[Any]:
    """A card a warning, the gravest first."""
    words, held = view.words, list(view.snapshot.notes.get("warnings") or [])
    if not held:
        return [empty(words, "wall.warnings.none")]
    most = max(1, view.display.rows.get("public_warnings", len(held)))
    cards = [_card(view, one) for one in held[:most]]
    return [note(words("wall.warnings.note", n=len(held))), html.Div(cards, className="wall-warnings")]


def _card(view: View, one: Any) -> html.Div:
    words = view.words
    head = [level_mark(words, one), html.B(hazard(words, one["hazard"])), html.Span(until(words, one), className="warned-until")]
    about = [where(view, one), one["sender"]]
    deeds = [html.Div(called(words, one), className="warned-called")] if one["calls"] else []
    return html.Div(
        [html.Div(head, className="wall-warning-head"), html.Div(" · ".join(filter(None, about)), className="wall-about"), *deeds],
        className=f"wall-warning is-{one['level'] or 'none'}",
    )
