"""What colours the towns on a scene's map: the indicator, its scale, and for the map each town's tier (assets/city_shade.js)."""

import json
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.marks import panel_id
from layouts.panels.vitals import naming_of
from layouts.view import View
from layouts.words import Words

TIERS = ((80.0, 1), (60.0, 2), (30.0, 3), (-1.0, 4))
"""From this score on -> tier: well, at the edge of normal, outside normal, far outside. 0: not known."""
SCALE = (1, 2, 3, 4, 0)


def build(page: str, name: str, words: Words) -> Component:
    """It lies over the map's corner; empty where a scene shades by alarms."""
    return html.Div([], id=panel_id(page, name), className="map-shade")


def render(view: View) -> list[Any]:
    """The legend of the tiers that there are, with the towns' tiers for the map."""
    words, held = view.words, view.gathered.get("places") or ()
    rain = [html.Div(html.Span([html.I(className="shade-rain"), words("wall.rain")], className="legend-item"), className="legend")]
    rain = rain if "rain" in view.display.layers else []
    if not held:
        return [html.I(hidden=True, **{"data-shade": "{}"}), *rain]
    tiers = {one.region: tier(one.scored.score) for one in held}
    counted = {step: sum(1 for found in tiers.values() if found == step) for step in SCALE}
    steps = [
        html.Span([html.I(className=f"shade-{step}"), words(f"wall.shade.{step}"), html.B(str(counted[step]))], className="legend-item")
        for step in SCALE
        if counted[step]
    ]
    return [
        html.Div(naming_of(view).indicator(held[0]), className="shade-name", **{"data-shade": json.dumps(tiers)}),
        html.Div(steps, className="legend"),
        *rain,
    ]


def tier(score: float | None) -> int:
    """The tier of a score."""
    return 0 if score is None else next(step for least, step in TIERS if score >= least)
