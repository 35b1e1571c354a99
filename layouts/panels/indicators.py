"""Indicators of a scene: each with its unit, what is normal, its last values, when it was and whether it is late."""

from typing import Any

from dash import html

from layouts.marks import empty, mark, note
from layouts.panels.vitals import naming_of
from layouts.sign_parts import band_of, normal, period, quality, since, value
from layouts.spark import spark
from layouts.value import look, now, why
from layouts.view import View


def render(view: View) -> list[Any]:
    """A line an indicator, in the order of the scene; where there are more than lines, those outside normal come in first."""
    words, signs = view.words, {one.indicator.code: one for one in (view.signs.signs if view.signs else ())}
    held = [signs[code] for code in view.display.indicators if code in signs]
    if not held:
        return [empty(words, "signs.none")]
    most = view.display.rows.get("indicators", len(held))
    kept = sorted(held, key=lambda one: not one.outside)[:most]
    shown = [one for one in held if one in kept]
    outside = sum(one.outside for one in held)
    head = note(words("wall.indicators.note", total=len(held), outside=outside))
    return [head, html.Div([_row(view, one) for one in shown], className="wall-rows", style={"--rows": str(max(len(shown), 6))})]


def _when(view: View, one: Any) -> str:
    """The period: of an hour without the year."""
    hour = one.value is not None and one.indicator.cycle == "hour"
    return view.words.day_clock(one.value.at) if hour else period(view.words, one)


def _row(view: View, one: Any) -> html.Div:
    words, began, naming = view.words, since(one), naming_of(view)
    bad = one.outside or began
    shown = value(naming, one)
    about = [normal(words, one) if one.state == "ok" else quality(words, one), _when(view, one)]
    line = spark(view.gathered.get("series", {}).get(one.indicator.code, ()), band_of(one.band), words("wall.indicators.line"))
    parts = [
        html.Div([mark("major", words("signs.outside_normal")) if bad else None, naming.indicator(one)], className="wall-name"),
        html.Div(now(words, shown), className="wall-value"),
        html.Div(" · ".join(filter(None, about)), className="wall-about"),
        html.Div(line, className="wall-line"),
        *why(words, shown, covers=True),
    ]
    return html.Div(parts, className=f"wall-row indicator {look(shown)}")
