"""The remote `/remote` 大屏遥控, for tablet and desk: steer one wall or several, consult on a held picture, pair and revoke screens.

remote*.js fill the parts from /api/v1; here are the parts, their words, and what somebody may.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from layouts.marks import bar
from layouts.panels import PANELS
from layouts.words import Words

PARTS: tuple[tuple[str, str], ...] = (("steer", "steer_wall"), ("consult", "steer_wall"), ("screens", "pair_screen"))
"""Part -> the right that opens it."""
WORDS = (
    "walls", "scenes", "playlist", "own", "picture", "hold", "hold_hint", "brightness", "focus", "no_focus", "nothing", "cameras",
    "no_cameras", "clear", "told", "begin", "end", "back", "next", "shows", "asked", "nobody", "screens_n", "taken", "awake_none", "lost",
    "refused", "unchosen", "none", "pair", "code", "look", "name", "wall", "scope", "all", "approve", "paired", "none_paired", "revoke",
    "sure", "from", "by", "seen", "approved", "wrong_code", "too_many", "bad_scope", "start", "topic", "moment", "now", "minutes_ago",
    "hours_ago", "about", "no_incident", "held", "busy", "pen", "line", "arrow", "area", "circle", "mark", "text", "undo", "minutes",
    "department", "decision", "due", "give", "given", "finish", "move", "consult",
)  # fmt: skip


def open_parts(actor: Actor | None) -> list[str]:
    """The parts that the actor may open: for none of them there is no page."""
    return [name for name, right in PARTS if actor is not None and actor.may(right)]


def build(
    words: Words, city: Mapping[str, Any], actor: Actor | None, regions: Sequence[Any] = (), departments: Sequence[Any] = ()
) -> Component:
    """The page in its loading state. Parts that the actor may not open aren't there."""
    mine = open_parts(actor)
    said = {name: words(f"remote.{name}") for name in WORDS} | {"waiting": words("remote.waiting", n="{n}")}
    said["may_give"] = "yes" if actor is not None and actor.may("call_roll") else ""
    tabs = [
        html.Button(
            words(f"remote.{name}"), className="remote-tab", role="tab", **{"data-remote-tab": name, "aria-selected": str(n == 0).lower()}
        )
        for n, name in enumerate(mine)
    ]
    bodies = {"steer": _steer, "consult": _consult, "screens": _screens}
    parts = [
        html.Div(bodies[name](words), className=f"remote-part remote-{name}", role="tabpanel", hidden=n > 0, **{"data-remote-part": name})
        for n, name in enumerate(mine)
    ]
    places = {"regions": _named(words, regions), "departments": _named(words, departments)}
    return html.Main(
        [
            bar(words, city, "remote"),
            html.Nav(tabs, className="remote-tabs", role="tablist", **{"aria-label": words("remote.title")}),
            html.Div(parts, className="remote-parts"),
            html.Div("", className="toast", role="status", **{"data-remote": "said"}),
        ],
        className="face face-remote",
        **{"data-face": "remote", "data-lang": words.lang, "data-words": json.dumps(said), "data-places": json.dumps(places)},
    )


def _steer(words: Words) -> list[Component]:
    boxes = [_box(words, name) for name in ("scenes", "picture", "focus", "cameras", "told")]
    return [_box(words, "walls"), html.Div(boxes, className="remote-controls", **{"data-scroll": "y"})]


def _consult(words: Words) -> list[Component]:
    chart = PANELS["map"].build("remote", "map", words)
    _bare(chart)
    return [
        html.Div([chart, html.Div(className="remote-sheet", hidden=True, **{"data-remote": "sheet"})], className="remote-map"),
        html.Div(className="remote-desk", **{"data-remote": "consult", "data-scroll": "y"}),
    ]


def _bare(part: Any) -> None:
    """Take the ids off a panel that no callback fills here: the map is a sheet to draw upon."""
    for inner in part if isinstance(part, list | tuple) else [part]:
        if isinstance(inner, Component):
            if hasattr(inner, "id"):
                del inner.id
            _bare(getattr(inner, "children", None))


def _screens(words: Words) -> list[Component]:
    return [_box(words, "pair"), _box(words, "paired")]


def _box(words: Words, name: str) -> html.Section:
    body = html.Div(className=f"remote-body remote-body-{name}", tabIndex=0, **{"data-remote": name})
    return html.Section([html.H2(words(f"remote.{name}"), className="panel-title"), body], className=f"panel remote-box remote-box-{name}")


def _named(words: Words, things: Sequence[Any]) -> list[list[str]]:
    return [[one.code, words.pick(one.name, one.name_en)] for one in things]
