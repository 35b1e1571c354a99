"""Public warnings in force, in the top line of every face: their colours and hazards; on a touch or a click what is said, where, until
when, what the city does by rule, and whether somebody has answered. On the wall nobody clicks: there the line says it all."""

import json
from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.marks import panel_id
from layouts.view import View
from layouts.words import Words

Warned = Mapping[str, Any]
ON_THE_WALL, ELSEWHERE = 3, 2
"""So many chips a top line has."""
NAMED = 3
"""So many places a line names."""


def build(page: str, name: str, words: Words) -> Component:
    """A slot that takes no room while nothing is in force."""
    return html.Div([], id=panel_id(page, name), className="warned", **{"data-warned": page})


def render_wall(view: View) -> list[Any]:
    """The chips, the gravest first, each with where and until when."""
    held = _held(view)
    return [html.Div(_line(view, held, ON_THE_WALL, whole=True), className="warned-line")] if held else []


def render(view: View) -> list[Any]:
    """The chips, the gravest first; they open what is said."""
    held = _held(view)
    if not held:
        return []
    summary = html.Summary(_line(view, held, ELSEWHERE, whole=False), title=view.words("panel.warnings"))
    cards = html.Div([_card(view, one) for one in held], className="warned-cards", **{"data-scroll": "y"})
    return [html.Details([summary, cards], className="warned-list")]


def _held(view: View) -> list[Warned]:
    return list(view.snapshot.notes.get("warnings") or [])


def _line(view: View, held: list[Warned], most: int, whole: bool) -> list[Any]:
    more = [html.Span(view.words("warned.more", n=len(held) - most), className="warned-more")] if len(held) > most else []
    return [*(_chip(view, one, whole) for one in held[:most]), *more, *(html.Span(hidden=True, **_about(one)) for one in held[most:])]


def _about(one: Warned) -> dict[str, str]:
    """What the map needs to draw where it holds (assets/city_warnings.js)."""
    told = {"level": one["level"] or "none", "regions": one["regions"], "drawn": one["placed"] == "shape"}
    return {"data-warning": one["warning_id"], "data-warning-about": json.dumps(told)}


def _chip(view: View, one: Warned, whole: bool) -> html.Span:
    """The colour as a block with its character, the hazard; `whole`: where and until when too."""
    words = view.words
    parts: list[Any] = [level_mark(words, one), html.B(hazard(words, one["hazard"]))]
    if one["status"] == "exercise":
        parts.append(html.Span(words("warned.exercise"), className="tag tag-exercise"))
    if whole or one["standing"] != "in_force":
        parts.append(html.Span(until(words, one), className="warned-until"))
    if whole:
        parts.append(html.Span(where(view, one), className="warned-where"))
    return html.Span(parts, className=f"warned-chip is-{one['level'] or 'none'} is-{one['standing']}", **_about(one))


def hazard(words: Words, said: str) -> str:
    """A hazard in the reader's language: the catalogue has those of China's signals for public warnings (气象灾害预警信号发布与传播办法)
    and thunderstorm gales, which provinces add. Any other as it was said."""
    message = f"hazard.{said}"
    return words(message) if words.has(message) else said


def level_mark(words: Words, one: Warned) -> html.Span:
    level = one["level"] or "none"
    return html.Span(words(f"warned.short.{level}"), className=f"warned-level is-{level}", title=words(f"warned.level.{level}"))


def until(words: Words, one: Warned) -> str:
    """Until when, or what else is to be said of its time."""
    if one["standing"] == "ahead":
        return words("warned.from", time=words.day_clock(one["effective_at"]))
    if one["standing"] == "unclear":
        return words("warned.unclear", time=words.day_clock(one["sent_at"]))
    return words("warned.until", time=words.day_clock(one["expires_at"])) if one["expires_at"] else words("warned.endless")


def where(view: View, one: Warned) -> str:
    """The first of its places by name; the sender's own words where nobody can tell."""
    words = view.words
    if not one["regions"]:
        return words("warned.nowhere", said=words("list.comma").join(one["areas"][:NAMED]))
    names, most = [view.region_name(code) for code in one["regions"]], NAMED if words.lang == "zh" else 1  # English names are long
    listed = words("list.comma").join(names[:most])
    return listed if len(names) <= most else words("warned.and_more", names=listed, n=len(names))


def _card(view: View, one: Warned) -> html.Article:
    words = view.words
    texts: Mapping[str, str] = one["texts"].get("zh-CN" if words.lang == "zh" else "en-US") or next(iter(one["texts"].values()), {})
    level = words(f"warned.level.{one['level'] or 'none'}")
    head = [
        level_mark(words, one),
        html.B(texts.get("headline") or words("warned.headline", level=level, hazard=hazard(words, one["hazard"]))),
    ]
    if one["status"] == "exercise":
        head.append(html.Span(words("warned.exercise"), className="tag tag-exercise"))
    facts = [
        words("warned.sent", sender=one["sender"], time=words.day_clock(one["sent_at"])),
        until(words, one),
        where(view, one),
        one["number"],
    ]
    said = [html.P(texts[name]) for name in ("description", "instruction") if texts.get(name)]
    return html.Article(
        [html.Header(head), html.Div([html.Span(fact) for fact in facts], className="warned-facts"), *said, *_done(view, one)],
        className=f"warned-card is-{one['level'] or 'none'}",
    )


def _done(view: View, one: Warned) -> list[Any]:
    """What the city does by itself: who is called, which resources stand ready."""
    words, found = view.words, []
    if one["calls"]:
        found.append(html.Div(called(words, one), className="warned-called"))
    for kind in one["resources"]:
        held = [place for place in one.get("places", ()) if place["kind"] == kind]
        rows = [html.Li([html.B(place["name"]), " ", html.Span(_room(words, place))]) for place in held]
        title = words(f"warned.kind.{kind}", n=len(held))
        found.append(html.Details([html.Summary(title), html.Ul(rows)], className="warned-places") if rows else html.Div(title))
    return found


def called(words: Words, one: Warned) -> str:
    """How the calling until somebody answers goes."""
    reached = one["reached"]
    if reached is None:
        return words("warned.to_call")
    if reached["state"] == "answered":
        return words("warned.answered", name=words.person(reached["answered_by"]), time=words.clock(reached["answered_at"]))
    return words(f"warned.{reached['state']}", name=words.person(reached["person"]))


def _room(words: Words, place: Mapping[str, Any]) -> str:
    if place["capacity"] is None:
        return str(place["phone"])
    free = "–" if place["free"] is None else str(place["free"])
    return f"{words('warned.room', free=free, capacity=place['capacity'])} {place['phone']}".strip()
