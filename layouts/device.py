"""A device in full: who it is, what it measures now, and its last 24 hours; for the desk (Plotly) and the phone (SVG)."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from domain.registry import Device
from layouts.charts import TEMPLATE, local_times
from layouts.marks import age
from layouts.spark import spark
from layouts.view import View

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
    """Every value with its age, stale ones greyed; with `points`, a line of the last hours beside each."""
    held = view.snapshot.devices.get(device.device_id, {}).get("values", {})
    if not held:
        return html.Div(view.words("value.no_data"), className="state")
    return html.Div([_value(view, device, metric, held[metric], points) for metric in sorted(held)], className="values")


def _value(view: View, device: Device, metric: str, held: Sequence[Any], points: Points | None) -> html.Div:
    at, value, quality = held
    words, stale = view.words, view.is_stale(device.device_id, at)
    line = spark([point.mean for point in points.get(metric, ())]) if points else None
    notes = [age(words, at, view.snapshot.at, device.interval_s and device.interval_s * 3)]
    if stale:
        notes.append(html.Span(words("state.stale")))
    if quality == "suspect":
        notes.append(html.Span(words("state.suspect"), className="suspect"))
    return html.Div(
        [
            html.Span(view.names.metric(words, metric), className="value-name"),
            html.B(view.names.value(words, metric, value), className="value-now"),
            *([line] if line is not None else []),
            html.Span(notes, className="value-notes"),
        ],
        className="value is-stale" if stale else "value",
    )


def history(view: View, points: Points) -> Any:
    """The last 24 hours of each numeric metric, one row each, in one figure."""
    shown = {metric: series for metric, series in points.items() if series}
    if not shown:
        return html.Div(view.words("trends.none"), className="state")
    figure = go.Figure()
    count = len(shown)
    for index, (metric, series) in enumerate(sorted(shown.items()), start=1):
        axis = "" if index == 1 else str(index)
        top, bottom = 1 - (index - 1) / count, 1 - index / count + 0.3 / count
        times = local_times([point.at for point in series], view.words.zone)
        figure.add_trace(go.Scatter(x=times, y=[point.mean for point in series], yaxis=f"y{axis}", name=metric))
        unit = view.names.unit(view.words, metric)
        title = f"{view.names.metric(view.words, metric)} ({unit})" if unit else view.names.metric(view.words, metric)
        figure.update_layout(
            {f"yaxis{axis}": {"domain": [max(0, bottom), top - 0.08 / count], "title": {"text": title, "font": {"size": 11}}}}
        )
    figure.update_layout(template=TEMPLATE, showlegend=False, height=110 + 110 * count, margin={"t": 6, "b": 24})
    figure.update_xaxes(anchor=f"y{count if count > 1 else ''}")
    return dcc.Graph(figure=figure, config={"displayModeBar": False, "responsive": True}, className="history-graph")
