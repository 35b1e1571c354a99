"""The map: towns shaded far out, devices near, alarms as shapes above. city_map.js draws it and city_picks.js opens what is
chosen on it; the slow lane writes its notes."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.blind_spots import key
from layouts.marks import legend, loading, mark, panel_id
from layouts.view import View
from layouts.words import Words

TOOLS = (("in", "+"), ("out", "−"), ("home", "⤢"))


def build(page: str, name: str, words: Words) -> Component:
    """The map's element belongs to city_map.js; tools, legend, notes and the callout lie over it."""
    data = {"data-map": "city", "data-lang": words.lang, "data-layers": "/api/v1/map", "data-text-unavailable": words("state.unavailable")}
    tools = [html.Button(sign, title=words(f"map.{tool}"), **{"data-map-tool": tool}) for tool, sign in TOOLS]
    return html.Section(
        [
            html.Div(
                html.Div(loading(words), className="map-wait"),
                className="city-map",
                role="application",
                **{"aria-label": words("map.keys"), **data},
            ),
            html.Div(tools, className="map-tools"),
            html.Button("", className="map-town", hidden=True, title=words("map.all"), **{"data-pick": "none"}),
            html.Div(
                [_fold(words), legend(words), _counted(words), html.Div("", id=panel_id(page, name), className="map-notes")],
                className="map-legend",
            ),
            html.Div(className="callout-leader"),
            html.Div(id={"type": "callout", "page": page}, className="map-callout"),
        ],
        className=f"panel panel-{name}",
        **{"data-panel": name},
    )


def render(view: View) -> list[Any]:
    """How much of what is on the map, that the areas are a sketch, and whose data they are."""
    words = view.words
    devices, vehicles = words.number(len(view.snapshot.devices)), words.number(len(view.snapshot.vehicles))
    sketch = [html.Span(words("badge.sketch"), className="badge")] if view.city.get("demo") else []
    source = view.city.get("attribution")
    return [
        html.Span([html.I(className="key key-device"), words("map.devices", n=devices)]),
        html.Span([html.I(className="key key-vehicle"), words("map.vehicles", n=vehicles)]),
        html.Span([html.I(className="key key-incident"), words("map.incidents", n=words.number(_open(view)))]),
        *key(words, view.display.layers),
        *sketch,
        *([html.Span(source, className="map-source")] if source else []),
    ]


def _fold(words: Words) -> html.Button:
    """What opens and shuts a legend that would lie over the city; city_map.js says whether it would."""
    return html.Button(words("map.legend"), className="map-fold", **{"data-map-fold": "legend", "aria-expanded": "false"})


def _counted(words: Words) -> html.Div:
    """What a mark with a number says; city_map.js shows it while one stands."""
    return html.Div([mark("critical"), html.B("9"), html.Span(words("map.counted"))], className="map-crowded", hidden=True)


def _open(view: View) -> int:
    """Open incidents; exercises are not counted."""
    return sum(1 for one in view.snapshot.incidents if not one.get("exercise"))
