"""The leader's office `/mid`: the same figures, compared and over time, for reading at a desk."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.displays import Display
from layouts import blind_spots, briefs
from layouts.marks import bar
from layouts.panels import PANELS
from layouts.words import Words


def build(words: Words, display: Display, city: Mapping[str, Any]) -> Component:
    """The page in its loading state."""
    panels = [PANELS[name].build("mid", name, words) for name in display.panels] + blind_spots.layer("mid", display.layers)
    top = bar(words, city, "mid")
    top.children.insert(-2, briefs.menu(words))
    return html.Main([top, *panels], className="face face-mid", **{"data-face": "mid", "data-lang": words.lang})
