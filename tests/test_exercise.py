"""An exercise 演练 is marked in every place, is no statistic, calls nobody outside the application, and swallows nothing that is real."""

from dataclasses import replace
from typing import Any

import pytest
from dash import html

from config.displays import load_displays
from config.languages import load_catalogues
from domain.access import Actor
from domain.duplicates import Likeness
from domain.notices import Calling, CallRule
from domain.performance import performance
from domain.plans import Task
from layouts import duty_parts
from layouts.incidents import detail, intake, queue
from layouts.incidents.naming import Naming
from layouts.panels import PANELS, incidents
from layouts.panels import mobile_incidents as cards
from layouts.reports import heading
from layouts.words import Words
from services.incident_board import Alike
from services.incident_ports import Row
from services.notice_words import said
from services.notices import Notices
from tests.domain.incident_cast import LIMITS, T0, Story
from tests.fakes import make_city
from tests.layouts.test_panels import texts, view

CATALOGUES = load_catalogues()
WORDS = Words("zh", CATALOGUES["zh"])
NAMING = Naming(WORDS)


WATCH = Actor("li", frozenset({"duty_officer"}))
TASK = Task("t", "i", "plan", None, "pumps", "", "water", "", "开泵", "Start pumps", "assigned", "li", T0, None, exercise=True)
CALLING = Calling("c", "incident:i", "dispatched", ("li",), 0, 1, T0, "calling")
MATTER = {"kind": "incident", "number": "C-1", "title": "积水", "since": T0, "link": "/desk", "exercise": True}


def row(exercise: bool, number: str = "C-1") -> dict[str, Any]:
    """An open incident as the live picture has it."""
    known = {
        "incident_id": number, "number": number, "title": "积水", "spine": "case", "state": "reported", "urgency": "critical",
        "class_code": "", "region": "", "lead": "", "departments": (), "reported_at": T0, "clock": "",
        "due_at": None, "near_at": None, "paused": False,
        "supervised": False, "carried": False, "proposals": (), "alarms": (),
        "exercise": exercise, "version": 1, "source": "hotline",
        "lon": 113.7, "lat": 23.0, "address": "", "response_level": "", "grade": "ungraded",
    }  # fmt: skip
    return known


def view_with(*held: dict[str, Any]) -> Any:
    found = view(make_city(), "mobile")
    return replace(found, snapshot=found.snapshot._replace(incidents=list(held), at=T0))


def marked(place: str) -> str:
    """What a place shows of an exercise."""
    one = Story(exercise=True).incident
    shown = {
        "queue": lambda: " ".join(queue.row(NAMING, row(True), T0)["flags"]),
        "detail": lambda: texts(detail.build(NAMING, one, {}, [], detail.Around({}, {}, T0))),
        "offer": lambda: texts(
            intake.offers(NAMING, [Alike(Row(**{**dict.fromkeys(Row._fields, ""), **_of_row()}), Likeness(0.9, 10.0, 0, True, True))])
        ),
        "papers": lambda: texts(heading(NAMING, one)),
        "phone": lambda: texts(cards.render(view_with(row(True)))),
        "wall": lambda: texts(incidents.render(view_with(row(True)))),
        "task": lambda: texts(html.Div(duty_parts.tasks(NAMING, [TASK], WATCH, T0))),
        "calling": lambda: texts(html.Div(duty_parts.callings(NAMING, [(CALLING, {"number": "C-1", "exercise": True})], T0, "li"))),
        "hand-over": lambda: texts(html.Div(duty_parts.handover(NAMING, [MATTER], [], WATCH))),
        "notice": lambda: said(CATALOGUES["zh"], "dispatched", {"number": "C-1", "exercise": True})[0],
    }
    return str(shown[place]())


def _of_row() -> dict[str, Any]:
    return {name: value for name, value in row(True).items() if name in Row._fields}


@pytest.mark.parametrize("place", ["queue", "detail", "offer", "papers", "phone", "wall", "task", "calling", "hand-over", "notice"])
def test_an_exercise_says_so_in_every_place(place: str) -> None:
    assert "演练" in marked(place)


def test_the_wall_counts_an_exercise_apart_and_a_city_can_keep_it_off() -> None:
    shown = texts(incidents.render(view_with(row(True), row(False, "C-2"))))
    assert "演练 1" in shown and WORDS("incidents.open", n=1) in shown
    assert "incidents" in PANELS and all(display.exercises for display in load_displays().values())


def test_no_performance_counts_it() -> None:
    assert performance([Story(exercise=True).incident], lambda one: ["all"], LIMITS.scoring).rows == []
    assert performance([replace(Story().incident)], lambda one: ["all"], LIMITS.scoring).rows[0].incidents == 1


class Box:
    """An outbox that only keeps."""

    def __init__(self) -> None:
        self.held: list[Any] = []

    def put(self, notices: list[Any]) -> int:
        self.held += notices
        return len(notices)

    def save_calling(self, *_: Any) -> bool:
        return True


def test_nobody_is_called_about_it_outside_the_application() -> None:
    box = Box()
    notices = Notices(box, {"default": CallRule(2, 60, ("app", "http", "email"), "test")})  # type: ignore[arg-type]
    notices.tell(["li"], "incident:1", "dispatched", {}, "", T0, exercise=True)
    notices.call(["li", "wang"], "chen", "incident:1", "critical_incident", {"number": "C-1", "exercise": True}, "", T0)
    assert len(box.held) == 2 and {one.channel for one in box.held} == {"app"}
    assert all(one.exercise and one.params["exercise"] for one in box.held)
