"""The one way a value is drawn: its number and unit, what state it is in, its age, whether it rises, what is normal, and, one click or
tap away, where it comes from (assets/value.css, assets/provenance.js).

A value is in exactly one state (STATES). Each looks different without colour: a stale one is hatched, a suspect one dashed, a missing one
a dash, one that somebody may not see a lock; all say so in words. Colour is only ever added where the value is outside normal.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.direction import DOWN, UP
from layouts.marks import age
from layouts.words import Words

STATES = ("live", "stale", "suspect", "missing", "withheld")
"""Fresh and trusted; older than it may get; doubted by whoever measured or judged it; not there; not for whoever looks."""
SAID = {"stale": "state.stale", "suspect": "state.suspect", "missing": "value.no_data", "withheld": "value.no_right"}
ARROWS = {UP: ("↗", "up"), DOWN: ("↘", "down")}
"""What stands still needs no arrow."""
FACTS = ("source", "formula", "inputs", "owner", "updated", "quality", "normal", "about")
"""What the dialog tells, in this order; what is not known is left out."""
Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Origin:
    """Where a value comes from. `facts`: name (FACTS) -> text in the reader's language; `updated_at`: epoch ms of its last update, counted
    on in the browser; `href`: the page that says more."""

    name: str
    facts: dict[str, str]
    updated_at: int | None = None
    href: str = ""

    def to_json(self, words: Words) -> str:
        """What assets/provenance.js shows: names in the reader's language with their texts."""
        updated = {"updated": words.full(self.updated_at)} if self.updated_at is not None else {}
        held = {**self.facts, **updated}
        told = [[words(f"origin.{fact}"), held[fact]] for fact in FACTS if held.get(fact)]
        more = {"href": self.href, "more": words("origin.more")} if self.href else {}
        said = {"name": self.name, "facts": told, "close": words("origin.close"), "title": words("origin.title"), "at": self.updated_at}
        return json.dumps({**said, **more}, ensure_ascii=False)


@dataclass(frozen=True)
class Value:
    """A value as it is shown. `text`: the number in words (Words.amount, Names.value); `at`: when it was measured (epoch ms); `limit_s`:
    past that age it is stale, also while the page stands; `off`: outside normal; `direction`: UP, STEADY, DOWN or None
    (domain/direction.py); `normal`: what is normal, in words; `note`: what else belongs beside it."""

    text: str
    unit: str = ""
    state: str = "live"
    at: int | None = None
    limit_s: float | None = None
    off: bool = False
    direction: int | None = None
    normal: str = ""
    origin: Origin | None = None
    note: str = ""


def state_of(at: int | None, is_stale: bool, quality: str = "good", may: bool = True) -> str:
    """The state of a value measured at `at`: what hides it comes before what is wrong with it."""
    if not may:
        return "withheld"
    if at is None:
        return "missing"
    return "stale" if is_stale else "suspect" if quality == "suspect" else "live"


def look(value: Value) -> str:
    """The classes of whatever stands around a value."""
    return f"is-{value.state}{' is-off' if value.off and value.state in ('live', 'suspect') else ''}"


def now(words: Words, value: Value) -> html.Span:
    """The number with its unit and its direction; a dash or a lock where there is none to show."""
    if value.state in ("missing", "withheld"):
        sign = html.I(className="value-lock", **{"aria-hidden": "true"}) if value.state == "withheld" else "–"
        return html.Span([html.B(sign, className="value-number"), _said(words, value)], className=f"value {look(value)}")
    parts: list[Any] = [html.B(value.text, className="value-number")]
    parts += [html.Span(value.unit, className="value-unit")] if value.unit else []
    parts += [_arrow(words, value.direction)] if value.direction in ARROWS and value.state == "live" else []
    return html.Span(parts, className=f"value {look(value)}")


def notes(words: Words, value: Value, at: int) -> list[Component]:
    """What is to be said beside the number, as seen at `at`: what is normal, how old it is, what is wrong with it."""
    found = [html.Span(value.normal, className="value-normal")] if value.normal else []
    if value.at is not None and value.state != "withheld":
        found.append(age(words, value.at, at, value.limit_s))
    return [*found, *said(words, value), *([html.Span(value.note, className="value-note")] if value.note else [])]


def why(words: Words, value: Value, covers: bool = False) -> list[html.Button]:
    """The button that opens where the value comes from; none where nothing is known. `covers`: all of its card is the button."""
    if value.origin is None:
        return []
    label = words("origin.of", name=value.origin.name)
    look_like = "value-why is-wide" if covers else "value-why"
    return [
        html.Button(
            "i",
            className=look_like,
            title=label,
            **{"aria-label": label, "aria-haspopup": "dialog", "data-origin": value.origin.to_json(words)},
        )
    ]


def figure(words: Words, value: Value, at: int) -> html.Span:
    """Everything in one line: number, notes, and the way to where it comes from."""
    return html.Span(
        [now(words, value), html.Span(notes(words, value, at), className="value-notes"), *why(words, value)], className="value-line"
    )


def card(words: Words, name: str, value: Value, at: int, line: Any = None) -> html.Div:
    """A value with its name in a card of its own; all of the card opens where it comes from. `line`: its last hours."""
    return html.Div(
        [
            html.Div(name, className="tile-title"),
            html.Div(now(words, value), className="tile-number"),
            html.Div(line, className="tile-line"),
            html.Div(notes(words, value, at), className="tile-notes"),
            *why(words, value, covers=True),
        ],
        className=f"tile {look(value)}",
        **{"data-value": value.state},
    )


def normal(words: Words, bounds: Bounds, written: Sequence[str] | None = None) -> str:
    """What is normal, in words; `written`: both ends as they are to be written. A lower end of nought goes without saying."""
    low, high = (None if end is None else f"{end:g}" for end in bounds) if written is None else written
    if bounds == (None, None):
        return words("figure.no_normal")
    if bounds[0] is None or (bounds[0] == 0 and bounds[1] is not None):
        return words("figure.normal_below", high=high)
    return words("figure.normal_above", low=low) if bounds[1] is None else words("figure.normal", low=low, high=high)


def said(words: Words, value: Value) -> list[html.Span]:
    """What is wrong with a value that is shown, in words."""
    return [_said(words, value)] if value.state in ("stale", "suspect") else []


def for_scripts(words: Words) -> dict[str, Any]:
    """The words that assets/value.js draws with: what each state says, what the facts of an origin are called, names of feeds."""
    facts = {fact: words(f"origin.{fact}") for fact in FACTS}
    texts = {name: words(f"origin.{name}") for name in ("title", "close", "more", "feed", "as_measured")}
    also = {"on_change": words("detail.on_change"), "good": words("detail.good"), "yes": words("value.yes"), "no": words("value.no")}
    said = {state: words(text) for state, text in SAID.items()}
    return {"said": said, "facts": facts, "feeds": words.beginning("feed."), **texts, **also}


def _said(words: Words, value: Value) -> html.Span:
    return html.Span(words(SAID[value.state]), className=f"value-said is-{value.state}")


def _arrow(words: Words, direction: int) -> html.Span:
    sign, name = ARROWS[direction]
    said = words(f"direction.{name}")
    return html.Span(sign, className=f"value-arrow is-{name}", title=said, role="img", **{"aria-label": said})
