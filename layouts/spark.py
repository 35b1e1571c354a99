"""Small lines without a chart library: the line and the normal band behind it as two SVG shapes, coloured by the page's theme."""

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

WIDTH, HEIGHT = 120, 32
FRAME = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
Bounds = tuple[float | None, float | None]


def spark(values: Sequence[float | None], normal: Bounds = (None, None), label: str = "") -> html.Span | None:
    """The line of `values` over its full width; gaps stay gaps. None when there are fewer than two values."""
    held = [value for value in values if value is not None]
    if len(held) < 2:
        return None
    ends = [end for end in normal if end is not None and min(held) - _span(held) <= end <= max(held) + _span(held)]
    low, high = min([*held, *ends]), max([*held, *ends])
    line = f'<path d="{_path(values, low, high)}" fill="none" stroke="#000" stroke-width="1.5" vector-effect="non-scaling-stroke"/>'
    style = {"--spark-line": _shape(line), "--spark-band": _shape(_band(normal, low, high))}
    return html.Span(className="spark", style=style, role="img", title=label, **{"aria-label": label})


def _shape(drawn: str) -> str:
    return f'url("data:image/svg+xml,{quote(f"{FRAME}{drawn}</svg>")}")'


def _span(held: Sequence[float]) -> float:
    return max(max(held) - min(held), abs(max(held)) * 0.1, 1e-9)


def _y(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(HEIGHT - 3 - share * (HEIGHT - 6), 1)


def _band(normal: Bounds, low: float, high: float) -> str:
    if normal == (None, None):
        return ""
    bottom = max(low, normal[0]) if normal[0] is not None else low
    top = min(high, normal[1]) if normal[1] is not None else high
    if top <= bottom:
        return ""
    upper, lower = _y(top, low, high), _y(bottom, low, high)
    return f'<rect x="0" y="{upper}" width="{WIDTH}" height="{round(lower - upper, 1)}"/>'


def _path(values: Sequence[float | None], low: float, high: float) -> str:
    step = WIDTH / (len(values) - 1)
    parts, pen_down = [], False
    for index, value in enumerate(values):
        if value is not None:
            parts.append(f"{'L' if pen_down else 'M'}{round(index * step, 1)} {_y(value, low, high)}")
        pen_down = value is not None
    return "".join(parts)
