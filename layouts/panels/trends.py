"""The last hours of the city's measures: a chart each, side by side, in a tall panel one above another; what is normal behind the line."""

from typing import Any
from unicodedata import east_asian_width

import plotly.graph_objects as go
from dash import html

from domain.displays import Trend
from layouts.charts import PALETTE, TEMPLATE, band, graph, local_times, unit_title
from layouts.marks import empty, note
from layouts.view import View

TITLE_EMS, LONG_TITLE_PX, LINE_PX, TITLE_PAD_PX = 11, 42, 17, 6
"""How long a title a third of a wall's panel has room for, how much room two lines of it take, how far the first is above
the second, and how far a title stands above its chart."""


def render(view: View) -> list[Any]:
    """A chart a measure; a sentence where nothing has been measured yet."""
    words = view.words
    if not any(view.trends.get(trend.metric) for trend in view.display.trends):
        return [empty(words, "trends.none")]
    about = words("trends.note", hours=view.display.hours, zone=words.zone)
    charts = [graph(figure(view, one), words, f"{_title(view, one)} · {about}", "trend-graph", zoned=False) for one in view.display.trends]
    return [note(about), html.Div([html.Div(chart, className="trend-cell") for chart in charts], className="trend-box")]


def figure(view: View, trend: Trend) -> go.Figure:
    """A measure over the last hours; its title carries the unit."""
    text = _title(view, trend)
    title = {"text": text, "x": 0, "xref": "paper", "y": 1, "yref": "paper", "yanchor": "bottom", "pad": {"b": TITLE_PAD_PX}}
    chart = go.Figure(layout={"title": {**title, "font": {"size": 13, "color": PALETTE["title"]}}})
    if _ems(text) > TITLE_EMS:
        chart.update_layout(title_text="<br>".join(text.rsplit(" ", 1)), margin_t=LONG_TITLE_PX, title_pad_b=TITLE_PAD_PX + LINE_PX)
    chart.update_xaxes(nticks=4, tickangle=0)
    _line(chart, view, trend)
    chart.update_layout(template=TEMPLATE, uirevision="trends")
    return chart


def _nothing(chart: go.Figure, view: View) -> None:
    """An empty place that says so, without axes of numbers that nobody measured."""
    hidden = {"showgrid": False, "showticklabels": False, "range": [0, 1]}
    chart.update_xaxes(**hidden)
    chart.update_yaxes(**hidden)
    chart.add_annotation(text=view.words("value.no_data"), x=0.5, y=0.5, showarrow=False)


def _hours(view: View) -> tuple[int, int]:
    """The hours that are shown, whether or not all of them were measured (epoch ms)."""
    until: int = view.snapshot.at
    return until - round(view.display.hours * 3_600_000), until


def _ems(text: str) -> float:
    """About how wide it is drawn: a Chinese character is one em, others little more than half of it."""
    return sum(1.0 if east_asian_width(one) in "WF" else 0.55 for one in text)


def _title(view: View, trend: Trend) -> str:
    unit, name = view.names.unit(view.words, trend.metric), view.names.metric(view.words, trend.metric)
    return unit_title(f"{name} {view.words(f'fold.{trend.fold}')}" if unit else name, unit)


def _line(chart: go.Figure, view: View, trend: Trend) -> None:
    points = view.trends.get(trend.metric, ())
    if not points:
        _nothing(chart, view)
        return
    values = [point.high if trend.fold == "max" else point.mean for point in points]
    times, mode = local_times([point.at for point in points], view.words.zone), "lines" if len(points) > 1 else "markers"
    chart.add_trace(go.Scatter(x=times, y=values, mode=mode, connectgaps=False))
    chart.update_xaxes(range=local_times(_hours(view), view.words.zone))
    shape = band(trend.normal, [value for value in values if value is not None])
    if shape:
        chart.add_hrect(y0=shape[0], y1=shape[1], fillcolor=PALETTE["band"], opacity=0.7, line_width=0, layer="below")
