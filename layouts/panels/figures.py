"""Key figures: each number against what is normal, with its age and where it comes from; a stale one is hatched and grey."""

from collections.abc import Sequence
from typing import Any

from dash import html

from domain.direction import direction
from domain.displays import Figure
from layouts import origins
from layouts.marks import mark
from layouts.spark import spark
from layouts.value import Value, card, normal, state_of
from layouts.view import SEVERITIES, Reckoned, View
from layouts.words import Words


def render(view: View) -> html.Div:
    """Devices and alarms first, then the figures that the city has chosen."""
    tiles = [_online(view), _alarms(view), *(_figure(view, figure) for figure in view.display.figures)]
    return html.Div(tiles, className="figures", style={"--tiles": str(len(tiles))})


def _online(view: View) -> html.Div:
    totals = [(town.online, town.devices, town.stale) for town in view.towns]
    online, devices, stale = (sum(column) for column in zip(*totals, strict=True)) if totals else (0, 0, 0)
    words = view.words
    said = _unheard(words, devices, online, stale)
    bar = html.Div(html.I(style={"width": f"{online / devices if devices else 0:.1%}"}), className="bar")
    origin = origins.of_count(view, words("figure.online"), "origin.count_online")
    now = Value(words.number(online), f"/ {words.number(devices)}", at=view.snapshot.at, normal=said, origin=origin)
    return card(words, words("figure.online"), now, view.snapshot.at, bar)


def _unheard(words: Words, devices: int, online: int, stale: int) -> str:
    """Of how many devices nothing is known now; never "none stale" beside devices that don't answer."""
    if stale:
        return words("figure.stale_devices", n=words.number(stale))
    if online < devices:
        return words("figure.offline_devices", n=words.number(devices - online))
    return words("figure.none_stale" if devices else "figure.no_devices")


def _alarms(view: View) -> html.Div:
    words = view.words
    active = [alarm for alarm in view.snapshot.alarms if alarm["state"] == "active"]
    waiting = sum(1 for alarm in view.snapshot.alarms if alarm["acknowledged_at"] is None)
    origin = origins.of_count(view, words("figure.alarms"), "origin.count_alarms")
    said = words("figure.unacknowledged", n=waiting)
    now = Value(words.number(len(active)), at=view.snapshot.at, off=bool(active and waiting), normal=said, origin=origin)
    return card(words, words("figure.alarms"), now, view.snapshot.at, _severities(view, active))


def _severities(view: View, active: Sequence[dict[str, Any]]) -> html.Div:
    counted = [(severity, sum(1 for alarm in active if alarm["severity"] == severity)) for severity in SEVERITIES]
    marks = [
        html.Span([mark(severity, view.words(f"severity.{severity}")), str(number)], className="" if number else "is-none")
        for severity, number in counted
    ]
    return html.Div(marks, className="tile-marks")


def _figure(view: View, figure: Figure) -> html.Div:
    words, found = view.words, view.reckon(figure)
    past = _recent(view.trends.get(figure.metric, ()), figure.fold)
    line = spark(past, figure.normal, words("figure.line", hours=view.display.hours))
    return card(words, words(f"figure.{figure.id}"), value(view, figure, found, past), view.snapshot.at, line)


def value(view: View, figure: Figure, found: Reckoned, past: Sequence[float | None] = ()) -> Value:
    """A key figure as a value; `past`: its last hours, for its direction."""
    words = view.words
    may = found.value is not None or view.may_know(figure.kind)
    state = state_of(found.at if found.value is not None else None, found.stale, "suspect" if found.doubted else "good", may)
    number, step = words.amount(found.value or 0.0, view.names.decimals(figure.metric))
    return Value(
        text=number,
        unit=f"{step} {view.names.unit(words, figure.metric)}".strip(),
        state=state,
        at=found.at,
        off=found.value is not None and figure.deviates(found.value),
        direction=direction(past),
        normal=normal(words, figure.normal) if state not in ("missing", "withheld") else "",
        origin=origins.of_figure(view, figure, found),
        note="" if state != "live" else found.where or words("figure.fresh", fresh=found.fresh, total=found.total),
    )


def _recent(points: Sequence[Any], fold: str) -> list[float | None]:
    return [point.high if fold == "max" else point.mean for point in points]
