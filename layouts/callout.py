"""The callout of one device on the map: its worst alarm with the rate of change, its values with their ages."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from domain.registry import Device
from layouts.device import of_metric
from layouts.marks import age, mark
from layouts.panels.alarms import Alarm, owed, taken, told
from layouts.spark import spark
from layouts.value import notes, now, why
from layouts.view import View

SHOWN = 4
"""So many values stand in a callout; the device's own page has them all."""
MINUTE = 60_000
RATE_MS = 10 * MINUTE
"""How fast a value changes is told from its last ten minutes."""
FEWEST_POINTS = 3


def build(view: View, device: Device, alarm: Alarm | None, points: Mapping[str, Sequence[Any]], called: Sequence[Any] = ()) -> list[Any]:
    """`points`: the last hours of the alarm's metric; `called`: who is called about it."""
    place = {"region": device.region, "device_id": device.device_id}
    town, name = view.place_and_name(place)
    label = view.words(f"severity.{alarm['severity']}") if alarm else ""
    close = html.Button("×", className="callout-close", title=view.words("map.close"), **{"data-pick": "none"})
    head = html.Div([*([mark(alarm["severity"], label)] if alarm else []), html.Strong(f"{town} {name}"), close], className="callout-head")
    kind = html.Div(view.names.kind(view.words, device.kind), className="callout-kind")
    parts = [head, *(_alarm(view, device, alarm, points) if alarm else [kind]), *called, *_values(view, device, alarm)]
    state = f"callout is-{alarm['severity']} {_waiting(alarm)}" if alarm else "callout"
    return [html.Div(parts, className=state, **{"data-callout": device.device_id})]


def _waiting(alarm: Alarm) -> str:
    return "is-waiting" if alarm["acknowledged_at"] is None else "is-taken"


def _alarm(view: View, device: Device, alarm: Alarm, points: Mapping[str, Sequence[Any]]) -> list[Any]:
    words, metric = view.words, alarm["metric"]
    since = words("alarm.since", time=words.clock(alarm["raised_at"]))
    facts = [html.Span([age(words, alarm["raised_at"], view.snapshot.at), " · ", since])]
    held = view.snapshot.devices.get(device.device_id, {}).get("values", {}).get(metric)
    if rate := _rate(view, metric, points.get(metric, ())):
        facts.append(html.Span(rate, className="callout-rate"))
    if held:
        facts.append(html.Span([words("callout.measured"), " ", _age(view, device, held[0])]))
    line = spark([point.mean for point in points.get(metric, ())], label=view.names.metric(words, metric))
    return [
        html.Div(told(view, alarm), className="callout-what"),
        *([html.Div(line, className="callout-line")] if line is not None else []),
        html.Div(facts, className="callout-facts"),
        html.Div([html.B(owed(view, alarm)), html.Span(taken(view, alarm))], className="callout-state"),
    ]


def _rate(view: View, metric: str, points: Sequence[Any]) -> str:
    """How much the value changes in a minute; empty where there are too few values to tell."""
    known = [point for point in points if point.mean is not None and point.at > view.snapshot.at - RATE_MS]
    if len(known) < FEWEST_POINTS or known[-1].at == known[0].at:
        return ""
    words, decimals = view.words, view.names.decimals(metric)
    rate = (known[-1].mean - known[0].mean) * MINUTE / (known[-1].at - known[0].at)
    if abs(rate) < 0.5 * 10.0**-decimals:
        return words("callout.steady")
    return words("callout.rate", value=f"{rate:+,.{decimals}f} {view.names.unit(words, metric)}".strip())


def _values(view: View, device: Device, alarm: Alarm | None) -> list[html.Dl]:
    """The values, without the one that the alarm has told already."""
    held = view.snapshot.devices.get(device.device_id, {}).get("values", {})
    shown_above = alarm["metric"] if alarm and alarm["raised_value"] is not None else None
    rows: list[Any] = []
    for metric in sorted(set(held) - {shown_above})[:SHOWN]:
        shown = of_metric(view, device, metric, held[metric])
        rows += [
            html.Dt(view.names.metric(view.words, metric)),
            html.Dd(now(view.words, shown)),
            html.Dd([*notes(view.words, shown, view.snapshot.at), *why(view.words, shown)]),
        ]
    if not held:
        rows = [html.Dt(view.words("value.no_data"))]
    return [html.Dl(rows, className="callout-values")] if rows else []


def _age(view: View, device: Device, at: int) -> html.Span:
    return age(view.words, at, view.snapshot.at, view.names.freshness.stale_s(device.interval_s))
