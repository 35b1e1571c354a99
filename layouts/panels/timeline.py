"""What has happened, the newest first: in the incident in command, and of the alarm that took the wall from before its raise on, so that
a watch officer sees how it came and who knows of it before anybody has made an incident of it. Nothing that people said is shown."""

from typing import Any

from dash import html

from layouts.alarm_course import Happened, chart, happened
from layouts.incidents.timeline import sentence
from layouts.marks import empty, note
from layouts.view import View

FEWEST_ROWS = 5
CHART_ROWS = 5
"""The alarm's chart takes the room of so many lines."""


def render(view: View) -> list[Any]:
    """The alarm's chart where an alarm is the matter, then as many lines as there is room for."""
    words, story, alarm = view.words, view.gathered.get("story"), view.gathered.get("alarm")
    if story is None and alarm is None:
        return [empty(words, "wall.timeline.none")]
    lines = [*(_deeds(view, story) if story else []), *(happened(view, alarm) if alarm else [])]
    lines.sort(key=lambda one: (one.owed, one.at), reverse=True)
    drawn = chart(view, alarm) if alarm else None
    rows = max(1, view.display.rows.get("timeline", len(lines) + CHART_ROWS) - (CHART_ROWS if drawn else 0))
    number = story.incident.number if story else alarm["number"] if alarm else ""
    head = note(words("wall.timeline.note", n=len(lines), number=number))
    shown = html.Div(
        [_row(view, one) for one in lines[:rows]],
        className="wall-rows",
        style={"--rows": str(max(len(lines[:rows]), min(rows, FEWEST_ROWS)))},
    )
    return [head, *([drawn] if drawn else []), shown]


def _deeds(view: View, story: Any) -> list[Happened]:
    naming, spine = view.gathered["naming"], story.incident.spine
    return [Happened(event.at, sentence(naming, spine, event), view.words.person(event.actor)) for event in story.events]


def _row(view: View, one: Happened) -> html.Div:
    parts = [
        html.Time(view.words("course.now") if one.owed else view.words.clock(one.at), className="timeline-at"),
        html.Div(one.what, className="wall-name"),
        html.Div(one.about, className="wall-about"),
    ]
    return html.Div(parts, className="wall-row happened is-owed" if one.owed else "wall-row happened")
