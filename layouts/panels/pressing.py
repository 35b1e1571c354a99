"""Open incidents that press most: what is overdue, then what runs out of time; each with what is owed, by whom, and until when."""

from collections.abc import Mapping
from typing import Any

from dash import html

from layouts.incidents.naming import SEVERITY, Naming
from layouts.marks import empty, mark, note
from layouts.view import View

FEWEST_ROWS = 4
FAR = 1 << 60


def render(view: View) -> list[Any]:
    """As many as there are lines. Exercises are marked, and counted apart."""
    words, spines, now = view.words, view.display.spines, view.snapshot.at
    held = [one for one in view.snapshot.incidents if not spines or one["spine"] in spines]
    if not held:
        return [empty(words, "incidents.none")]
    overdue = sum(_left(one, now) < 0 for one in held if not one.get("exercise"))
    ranked = sorted(held, key=lambda one: (bool(one["paused"]), _left(one, now), one["reported_at"]))
    rows = view.display.rows.get("pressing", len(ranked))
    lines = [_row(view, view.gathered["naming"], one) for one in ranked[:rows]]
    head = note(
        words("incidents.open", n=len(held)),
        " · ",
        html.B(words("incidents.overdue", n=overdue), className="is-overdue" if overdue else ""),
    )
    return [head, html.Div(lines, className="wall-rows", style={"--rows": str(max(len(lines), min(rows, FEWEST_ROWS)))})]


def _left(one: Mapping[str, Any], now: int) -> int:
    """Milliseconds until it is due."""
    return FAR if one["due_at"] is None else one["due_at"] - now


def _row(view: View, naming: Naming, one: Mapping[str, Any]) -> html.Div:
    words, left = view.words, _left(one, view.snapshot.at)
    drill = [html.Span(words("flag.exercise"), className="tag is-exercise")] if one.get("exercise") else []
    lead = "" if words.lang == "en" else _lead(view, one)  # English names of departments have no room beside a town and a class
    where = [view.town_of(one["region"]) if one["region"] else "", naming.class_name(one["class_code"]), lead]
    parts = [
        mark(SEVERITY.get(one["urgency"], "minor"), words(f"urgency.{one['urgency']}"))
        if one["urgency"] in SEVERITY
        else html.Span(className="wall-dot"),
        html.Div([one["title"] or naming.class_name(one["class_code"]), *drill], className="wall-name"),
        html.Div(naming.owed(one["spine"], one["state"]), className="wall-state"),
        html.Div(" · ".join(filter(None, where)), className="wall-about"),
        html.Div(due(view, one), className="wall-due is-overdue" if left < 0 and not one["paused"] else "wall-due"),
    ]
    return html.Div(parts, className="wall-row pressing", **{"data-town": view.home(one["region"] or "")})


def _lead(view: View, one: Mapping[str, Any]) -> str:
    return view.department_name(one["lead"]) if one["lead"] else ""


def due(view: View, one: Mapping[str, Any]) -> str:
    """Time left, or how long overdue; paused, or nothing where no clock runs."""
    words, left = view.words, _left(one, view.snapshot.at)
    if one["paused"]:
        return words("wall.paused")
    if left == FAR:
        return ""
    return words("wall.overdue" if left < 0 else "wall.left", time=words.age(abs(left)))
