"""The wall's header: whose city, what time, whether the picture is live, and how many alarms nobody has taken."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.marks import clock, demo_badge, link_state, panel_id
from layouts.panels.alarms import silence
from layouts.panels.warnings import build as warned
from layouts.view import View
from layouts.words import Words


def build(page: str, name: str, words: Words) -> Component:
    """Clock and link state are kept by the browser; the rest is rendered."""
    return html.Header(
        [
            html.Div("", id=panel_id(page, name), className="panel-body header-body"),
            warned(page, "warnings_wall", words),
            link_state(words),
            clock(words),
        ],
        className="panel panel-header",
        **{"data-panel": name},
    )


def render(view: View) -> list[Any]:
    """The city's name, the badge of a demo, and the count that must be zero; a city that nobody hears has no such count."""
    words = view.words
    waiting = sum(1 for alarm in view.snapshot.alarms if alarm["acknowledged_at"] is None)
    name = words.pick(view.city.get("name", ""), view.city.get("name_en", ""))
    known = view.snapshot.alarms or silence(view) == "alarms.none"
    text = words("header.unacknowledged", n=waiting) if waiting else words("header.all_taken" if known else "header.unjudged")
    return [
        html.H1(words("header.center", city=name), className="city-name"),
        *demo_badge(words, view.city),
        html.Span(text, className=f"header-alarms {'is-waiting' if waiting else ''}"),
    ]
