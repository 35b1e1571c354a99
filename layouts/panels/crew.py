"""The units at what is in command: who, in which state, since when; while nobody has been sent, who is free nearby and how far."""

from typing import Any

from dash import html

from domain.recommendation import REFUSALS
from domain.travel import HOW, ROAD
from domain.units import ON_SCENE, STATES
from layouts.marks import age, empty, note
from layouts.panels.units import render as all_units
from layouts.view import View
from services.dispatch import Near

FEWEST_ROWS = 4


def render(view: View) -> list[Any]:
    """Those on a run to it; while nobody is, who would be there first. Where nothing needs command, how many are free."""
    words, story, held = view.words, view.gathered.get("story"), view.gathered.get("units") or []
    if story is None and view.gathered.get("alarm") is None:
        return all_units(view)
    free = sum(one.status.free for one in held)
    ours = [one for one in held if story is not None and one.status.run == story.incident.incident_id]
    if not ours:
        return _nobody_yet(view, free, len(held))
    there = sum(one.status.state == ON_SCENE for one in ours)
    rows = view.display.rows.get("crew", len(ours))
    lines = [_row(view, one) for one in sorted(ours, key=lambda one: (one.status.state != ON_SCENE, one.unit.name))[:rows]]
    return [note(words("wall.crew.note", there=there, total=len(ours), free=free)), _list(lines, rows)]


def _nobody_yet(view: View, free: int, total: int) -> list[Any]:
    """The free units that would be there first, with their minutes."""
    words, near = view.words, view.gathered.get("nearest")
    rows = max(1, view.display.rows.get("crew", 8) - 1)
    head = note(words("wall.units.note", free=free, total=total))
    if not near:
        return [head, empty(words, "wall.units.past" if view.is_past else "wall.crew.nobody_near")]
    judged = any(one.fits is not None for one in near)
    said = html.Div(words("wall.crew.fitting" if judged else "wall.crew.nearest"), className="wall-lead")
    return [head, said, _list([_near(view, one) for one in near[:rows]], rows)]


def _list(lines: list[html.Div], rows: int) -> html.Div:
    return html.Div(lines, className="wall-rows", style={"--rows": str(max(len(lines), min(rows, FEWEST_ROWS)))})


def _near(view: View, one: Near) -> html.Div:
    words, unit, state = view.words, one.now.unit, STATES[one.now.status.state]
    unfit = [words.pick(*REFUSALS["capability"])] if one.fits is False else []
    said = [*(unfit or [words.pick(state.zh, state.en)]), *([words.pick(*HOW[one.way.how])] if one.way.how != ROAD else [])]
    parts = [
        html.Div(unit.name, className="wall-name"),
        html.Div([html.B(str(max(1, round(one.way.seconds / 60)))), " min"], className="wall-value"),
        html.Div(view.department_name(unit.department), className="wall-about"),
        html.Div(" · ".join(said), className="wall-due"),
    ]
    return html.Div(parts, className=f"wall-row crew is-near{' is-unfit' if unfit else ''}")


def _row(view: View, one: Any) -> html.Div:
    words, state = view.words, STATES[one.status.state]
    parts = [
        html.Div(one.unit.name, className="wall-name"),
        html.Div(words.pick(state.zh, state.en), className="wall-state"),
        html.Div(view.department_name(one.unit.department), className="wall-about"),
        html.Div(age(words, one.status.since, view.snapshot.at), className="wall-due"),
    ]
    return html.Div(parts, className="wall-row crew")
