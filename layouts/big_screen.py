"""The wall `/big`: a header and a map that stay, and the panels of the scene that is shown (layouts/wall.py, config/displays.yaml)."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.displays import Display
from layouts import blind_spots, wall
from layouts.panels import PANELS
from layouts.words import Words


def build(words: Words, display: Display, walls: Any, screen: wall.Screen) -> Component:
    """The page in its loading state. `walls`: config.walls.Walls; `display`: the face's own."""
    header, chart = (PANELS[name].build(wall.FACE, name, words) for name in wall.FIXED)
    header.children.insert(1, wall.tabs(words, walls, screen))
    scene = html.Div(wall.panels(words, walls, screen), id={"type": "wall-panels", "wall": screen.wall}, className="wall-scene")
    about = {"data-face": "big", "data-lang": words.lang, "data-exercises": "on" if display.exercises else "off"}
    geometry = walls.walls[screen.wall].geometry
    about |= {"data-wall": screen.wall, "data-wall-plan": wall.plan(walls, screen), "data-cells": "yes" if geometry.cells else "no"}
    return html.Main(
        [header, chart, scene, wall.stores(screen), *blind_spots.layer(wall.FACE, display.layers)],
        id={"type": "wall", "wall": screen.wall},
        className="face face-big",
        style=wall.style(walls, screen),
        **about,
    )
