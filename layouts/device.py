"""A device in full: who it is, what it measures now, and its last 24 hours; for the desk (Plotly) and the phone (SVG)."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import html

from domain.direction import direction
from domain.registry import Device
from layouts import origins
from layouts.charts import graph, local_times, unit_title
from layouts.marks import empty
from layouts.spark import spark
from layouts.value import Value, card, state_of
from layouts.view import View

HOURS = 24
"""So many hours back the lines go."""
Points = Mapping[str, Sequence[Any]]


def facts(view: View, device: Device) -> html.Div:
    """Name, place, owner, state."""
    words = view.words
    online = view.snapshot.devices.get(device.device_id, {}).get("online")
    state = words({True: "detail.online", False: "detail.offline"}.get(online, "detail.unknown"))
    interval = f"{device.interval_s:g} s" if device.interval_s else words("detail.on_change")
    rows = [
        (words("col.id"), device.device_id),
        (words("detail.kind"), view.names.kind(words, device.kind)),
        (words("detail.region"), view.town_of(device.region)),
        (words("detail.department"), view.department_name(device.department)),
        (words("detail.interval"), interval),
    ]
    head = html.Div(
        [
            html.H2(words.pick(device.name, device.name_en)),
            html.Span(state, className=f"tag {'is-offline' if online is False else ''}"),
        ],
        className="detail-head",
    )
    return html.Div([head, html.Dl([part for name, text in rows for part in (html.Dt(name), html.Dd(text))])], className="facts")


def values(view: View, device: Device, points: Points | None = None) -> html.Div:
    """Every value in a card of its own, with its age and where it comes from; with `points`, a line of the last hours in each."""
    held = view.snapshot.devices.get(device.device_id, {}).get("values", {})
    if not held:
        return empty(view.words, "value.no_data")
    return html.Div([_card(view, device, metric, held[metric], points) for metric in sorted(held)], className="values")


def _card(view: View, device: Device, metric: str, held: Sequence[Any], points: Points | None) -> html.Div:
    words = view.words
    past = [point.mean for point in (points or {}).get(metric, ())]
    line = spark(past, label=words("figure.line", hours=HOURS))
    return card(words, view.names.metric(words, metric), of_metric(view, device, metric, held, past), view.snapshot.at, line)


def of_metric(view: View, device: Device, metric: str, held: Sequence[Any], past: Sequence[float | None] = ()) -> Value:
    """One measurement [at, value, quality] as a value; `past`: its last hours, for its direction."""
    at, amount, quality = held
    text, unit = view.names.parts(view.words, metric, amount)
    return Value(
        text=text,
        unit=unit,
        state=state_of(at, view.is_stale(device.device_id, at), quality),
        at=at,
        limit_s=view.names.freshness.stale_s(device.interval_s),
        direction=direction(past),
        origin=origins.of_metric(view, device, metric, held),
    )


def history(view: View, points: Points) -> Any:
    """The last 24 hours of each numeric metric, one row each, in one figure."""
    shown = {metric: series for metric, series in points.items() if series}
    if not shown:
        return empty(view.words, "trends.none")
    figure = go.Figure()
    count = len(shown)
    for index, (metric, series) in enumerate(sorted(shown.items()), start=1):
        axis = "" if index == 1 else str(index)
        top, bottom = 1 - (index - 1) / count, 1 - index / count + 0.3 / count
        times = local_times([point.at for point in series], view.words.zone)
        figure.add_trace(go.Scatter(x=times, y=[point.mean for point in series], yaxis=f"y{axis}", name=metric))
        title = unit_title(view.names.metric(view.words, metric), view.names.unit(view.words, metric))
        figure.update_layout({f"yaxis{axis}": {"domain": [max(0, bottom), top - 0.08 / count], "title": {"text": title}}})
    figure.update_layout(height=125 + 110 * count, margin={"t": 6, "b": 24})
    figure.update_xaxes(anchor=f"y{count if count > 1 else ''}")
    about = view.words("figure.line", hours=HOURS)
    return graph(figure, view.words, about, "history-graph", still=False)
