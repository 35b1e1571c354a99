"""The map: towns shaded far out, devices near, alarms as shapes above. city_map.js draws it; the slow lane writes its notes."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.marks import legend, loading, panel_id
from layouts.view import View
from layouts.words import Words


def build(page: str, name: str, words: Words) -> Component:
    """The map's element belongs to city_map.js; the legend and the notes lie over its corners."""
    data = {"data-map": "city", "data-lang": words.lang, "data-layers": "/api/v1/map", "data-text-unavailable": words("state.unavailable")}
    return html.Section(
        [
            html.Div(
                html.Div(loading(words), className="map-wait"),
                className="city-map",
                role="img",
                **{"aria-label": words("panel.map"), **data},
            ),
            html.Div(
                [
                    legend(words),
                    html.Div("", id=panel_id(page, name), className="map-notes"),
                ],
                className="map-legend",
            ),
        ],
        className=f"panel panel-{name}",
        **{"data-panel": name},
    )


def render(view: View) -> list[Any]:
    """How much is on the map, and that the areas are a sketch."""
    words = view.words
    devices, vehicles = words.number(len(view.snapshot.devices)), words.number(len(view.snapshot.vehicles))
    sketch = [html.Span(words("badge.sketch"), className="badge")] if view.city.get("demo") else []
    return [
        html.Span([html.I(className="key key-device"), words("map.devices", n=devices)]),
        html.Span([html.I(className="key key-vehicle"), words("map.vehicles", n=vehicles)]),
        *sketch,
    ]
