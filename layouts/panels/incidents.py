"""Open incidents by what is owed. Only what is overdue is red here."""

from typing import Any

from dash import html

from domain.access import Actor
from layouts.incidents.tabs import TABS, counts
from layouts.marks import empty, note
from layouts.view import View

NOBODY = Actor("")
STEPS = tuple(tab.name for tab in TABS if tab.steps)
PRESSING = ("near_due", "supervised")


def render(view: View) -> list[Any]:
    """How many are open and overdue, exercises counted apart, then each step with its count; what is empty stays quiet."""
    words = view.words
    real = [one for one in view.snapshot.incidents if not one.get("exercise")]
    drills = len(view.snapshot.incidents) - len(real)
    held = counts(real, NOBODY, view.snapshot.at)
    overdue = html.B(words("incidents.overdue", n=held["overdue"]), className="is-overdue" if held["overdue"] else "")
    drill = [" · ", html.B(words("incidents.exercises", n=drills), className="tag is-exercise")] if drills else []
    head = note(words("incidents.open", n=held["all"]), " · ", overdue, *drill)
    if not held["all"]:
        return [head, empty(words, "incidents.none")]
    return [head, html.Div([_step(view, name, held[name]) for name in (*STEPS, *PRESSING)], className="owed-steps")]


def _step(view: View, name: str, count: int) -> html.Div:
    parts = [html.Span(view.words(f"tab.{name}")), html.B(view.words.number(count))]
    return html.Div(parts, className=f"owed-step{'' if count else ' is-empty'}")
