"""The page of a browser that is to be a wall's screen: its code, what to do with it, and the way to sign in instead. pair.js fills it."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.words import Words

TEXTS = ("waiting", "expired", "lost", "many", "paired")


def build(words: Words, city: Mapping[str, Any]) -> Component:
    """Readable from the far end of the room: the code is the page."""
    name = words("header.center", city=words.pick(city.get("name", ""), city.get("name_en", "")))
    steps = [html.Li(words(f"pair.step_{n}")) for n in (1, 2, 3)]
    other = "en" if words.lang == "zh" else "zh"
    card = html.Div(
        [
            html.P(name, className="pair-city"),
            html.H1(words("pair.title")),
            html.Output("", className="pair-code", **{"data-pair": "code", "aria-live": "polite"}),
            html.P("", className="pair-said", role="status", **{"data-pair": "said"}),
            html.Ol(steps, className="pair-steps"),
        ],
        className="pair-card",
        **{"data-pair": "card", **{f"data-text-{name}": words(f"pair.{name}") for name in TEXTS}},
    )
    foot = html.Footer(
        [
            html.Span("", **{"data-pair": "size"}),
            html.A(words("pair.sign_in"), href=f"/login?next=/big&lang={words.lang}"),
            html.A(words("login.language"), href=f"/pair?lang={other}"),
        ],
        className="pair-foot",
    )
    return html.Main([card, foot], className="face face-pair", **{"data-face": "pair", "data-lang": words.lang})
