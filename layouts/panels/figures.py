"""Key figures: each number against what is normal, with its age; a stale one is hatched and grey."""

from collections.abc import Sequence
from typing import Any

from dash import html

from domain.displays import Figure
from layouts.marks import age, mark
from layouts.spark import spark
from layouts.view import SEVERITIES, Reckoned, View

Tile = html.Div


def render(view: View) -> html.Div:
    """Devices and alarms first, then the figures that the city has chosen."""
    tiles = [_online(view), _alarms(view), *(_figure(view, figure) for figure in view.display.figures)]
    return html.Div(tiles, className="figures", style={"--tiles": str(len(tiles))})


def _online(view: View) -> Tile:
    totals = [(town.online, town.devices, town.stale) for town in view.towns]
    online, devices, stale = (sum(column) for column in zip(*totals, strict=True)) if totals else (0, 0, 0)
    words = view.words
    note = words("figure.stale_devices", n=words.number(stale)) if stale else words("figure.none_stale")
    bar = html.Div(html.I(style={"width": f"{online / devices if devices else 0:.1%}"}), className="bar")
    return _tile(words("figure.online"), words.number(online), f"/ {words.number(devices)}", [note, _now(view)], line=bar)


def _alarms(view: View) -> Tile:
    words = view.words
    active = [alarm for alarm in view.snapshot.alarms if alarm["state"] == "active"]
    waiting = sum(1 for alarm in view.snapshot.alarms if alarm["acknowledged_at"] is None)
    note = words("figure.unacknowledged", n=waiting)
    return _tile(
        words("figure.alarms"),
        words.number(len(active)),
        "",
        [note, _now(view)],
        "is-off" if active and waiting else "",
        _severities(view, active),
    )


def _severities(view: View, active: Sequence[dict[str, Any]]) -> html.Div:
    counted = [(severity, sum(1 for alarm in active if alarm["severity"] == severity)) for severity in SEVERITIES]
    marks = [
        html.Span([mark(severity, view.words(f"severity.{severity}")), str(number)], className="" if number else "is-none")
        for severity, number in counted
    ]
    return html.Div(marks, className="tile-marks")


def _now(view: View) -> html.Span:
    return age(view.words, view.snapshot.at, view.snapshot.at)


def _figure(view: View, figure: Figure) -> Tile:
    words, found = view.words, view.reckon(figure)
    title = words(f"figure.{figure.id}")
    if found.value is None:
        return _tile(title, "–", "", [words("value.no_data")], "is-missing")
    state = "is-stale" if found.stale else "is-off" if figure.deviates(found.value) else ""
    unit = view.names.unit(words, figure.metric)
    notes = [
        _normal(view, figure),
        age(words, found.at, view.snapshot.at),
        words("state.stale") if found.stale else found.where or _fresh(view, found),
    ]
    line = spark(_recent(view.trends.get(figure.metric, ()), figure.fold), figure.normal, words("figure.line", hours=view.display.hours))
    return _tile(title, words.number(found.value, view.names.decimals(figure.metric)), unit, notes, state, line)


def _normal(view: View, figure: Figure) -> str:
    low, high = (None if end is None else f"{end:g}" for end in figure.normal)
    words = view.words
    if low is None and high is None:
        return words("figure.no_normal")
    if low is None or figure.normal[0] == 0:
        return words("figure.normal_below", high=high)
    return words("figure.normal_above", low=low) if high is None else words("figure.normal", low=low, high=high)


def _fresh(view: View, found: Reckoned) -> str:
    return view.words("figure.fresh", fresh=found.fresh, total=found.total)


def _recent(points: Sequence[Any], fold: str) -> list[float | None]:
    return [point.high if fold == "max" else point.mean for point in points]


def _tile(title: str, value: str, unit: str, notes: Sequence[Any], state: str = "", line: Any = None) -> Tile:
    return html.Div(
        [
            html.Div(title, className="tile-title"),
            html.Div([html.Span(value, className="tile-value"), html.Span(unit, className="tile-unit")], className="tile-number"),
            html.Div(line, className="tile-line"),
            html.Div([html.Span(note) for note in notes if note], className="tile-notes"),
        ],
        className=f"tile {state}".strip(),
    )
