"""The wall `/big`: every panel of its display in a grid; big.css places them by the wall's shape."""

from dash import html
from dash.development.base_component import Component

from domain.displays import Display
from layouts import blind_spots
from layouts.panels import PANELS
from layouts.words import Words


def build(words: Words, display: Display) -> Component:
    """The page in its loading state."""
    panels = [PANELS[name].build("big", name, words) for name in display.panels]
    panels += blind_spots.layer("big", display.layers)
    about = {"data-face": "big", "data-lang": words.lang, "data-exercises": "on" if display.exercises else "off"}
    return html.Main(panels, className="face face-big", **about)
