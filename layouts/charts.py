"""The one Plotly template, and what every chart needs: named axes, local times, the normal band, colours that follow the page's theme.

Charts are drawn on the server, shared by everyone, and don't know who reads them in the dark: their colours are those of PALETTE, names
for what they mean, and assets/charts.css says what each is in every theme.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
from dash import dcc, html

from layouts.words import Words

PALETTE = {
    "line": "#dfe6ec",
    "quiet": "#8a97a3",
    "band": "#2a343d",
    "grid": "#232c34",
    "mark": "#ff9416",
    "title": "#b3bec8",
    "tick": "#9aa6b1",
}
"""What a colour of a chart stands for -> how it is written in the figure: the dark theme's own, token `--chart-<name>`."""
FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_AXIS = {"showgrid": True, "gridcolor": PALETTE["grid"], "linecolor": PALETTE["grid"], "tickcolor": PALETTE["grid"], "zeroline": False}
_TITLE = {"font": {"size": 12, "color": PALETTE["title"]}, "standoff": 6}

TEMPLATE = go.layout.Template(
    layout={
        "font": {
            "family": "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif",
            "color": PALETTE["tick"],
            "size": 13,
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [PALETTE["line"], PALETTE["quiet"]],
        "margin": {"l": 4, "r": 10, "t": 26, "b": 4},
        "xaxis": {**_AXIS, "automargin": True, "tickformat": "%H:%M", "nticks": 5, "title": _TITLE},
        "yaxis": {**_AXIS, "automargin": True, "nticks": 3, "rangemode": "tozero", "title": _TITLE},
        "hovermode": "x unified",
    },
    data={"scatter": [go.Scatter(line={"width": 2}, mode="lines")]},
)


def graph(chart: go.Figure, words: Words, about: str, look: str, still: bool = True, zoned: bool = True) -> html.Div:
    """The chart as every face draws it. `about`: what it shows, read out; `look`: its class; `still`: nothing to point at; `zoned`: its
    time axis names the zone, False where the heading beside it does."""
    chart.update_layout(template=TEMPLATE, showlegend=False)
    if zoned:
        lowest = max(chart.select_xaxes(), key=lambda axis: axis.plotly_name, default=chart.layout.xaxis)
        lowest.title = {"text": words("chart.time", zone=words.zone)}
    config: Any = {"displayModeBar": False, "responsive": True, "staticPlot": still}
    return html.Div(dcc.Graph(figure=chart, config=config), className=f"chart {look}", role="img", **{"aria-label": about})


def unit_title(name: str, unit: str) -> str:
    """A measure with its unit, as an axis or a chart is called."""
    return f"{name} ({unit})" if unit else name


def local_times(moments: Sequence[int], zone: str) -> list[str]:
    """Epoch milliseconds as wall-clock times of the city, the way Plotly draws them without moving them again."""
    held = ZoneInfo(zone)
    return [datetime.fromtimestamp(at / 1000, UTC).astimezone(held).strftime("%Y-%m-%d %H:%M:%S") for at in moments]


def band(normal: tuple[float | None, float | None], values: Sequence[float]) -> tuple[float, float] | None:
    """The normal range as drawn; an open end reaches to the values' end. None when there is no normal range."""
    if normal == (None, None) or not values:
        return None
    low = normal[0] if normal[0] is not None else min(0.0, *values, 0.0)
    high = normal[1] if normal[1] is not None else max(*values, low)
    return low, high
