"""The one Plotly template, and what every chart needs: local times and the normal band."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

_AXIS = {"showgrid": True, "gridcolor": "#232c34", "linecolor": "#33404a", "tickcolor": "#33404a", "zeroline": False, "automargin": True}

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif", "color": "#a9b4be", "size": 13},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": ["#dfe6ec"],
        "margin": {"l": 4, "r": 10, "t": 26, "b": 4},
        "xaxis": {**_AXIS, "tickformat": "%H:%M", "nticks": 5},
        "yaxis": {**_AXIS, "nticks": 3, "rangemode": "tozero"},
        "hovermode": "x unified",
    },
    data={"scatter": [go.Scatter(line={"width": 2}, mode="lines")]},
)


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
