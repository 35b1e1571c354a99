"""/api/v1/plans and /api/v1/tasks: plans with their versions, and the tasks that they, instructions and minutes make."""

from typing import Any

import flask

from api.duty import told
from api.problems import Problem
from api.requests import json_object, now, query, query_time, text, texts, uuid
from api.session import no_content, private, signed_in
from domain.plans import MOVES, Plan, PlanStep
from services.city import City

STEP_WORDS = ("code", "zh", "en", "department", "post")


def blueprint(city: City) -> flask.Blueprint:
    """Everything about plans and tasks."""
    pages = flask.Blueprint("api_plans", __name__, url_prefix="/api/v1")
    _plans(pages, city)
    _tasks(pages, city)
    return pages


def _plans(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/plans")
    def plans() -> flask.Response:
        return private({"items": [plan_shown(one) for one in city.plans.all(signed_in(), query_time("at"))]})

    @pages.post("/plans")
    def draft() -> flask.Response:
        actor, document = signed_in(), json_object()
        names, steps = (text(document, "zh"), text(document, "en", "")), _steps(document)
        with told():
            made = city.plans.draft(actor, text(document, "code"), names, text(document, "kind"), texts(document, "classes"), steps, now())
        return private(plan_shown(made), 201)

    @pages.post("/plans/<plan_id>/approve")
    def approve(plan_id: str) -> flask.Response:
        with told():
            city.plans.approve(signed_in(), uuid(plan_id), now(), query_time("drafted_at"))
        return no_content()


def _tasks(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/tasks")
    def tasks() -> flask.Response:
        actor, incident_id = signed_in(), query("incident_id")
        found = city.tasks.of_incident(actor, uuid(incident_id)) if incident_id else city.tasks.open(actor)
        return private({"items": [one._asdict() for one in found]})

    @pages.post("/tasks/<task_id>/deeds")
    def act(task_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        deed = text(document, "deed")
        if deed not in MOVES:
            raise Problem(422, f"`deed` is one of {', '.join(MOVES)}.")
        with told():
            return private(city.tasks.act(actor, uuid(task_id), deed, text(document, "answer", ""), now())._asdict())


def plan_shown(one: Plan) -> dict[str, Any]:
    """A version of a plan as JSON takes it."""
    return {**one._asdict(), "steps": [step._asdict() for step in one.steps]}


def _steps(document: dict[str, Any]) -> list[PlanStep]:
    raw = document.get("steps")
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise Problem(422, "`steps` is a list of steps.")
    return [_step(one) for one in raw]


def _step(raw: dict[str, Any]) -> PlanStep:
    words = {name: text(raw, name, "") for name in STEP_WORDS}
    within = raw.get("within_min", 0)
    if isinstance(within, bool) or not isinstance(within, int | float):
        raise Problem(422, "`within_min` is a number.")
    return PlanStep(**words, levels=tuple(texts(raw, "levels")), within_min=float(within))
