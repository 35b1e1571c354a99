"""The indicator that shades the map, town by town: the worst first, those whose value is late or missing last."""

from typing import Any

from dash import html

from layouts.marks import empty, note
from layouts.panels.vitals import naming_of
from layouts.sign_parts import normal, period, value
from layouts.value import look, now, why
from layouts.view import View

COLUMNS = 2


def render(view: View) -> list[Any]:
    """A line a town in two columns, with its value and its score as a bar."""
    words, held = view.words, view.gathered.get("places") or ()
    if not held:
        return [empty(words, "signs.none")]
    most = COLUMNS * view.display.rows.get("places", len(held))
    known = next((one for one in held if one.value), held[0])
    head = note(" · ".join(filter(None, (normal(words, known), period(words, known)))), *why(words, value(naming_of(view), known)))
    rows = -(-min(most, len(held)) // COLUMNS)
    return [head, html.Div([_row(view, one) for one in held[:most]], className="wall-places", style={"--rows": str(max(rows, 4))})]


def _row(view: View, one: Any) -> html.Div:
    shown, width = value(naming_of(view), one), 0.0 if one.scored.score is None else one.scored.score
    parts = [
        html.Span(view.region_name(one.region), className="town-name"),
        html.Div(html.I(style={"width": f"{width:.0f}%"}), className="bar"),
        html.Div(now(view.words, shown), className="wall-value"),
    ]
    return html.Div(parts, className=f"wall-place {look(shown)}", **{"data-region": one.region, "data-town": one.region})
