"""Units by what they do now, and by department how many are free to be sent."""

from collections import Counter
from typing import Any

from dash import html

from domain.units import STATES
from layouts.marks import empty, note
from layouts.view import View

FIRST = ("available", "assigned", "acknowledged", "en_route", "on_scene", "out_of_service")


def render(view: View) -> list[Any]:
    """The states with their counts, then a line a department: free of all, and a bar."""
    words, held = view.words, view.gathered.get("units")
    if not held:
        return [empty(words, "wall.units.past" if view.is_past else "wall.units.none")]
    counted = Counter(one.status.state for one in held)
    shown = [*FIRST, *(state for state in STATES if state not in FIRST and counted[state])]
    tiles = [_tile(view, state, counted[state]) for state in shown]
    free = sum(one.status.free for one in held)
    rows = max(1, view.display.rows.get("units", 8) - 2)
    departments = Counter(one.unit.department for one in held).most_common(rows)
    lines = [_line(view, department, [one for one in held if one.unit.department == department]) for department, _ in departments]
    head = note(words("wall.units.note", free=free, total=len(held)))
    return [
        head,
        html.Div(tiles, className="unit-states"),
        html.Div(lines, className="unit-departments", style={"--rows": str(max(len(lines), 3))}),
    ]


def _tile(view: View, state: str, count: int) -> html.Div:
    name = view.words.pick(STATES[state].zh, STATES[state].en)
    return html.Div([html.Span(name), html.B(view.words.number(count))], className="owed-step" if count else "owed-step is-empty")


def _line(view: View, department: str, ours: list[Any]) -> html.Div:
    free = sum(one.status.free for one in ours)
    bar = html.Div(html.I(style={"width": f"{free / len(ours):.0%}"}), className="bar")
    return html.Div(
        [
            html.Span(view.department_name(department), className="town-name"),
            bar,
            html.Span(f"{free}/{len(ours)}", className="town-online"),
        ],
        className="unit-line",
    )
