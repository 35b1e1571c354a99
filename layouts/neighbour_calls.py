"""Calls of neighbouring dispatch centres on the desk: a list, squares on the map, and the way into the ordinary intake."""

import json
from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts.incidents.naming import Naming
from layouts.origins import feed_name
from layouts.words import Words
from services.neighbour_calls import NeighbourCall

LOOK_MS = 20_000
SOURCE = "neighbour"
TITLE = 80


def build(words: Words) -> html.Section:
    """The list in its loading state, and what hands the places to the map (assets/city_calls.js)."""
    key = html.I(className="key key-call")
    head = html.Div([key, html.Span(words("calls.note"), className="panel-note")], className="panel-head")
    listed = html.Div(id={"type": "call-list"}, className="call-list", **{"data-scroll": "y"})
    held = [dcc.Store(id={"type": "call-places"}), dcc.Store(id={"type": "call-shown"})]
    tick = dcc.Interval(id={"type": "call-tick"}, interval=LOOK_MS)
    return html.Section([head, listed, *held, tick], className="panel desk-calls", **{"data-panel": "calls"})


def rows(naming: Naming, found: Sequence[NeighbourCall], reports: bool) -> list[Component]:
    """The newest first; `reports`: the reader may make incidents of them."""
    return [_row(naming, one, reports) for one in found] or [html.Div(naming.words("calls.none"), className="state")]


def places(found: Sequence[NeighbourCall]) -> list[dict[str, Any]]:
    """What the map draws."""
    return [{"lon": one.lon, "lat": one.lat, "exercise": one.exercise} for one in found if one.lon is not None]


def _row(naming: Naming, one: NeighbourCall, reports: bool) -> Component:
    words = naming.words
    drill: list[Any] = [html.Span(words("flag.exercise"), className="tag is-exercise"), " "] if one.exercise else []
    where = [one.type if one.name else "", one.address or words("calls.no_address"), naming.town(one.region) if one.region else ""]
    sent = words("calls.units", units=" ".join(one.units)) if one.units else ""
    about = " · ".join(part for part in (*where, feed_name(words, one.feed), sent) if part)
    what = html.Span([html.Span([*drill, html.Strong(_name(words, one))]), html.Small(about)], className="call-what")
    return html.Div(
        [html.Time(words.day_clock(one.started_at)), what, html.Span(_do(words, one, reports), className="call-do")],
        className="call-row",
        key=one.reference,
    )


def _name(words: Words, one: NeighbourCall) -> str:
    return one.name or one.type or words("calls.unnamed", number=one.number)


def _do(words: Words, one: NeighbourCall, reports: bool) -> list[Component]:
    buttons: list[Component] = []
    if one.lon is not None:
        buttons.append(html.Button(words("calls.map"), className="move", **{"data-go": f"{one.lon},{one.lat}"}))
    if one.taken:
        taken = words("calls.taken", number=one.taken)
        buttons.append(html.Button(taken, className="move", **{"data-open-incident": one.incident_id}))
    elif reports:
        said = json.dumps({"ref": one.reference, "values": _said(words, one)}, ensure_ascii=False)
        buttons.append(html.Button(words("calls.take"), className="move is-main", **{"data-take-call": said}))
    return buttons


def _said(words: Words, one: NeighbourCall) -> dict[str, Any]:
    """What the intake begins with."""
    where: dict[str, Any] = {"lon": one.lon, "lat": one.lat} if one.lon is not None else {}
    place = where | ({"address": one.address} if one.address else {})
    report = words("calls.report", feed=feed_name(words, one.feed), number=one.number, type=one.type).strip()
    sent = [words("calls.units", units=" ".join(one.units))] if one.units else []
    drill = {"exercise": True} if one.exercise else {}
    return {"title": _name(words, one)[:TITLE], "place": place, "source": SOURCE, "description": "\n".join([report, *sent]), **drill}
