"""Cameras on the wall, 1, 4, 9 or 16 at a time: those whose pictures may be shown there. assets/mosaic.js fills and turns it."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.marks import panel_id
from layouts.player import words_box
from layouts.view import View
from layouts.words import Words

TILES = (1, 4, 9, 16)
SHOWN, TURN_MS = 4, 30_000


def build(page: str, name: str, words: Words) -> Component:
    """The panel; it says so where no camera may be shown. Pictures that are too many for one turn take turns."""
    buttons = [html.Button(str(tiles), **{"data-mosaic-tiles": str(tiles), "aria-pressed": "false"}) for tiles in TILES]
    wider = html.Button("⤢", title=words("player.wider"), **{"data-mosaic-wide": "yes", "aria-pressed": "false"})
    tools = html.Nav([*buttons, wider], className="mosaic-tools", **{"aria-label": words("player.tiles")})
    drills = html.Div("", id=panel_id(page, name))
    head = html.Div([html.H2(words(f"panel.{name}"), className="panel-title"), drills, tools], className="mosaic-head")
    grid = html.Div(className="mosaic", **{"data-mosaic": str(SHOWN), "data-turn": str(TURN_MS), "data-text-none": words("wall.no_camera")})
    texts = {"data-text-demo": words("badge.demo")}
    return html.Section([head, grid, words_box(words)], className=f"panel panel-{name}", **{"data-panel": name, **texts})


def render(view: View) -> Any:
    """Which cameras stand here, and that an exercise is under way where one is."""
    drills = sum(1 for one in view.snapshot.incidents if one.get("exercise")) if view.display.exercises else 0
    drill = [html.B(view.words("incidents.exercises", n=drills), className="tag is-exercise")] if drills else []
    return html.Span([view.words("player.wall"), *drill], className="mosaic-note")
