"""Open incidents for a thumb: the most urgent first, each with what is owed and by when."""

from collections.abc import Mapping
from typing import Any

from dash import html

from layouts.incidents.naming import Naming
from layouts.incidents.tabs import FLAGS
from layouts.marks import empty, note
from layouts.view import View


def render(view: View) -> list[Any]:
    """One card an incident."""
    naming, held, now = Naming(view.words, view.regions, view.departments), view.snapshot.incidents, view.snapshot.at
    overdue = sum(1 for one in held if FLAGS["overdue"](one, now))
    head = note(view.words("incidents.note", open=len(held), overdue=overdue))
    if not held:
        return [head, empty(view.words, "incidents.none")]
    return [head, html.Div([_card(naming, one, now) for one in held[: view.display.rows["incidents"]]], className="cards")]


def _card(naming: Naming, one: Mapping[str, Any], now: int) -> html.Div:
    words, late = naming.words, FLAGS["overdue"](one, now)
    head = [
        naming.urgency_mark(one["urgency"]),
        *([html.Strong(words("flag.exercise"), className="tag is-exercise")] if one.get("exercise") else []),
        html.Strong(one["title"]),
        html.Span(naming.owed(one["spine"], one["state"]), className="tag"),
    ]
    facts = [
        one["number"],
        naming.town(one["region"]),
        *([naming.department(one["lead"])] if one["lead"] else []),
        *_left(naming, one, now),
    ]
    return html.Div(
        [html.Div(head, className="card-head"), html.Div(" · ".join(facts), className="card-facts")],
        className=f"card card-incident{' is-overdue' if late else ''}{' is-exercise' if one.get('exercise') else ''}",
        **{"data-incident": one["incident_id"], "aria-label": words(f"spine.{one['spine']}")},
    )


def _left(naming: Naming, one: Mapping[str, Any], now: int) -> list[str]:
    if one["due_at"] is None or one["paused"]:
        return []
    left = one["due_at"] - now
    return [naming.words("incidents.left" if left >= 0 else "incidents.over", time=naming.span(left))]
