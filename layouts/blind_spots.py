"""Blind spots: what people reported and no device saw. A layer of the map where a face has it, a list on the desk."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from layouts.incidents import page as incidents
from layouts.incidents.naming import Naming
from layouts.words import Words

LAYER = "blind_spots"
LOOK_MS = 60_000


def layer(page: str, layers: Sequence[str]) -> list[Component]:
    """What feeds the layer of a page's map (assets/city_blind.js draws it); nothing where the page does without."""
    if LAYER not in layers:
        return []
    held = [dcc.Store(id={"type": name, "page": page}) for name in ("blind-spots", "blind-shown")]
    return [html.Div([*held, dcc.Interval(id={"type": "blind-tick", "page": page}, interval=LOOK_MS)], hidden=True, className="blind-feed")]


def key(words: Words, layers: Sequence[str]) -> list[Component]:
    """Its entry in the legend, which shows and hides it."""
    if LAYER not in layers:
        return []
    parts = [html.I(className="key key-blind"), words("map.blind")]
    return [html.Button(parts, className="legend-toggle", title=words("map.blind_toggle"), **{"data-map-layer": "blind"})]


def build(words: Words) -> html.Section:
    """The list in its loading state."""
    head = html.Div(html.Span(words("blind.note"), className="panel-note"), className="panel-head")
    listed = html.Div(id={"type": "blind-list"}, className="blind-list", **{"data-scroll": "y"})
    return html.Section([head, listed], className="panel desk-blind", **{"data-panel": "blind"})


def rows(naming: Naming, found: Sequence[Mapping[str, Any]], actor: Actor) -> list[Component]:
    """The newest first. Each opens its incident, for those who work on incidents."""
    if not found:
        return [html.Div(naming.words("blind.none"), className="state")]
    return [_row(naming, one, incidents.works(actor)) for one in found]


def _row(naming: Naming, one: Mapping[str, Any], opens: bool) -> Component:
    words, near = naming.words, one["devices_near"]
    about = [naming.class_name(one["class_code"]), naming.town(one["region"]), one["number"].rpartition("-")[2]]
    parts = [
        html.Time(words.day_clock(one["reported_at"])),
        html.Span([html.Strong(one["title"]), html.Small(" · ".join(about))], className="blind-what"),
        html.Small(words("blind.near", n=near) if near else words("blind.none_near"), className="blind-near"),
    ]
    if not opens:
        return html.Div(parts, className="blind-row")
    return html.Button(parts, className="blind-row", **{"data-open-incident": one["incident_id"]})
