"""The page of cameras `/cameras` 视频: the catalogue tree with counts, the cameras of a group or a search, one camera's sheet and player.

The skeleton; assets/cameras.js fills it from /api/v1/cameras, assets/player.js plays.
"""

import json
from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from layouts import notices, player
from layouts.marks import bar, loading
from layouts.words import Words

PREFIX = "cameras."


def build(words: Words, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state. What the actor may not do isn't there."""
    top = bar(words, city, "cameras")
    top.children.insert(-1, notices.bell(words, "cameras"))
    may = {name: "yes" for name, right in RIGHTS.items() if actor is not None and actor.may(right)}
    tree = _section(words, "tree", words("cameras.tree"), [html.Div(loading(words), className="cameras-nodes", **{"data-scroll": "y"})])
    listed = _section(
        words, "list", words("cameras.list"), [_tools(words), html.Div(loading(words), className="cameras-rows", **{"data-scroll": "y"})]
    )
    pick = html.Div(words("cameras.pick"), className="state")
    sheet = _section(words, "sheet", words("cameras.sheet"), [html.Div(pick, className="cameras-one", **{"data-scroll": "y"})])
    told = {**words.beginning(PREFIX), "zone": words.zone}
    held = html.Div(json.dumps(told, ensure_ascii=False), className="cameras-words", hidden=True)
    return html.Main(
        [top, html.Div([tree, listed, sheet], className="cameras-parts"), held, player.words_box(words)],
        className="face face-cameras",
        **{"data-face": "cameras", "data-lang": words.lang, **{f"data-may-{name}": said for name, said in may.items()}},
    )


RIGHTS = {"view": "view_video", "turn": "turn_camera"}


def _section(words: Words, name: str, title: str, parts: list[Any]) -> html.Section:
    return html.Section(
        [html.H2(title, className="panel-title"), *parts], className=f"panel cameras-{name}", **{"data-panel": f"cameras_{name}"}
    )


def _tools(words: Words) -> html.Div:
    choices = [html.Option(words(f"cameras.status.{status or 'any'}"), value=status) for status in ("", "online", "offline", "gone")]
    box = html.Div(className="cameras-search", **{"data-placeholder": words("cameras.search")})
    return html.Div(
        [box, html.Div(choices, className="cameras-statuses")],
        className="cameras-tools",
    )
