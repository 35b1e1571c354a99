"""What has the wall by rule (domain/takeover.py), for assets/wall.js: nothing of it is seen here."""

import json
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.takeover import Taking, takings
from layouts.marks import panel_id
from layouts.view import View
from layouts.words import Words


def build(page: str, name: str, words: Words) -> Component:
    """A slot that takes no room."""
    return html.Div([], id=panel_id(page, name), hidden=True)


def render(view: View) -> list[Any]:
    """What has the wall, the first first."""
    if view.is_past:
        return []
    held = takings(view.display.takeover, view.snapshot.alarms, view.snapshot.incidents)
    return [html.I(hidden=True, **{"data-takeover": json.dumps([_told(one) for one in held])})]


def _told(one: Taking) -> dict[str, Any]:
    rule = one.rule
    place = {"lon": one.lon, "lat": one.lat} if one.lon is not None else {}
    kind = {"device": one.device_id} if one.device_id else {}
    return {"key": one.key, "scene": rule.scene, "seconds": rule.seconds, "over": rule.over_hold, **place, **kind}
