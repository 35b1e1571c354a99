"""The incident's tabs for dispatch and surroundings, empty: assets/dispatch*.js fills them from /api/v1."""

from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from layouts.words import Words
from services.dispatch import COMMAND

TABS = ("detail", "order", "around")
KEYS = {"detail": "E", "order": "D", "around": "A"}


def named(name: str) -> dict[str, str]:
    """The id of a part of dispatch that a callback renders."""
    return {"type": "dispatch", "name": name}


def tabs(words: Words) -> html.Nav:
    """The incident's own tabs; how much lies behind each is the script's to write."""
    buttons = [
        html.Button(
            [html.Span(words(f"dispatch.tab_{name}")), html.Small(""), html.Kbd(KEYS[name])],
            className="dispatch-tab",
            **{"data-dispatch-tab": name, "aria-pressed": str(name == "detail").lower()},
        )
        for name in TABS
    ]
    return html.Nav(buttons, className="dispatch-tabs", **{"aria-label": words("dispatch.tabs")})


def panes() -> list[Component]:
    """Whom to send, and what lies around: each scrolls by itself."""
    return [html.Div(className="dispatch-pane", **{"data-dispatch-pane": name, "data-scroll": "y"}) for name in TABS[1:]]


def names(actor: Actor | None) -> html.Div:
    """Where the words for the script come to stand, and whether this person may send units."""
    may = bool(actor and actor.may("act_on_incident") and actor.roles & COMMAND)
    return html.Div("", id=named("names"), className="dispatch-names", hidden=True, **{"data-may-send": "yes" if may else ""})
