"""The leader's office `/mid`: what needs them now, today against normal, what got worse, the towns; each number leads to its cases."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from domain.displays import Display
from layouts import blind_spots, briefs, notices, office_drill, sheet
from layouts.marks import BAR, bar
from layouts.panels import PANELS
from layouts.words import Words

WAYS = (*BAR, "instructions")
"""The pages that the top line leads to: the ledger of instructions beside what every page leads to."""


def build(words: Words, display: Display, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state. What the actor may not do isn't there."""
    panels: list[Any] = [PANELS[name].build("mid", name, words) for name in display.panels]
    top = bar(words, city, "mid", pages=WAYS)
    top.children[-1:-1] = [briefs.menu(words), notices.bell(words, "mid")]
    top.children.insert(2, PANELS["warnings"].build("mid", "warnings", words))
    strip = next((panel for name, panel in zip(display.panels, panels, strict=True) if name == "office_duty"), top)
    strip.children.append(_tools(words, actor))
    rest = [*blind_spots.layer("mid", display.layers), *office_drill.build(words), *sheet.frame(words)]
    return html.Main([top, *panels, *rest], className="face face-mid", **{"data-face": "mid", "data-lang": words.lang, "data-scroll": "y"})


def _tools(words: Words, actor: Actor | None) -> html.Div:
    """Write an instruction, take the morning brief along, print what is seen."""
    paper = html.A(words("office.brief"), href="/api/v1/office/brief/pdf", className="button button-quiet", **{"data-office": "brief"})
    write = [sheet.button(words, "office.instruct", "instruct")] if actor is not None and actor.may("give_instruction") else []
    printed = html.Button(words("office.print"), className="button button-quiet", **{"data-office": "print"})
    return html.Div([*write, paper, printed], className="office-tools")
