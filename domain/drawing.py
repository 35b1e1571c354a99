"""What is drawn upon a held picture: simple shapes on the map, so that each screen shows them at the same place whatever its size."""

from collections.abc import Mapping
from typing import Any

KINDS = {"line": (2, 500), "arrow": (2, 2), "area": (3, 500), "circle": (2, 2), "mark": (1, 1), "text": (1, 1)}
"""Kind -> fewest and most points; a circle is its centre and a point on it."""
COLOURS = ("a", "b", "c")
"""Three pens, told apart by their line too (assets/wall_draw.js)."""
MOST_SHAPES = 200
TEXT_LENGTH = 40


class CannotDraw(ValueError):
    """A shape cannot be drawn; the text names what is wrong."""


def shape(said: Mapping[str, Any]) -> dict[str, Any]:
    """A shape as it is kept: {kind, pen, points: [[lon, lat], ...], text}. Raises CannotDraw."""
    kind, pen, text = said.get("kind"), said.get("pen", COLOURS[0]), said.get("text", "")
    if kind not in KINDS:
        raise CannotDraw(f"kind is one of {', '.join(KINDS)}")
    if pen not in COLOURS:
        raise CannotDraw(f"pen is one of {', '.join(COLOURS)}")
    if not isinstance(text, str) or len(text) > TEXT_LENGTH or not text.isprintable() or (kind == "text" and not text.strip()):
        raise CannotDraw(f"text has at most {TEXT_LENGTH} printable characters")
    points, (fewest, most) = said.get("points"), KINDS[kind]
    if not isinstance(points, list) or not fewest <= len(points) <= most:
        raise CannotDraw(f"a {kind} has {fewest} to {most} points")
    return {"kind": kind, "pen": pen, "points": [_point(one) for one in points], "text": text.strip()}


def _point(raw: Any) -> list[float]:
    numbers = isinstance(raw, list) and len(raw) == 2 and all(isinstance(one, int | float) and not isinstance(one, bool) for one in raw)
    if not numbers or not (abs(raw[0]) <= 180 and abs(raw[1]) <= 90):
        raise CannotDraw("a point is [lon, lat]")
    return [round(float(one), 6) for one in raw]
