"""The last hours of the city's measures: one Plotly figure, side by side, the normal band behind the line."""

from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from plotly.subplots import make_subplots

from domain.displays import Trend
from layouts.charts import TEMPLATE, band, local_times
from layouts.marks import empty, note
from layouts.view import View


def render(view: View) -> list[Any]:
    """The chart; a sentence where nothing has been measured yet."""
    words = view.words
    if not any(view.trends.get(trend.metric) for trend in view.display.trends):
        return [empty(words, "trends.none")]
    graph = dcc.Graph(
        figure=figure(view), config={"displayModeBar": False, "responsive": True, "staticPlot": True}, className="trend-graph"
    )
    return [note(words("trends.note", hours=view.display.hours, zone=words.zone)), html.Div(graph, className="trend-box")]


def figure(view: View) -> go.Figure:
    """The measures side by side over the same hours; titles carry the unit."""
    kept = view.display.trends
    chart = make_subplots(rows=1, cols=len(kept), horizontal_spacing=0.05, subplot_titles=[_title(view, one) for one in kept])
    for title, axis in zip(chart.layout.annotations, chart.select_xaxes(), strict=True):
        title.update(x=axis.domain[0], xanchor="left", font={"size": 14, "color": "#b3bec8"})
    for column, trend in enumerate(kept, start=1):
        _line(chart, view, trend, column)
    chart.update_layout(template=TEMPLATE, showlegend=False, uirevision="trends")
    return chart


def _nothing(chart: go.Figure, view: View, column: int) -> None:
    """An empty place that says so, without axes of numbers that nobody measured."""
    hidden = {"showgrid": False, "showticklabels": False, "range": [0, 1], "row": 1, "col": column}
    chart.update_xaxes(**hidden)
    chart.update_yaxes(**hidden)
    chart.add_annotation(text=view.words("value.no_data"), x=0.5, y=0.5, showarrow=False, row=1, col=column)


def _hours(view: View) -> tuple[int, int]:
    """The hours that are shown, whether or not all of them were measured (epoch ms)."""
    until: int = view.snapshot.at
    return until - round(view.display.hours * 3_600_000), until


def _title(view: View, trend: Trend) -> str:
    unit, name = view.names.unit(view.words, trend.metric), view.names.metric(view.words, trend.metric)
    return f"{name} {view.words(f'fold.{trend.fold}')} ({unit})" if unit else name


def _line(chart: go.Figure, view: View, trend: Trend, column: int) -> None:
    points = view.trends.get(trend.metric, ())
    if not points:
        _nothing(chart, view, column)
        return
    values = [point.high if trend.fold == "max" else point.mean for point in points]
    times, mode = local_times([point.at for point in points], view.words.zone), "lines" if len(points) > 1 else "markers"
    chart.add_trace(go.Scatter(x=times, y=values, mode=mode, connectgaps=False), row=1, col=column)
    chart.update_xaxes(range=local_times(_hours(view), view.words.zone), row=1, col=column)
    shape = band(trend.normal, [value for value in values if value is not None])
    if shape:
        chart.add_hrect(y0=shape[0], y1=shape[1], row=1, col=column, fillcolor="#2a343d", opacity=0.7, line_width=0, layer="below")
