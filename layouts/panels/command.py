"""The incident in command, or the alarm that took the wall: what, where, since when, how grave, who has it, and what runs out of time."""

from typing import Any

from dash import html

from layouts.marks import age, mark
from layouts.panels.alarms import owed, taken, told
from layouts.panels.on_duty import render as who_is_on_duty
from layouts.view import View

MOST_CLOCKS = 4
"""So many clocks are listed, those due first."""


def render(view: View) -> list[Any]:
    """The alarm first where one took the wall; nothing grave: who is on duty."""
    alarm, story = view.gathered.get("alarm"), view.gathered.get("story")
    parts = [*(_alarm(view, alarm) if alarm else []), *(_incident(view, story, alarm is not None) if story else [])]
    return parts or [html.Div(view.words("wall.command.none"), className="wall-lead"), *who_is_on_duty(view)]


def _alarm(view: View, alarm: Any) -> list[Any]:
    words = view.words
    town, name = view.place_and_name(alarm)
    head = [mark(alarm["severity"], words(f"severity.{alarm['severity']}")), html.Strong(f"{town} {name}")]
    return [
        html.Div(head, className="command-title"),
        html.Div(told(view, alarm), className="command-what"),
        html.Div([age(words, alarm["raised_at"], view.snapshot.at)], className="command-clock"),
        html.Div([html.B(owed(view, alarm)), " ", taken(view, alarm)], className="wall-about"),
    ]


def _incident(view: View, story: Any, after_alarm: bool) -> list[Any]:
    """Under an alarm that took the wall the alarm's time is the large one; the incident's stands with its facts."""
    words, one, naming = view.words, story.incident, view.gathered["naming"]
    since = age(words, one.reported_at, view.snapshot.at)
    facts = [
        (words("wall.command.state"), naming.owed(one.spine, one.state)),
        (words("wall.command.class"), naming.class_name(one.class_code)),
        (
            words("wall.command.where"),
            " ".join(filter(None, (view.town_of(one.region) if one.region else "", one.place.get("address", "")))),
        ),
        (words("wall.command.lead"), view.department_name(one.lead) if one.lead else words("wall.command.nobody")),
        (words("wall.command.reported"), [words.day_clock(one.reported_at), *([" · ", since] if after_alarm else [])]),
    ]
    return [
        html.Div([html.Span(_grade(view, one), className="command-grade"), html.Strong(one.title)], className="command-title"),
        *([] if after_alarm else [html.Div(since, className="command-clock")]),
        html.Dl([part for name, said in facts for part in (html.Dt(name), html.Dd(said))], className="command-facts"),
        html.Div([_clock(view, name, one.clocks[name], standing) for name, standing in _running(story)], className="command-clocks"),
    ]


def _running(story: Any) -> list[tuple[str, Any]]:
    """The clocks that are still counted, the one with the least left first."""
    going = [
        (name, one) for name, one in story.standings.items() if one.left_ms is not None and story.incident.clocks[name].ended_at is None
    ]
    return sorted(going, key=lambda one: one[1].left_ms)[:MOST_CLOCKS]


def _clock(view: View, name: str, clock: Any, standing: Any) -> html.Div:
    words, left = view.words, standing.left_ms
    said = words("wall.overdue" if left < 0 else "wall.left", time=words.age(abs(left)))
    late = " is-overdue" if left < 0 else ""
    due = words("standing.due", time=words.day_clock(clock.due_at)) if clock.due_at else ""
    return html.Div(
        [html.Span(words(f"clock.{name}")), html.B(said, className=f"wall-due{late}"), html.Small(due)], className="command-due"
    )


def _grade(view: View, one: Any) -> str:
    words = view.words
    level = words(f"response.{one.response_level}") if one.response_level else ""
    return " · ".join(filter(None, (words(f"grade.{one.grade}"), level)))
