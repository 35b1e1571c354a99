"""The devices that are worst: those furthest outside of what is normal for their measure, then those nearest to its edge."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from dash import html

from domain.displays import Figure
from layouts.device import of_metric
from layouts.marks import age, empty, mark, note
from layouts.value import now, why
from layouts.view import View

FEWEST_ROWS = 5


class Ranked(NamedTuple):
    """One device's value, and how far outside it lies: above 0 outside, as a part of the limit."""

    figure: Figure
    device_id: str
    region: str
    at: int
    value: float
    outside: float


def render(view: View) -> list[Any]:
    """As many as there are lines; only fresh values are compared."""
    words = view.words
    found = sorted((one for figure in view.display.ranked for one in _of(view, figure)), key=lambda one: -one.outside)
    if not found:
        return [empty(words, "wall.ranked.none")]
    rows = view.display.rows.get("ranked", len(found))
    head = note(words("wall.ranked.note", total=words.number(len(found)), outside=sum(one.outside > 0 for one in found)))
    lines = [_row(view, one) for one in found[:rows]]
    return [head, html.Div(lines, className="wall-rows", style={"--rows": str(max(len(lines), min(rows, FEWEST_ROWS)))})]


def _of(view: View, figure: Figure) -> Iterator[Ranked]:
    low, high = figure.normal
    for device_id, record in view.snapshot.devices.items():
        held = record["values"].get(figure.metric) if record["kind"] == figure.kind else None
        if (
            device_id not in view.devices
            or not held
            or isinstance(held[1], bool)
            or not isinstance(held[1], int | float)
            or view.is_stale(device_id, held[0])
        ):
            continue
        sides = [(held[1] - high) / (abs(high) or 1.0)] if high is not None else []
        sides += [(low - held[1]) / (abs(low) or 1.0)] if low else []
        yield Ranked(figure, device_id, record["region"], held[0], held[1], max(sides, default=0.0))


def _row(view: View, one: Ranked) -> html.Div:
    words, names = view.words, view.names
    place = {"region": one.region, "device_id": one.device_id}
    town, name = view.place_and_name(place)
    held = view.snapshot.devices[one.device_id]["values"][one.figure.metric]
    shown = of_metric(view, view.devices[one.device_id], one.figure.metric, held)
    low, high = one.figure.normal
    edge = high if high is not None and one.value > (low or 0.0) else low
    limit = (
        "" if edge is None else words("figure.normal_below" if edge == high else "figure.normal_above", high=f"{edge:g}", low=f"{edge:g}")
    )
    parts = [
        mark("major", words("signs.outside_normal")) if one.outside > 0 else html.Span(),
        html.Div([html.Span(town, className="where"), " ", name], className="wall-name"),
        html.Div(now(words, shown), className="wall-value"),
        html.Div([names.metric(words, one.figure.metric), " ", limit, " · ", age(words, one.at, view.snapshot.at)], className="wall-about"),
        *why(words, shown, covers=True),
    ]
    return html.Div(
        parts, className=f"wall-row ranked {'is-off' if one.outside > 0 else ''}".strip(), **{"data-town": view.home(one.region)}
    )
