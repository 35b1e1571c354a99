"""Open incidents by what is owed. Only what is overdue is red here."""

from typing import Any

from dash import html

from domain.access import Actor
from layouts.incidents.tabs import TABS, counts
from layouts.marks import empty, note
from layouts.panels.appeals import line, rising
from layouts.view import View

NOBODY = Actor("")
STEPS = tuple(tab.name for tab in TABS if tab.steps)
RISES, COLUMNS = 2, 2
LINES = -(-(len(STEPS) + 2) // COLUMNS)
"""So many lines all steps take; where there is less room, only those where something is owed are shown."""
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
    lines = view.display.rows.get("incidents", LINES)
    steps = [name for name in (*STEPS, *PRESSING) if held[name] or lines >= LINES]
    room = lines - -(-len(steps) // COLUMNS)
    return [head, html.Div([_step(view, name, held[name]) for name in steps], className="owed-steps"), *_rising(view)[: max(0, room)]]


def _rising(view: View) -> list[html.Div]:
    """Sudden rises of appeals where no panel of their own shows them: town, theme and count."""
    if "appeals" in view.display.panels:
        return []
    return [line(view.words, one, view.region_name(one.region), view.theme_name(one.theme)) for one in rising(view, RISES)]


def _step(view: View, name: str, count: int) -> html.Div:
    parts = [html.Span(view.words(f"tab.{name}")), html.B(view.words.number(count))]
    return html.Div(parts, className=f"owed-step{'' if count else ' is-empty'}")
