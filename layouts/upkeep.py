"""The page `/upkeep` 运维: what each feed is worth, and the operations work orders. For stewards, administrators and watch officers.

Lists and details are rendered by callbacks into parts; what somebody is typing stands in a field of its own, which nothing renders again.
"""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from layouts.admin import bar
from layouts.marks import loading, toast
from layouts.words import Words

LOOK_MS = 5_000
PARTS = ("feeds", "feed", "orders", "order")


def part(name: str) -> dict[str, str]:
    """The id of a part that callbacks render."""
    return {"type": "upkeep-part", "name": name}


def chosen(name: str) -> dict[str, str]:
    """The id of the store that holds what is chosen in a list: `feed` or `order`."""
    return {"type": "upkeep-chosen", "name": name}


def pick(name: str, key: str) -> dict[str, str]:
    """The id of a line that chooses."""
    return {"type": "upkeep-pick", "name": name, "key": key}


def build(words: Words, city: Mapping[str, Any], actor: Actor) -> Component:
    """The page in its loading state."""
    lists = [_section(words, "feeds"), _section(words, "orders")]
    details = [_section(words, "feed"), _section(words, "order", _form(words, actor))]
    held = [dcc.Store(id=chosen(name), data="") for name in ("feed", "order", "reject")]
    return html.Main(
        [
            bar(words, city, "upkeep", actor),
            html.Div([html.Div(lists, className="upkeep-lists"), html.Div(details, className="upkeep-details")], className="upkeep-parts"),
            dcc.Interval(id={"type": "tick", "of": "upkeep"}, interval=LOOK_MS),
            *held,
            toast("upkeep"),
        ],
        className="face face-upkeep",
        **{"data-face": "upkeep", "data-lang": words.lang},
    )


def _section(words: Words, name: str, *more: Component) -> html.Section:
    note = html.Span("", id={"type": "upkeep-note", "name": name}, className="panel-note")
    head = html.Div([html.H2(words(f"upkeep.{name}"), className="panel-title"), note], className="panel-head")
    body = html.Div(loading(words), id=part(name), className="panel-body", tabIndex=0, **{"data-scroll": "y"})
    return html.Section([head, body, *more], className=f"panel upkeep-{name}", **{"data-panel": f"upkeep-{name}"})


def _form(words: Words, actor: Actor) -> html.Div:
    """What is said with a deed; without a right there is nothing to say."""
    may = actor.may("handle_upkeep") or actor.may("close_upkeep")
    field = dcc.Input(id={"type": "upkeep-say"}, placeholder=words("upkeep.say"), className="field" if may else "is-hidden", value="")
    return html.Div([field, html.Div(id={"type": "upkeep-deeds"}, className="upkeep-deeds")], className="upkeep-form")


def alert(words: Words, actor: Actor | None) -> list[Component]:
    """In the desk's bar: how many feeds are bad, as a way to the page; nothing for those who may not read it."""
    if actor is None or not actor.may("read_operations"):
        return []
    link = html.A("", href=f"/upkeep?lang={words.lang}", id={"type": "feeds-bad", "page": "desk"}, className="bar-link feeds-bad")
    return [link, dcc.Interval(id={"type": "tick", "of": "feeds-bad"}, interval=2 * LOOK_MS)]
