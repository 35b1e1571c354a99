"""Assembles plans and tasks: for a web worker, for jobs.py, and the plans that a city begins with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine

from config.incident_files import load_classes
from config.plans import load_plans, plan_codes
from data_adapters.incident_wiring import center_of
from data_adapters.sql.people_repository import PeopleRepository
from data_adapters.sql.plan_repository import PlanRepository
from data_adapters.sql.task_repository import TaskRepository
from domain.access import Actor
from domain.identity import uuid7
from services.applying import Applying
from services.incident_desk import IncidentDesk
from services.notices import Notices
from services.plan_ports import Timeline
from services.plans import Plans
from services.register import Register
from services.tasks import TaskDesk, TaskMaker
from services.warnings import Warnings

WRITES = frozenset({"duty_officer", "tasks"})
"""Who writes a task's steps into its incident, in the name of whoever took them; people have no role `tasks`."""


class PlanServices(NamedTuple):
    """What a web worker offers about plans and tasks."""

    plans: Plans
    tasks: TaskDesk


def build_plans(engine: Engine, register: Register, desk: IncidentDesk) -> PlanServices:
    """Plans and tasks on this database. Opens no connection yet. Raises ConfigError."""
    plans = Plans(PlanRepository(engine), plan_codes(), register.departments)
    return PlanServices(plans, TaskDesk(TaskRepository(engine, center_of(engine)), timeline_of(desk), register.regions))


def build_applying(desk: IncidentDesk, plans: Plans, warnings: Warnings, register: Register) -> Applying:
    """Which plan and which warnings hold for an incident. Raises ConfigError."""
    return Applying(desk, plans, warnings, register.regions, _lineage())


def _lineage() -> Callable[[str], Sequence[str]]:
    classes = load_classes()

    def lineage(code: str) -> Sequence[str]:
        found = classes.get(code)
        return found.lineage if found else ()

    return lineage


def build_task_maker(engine: Engine, desk: IncidentDesk, notices: Notices) -> TaskMaker:
    """What jobs.py makes of incidents' events. Raises ConfigError."""
    store = TaskRepository(engine, center_of(engine))
    return TaskMaker(PlanRepository(engine), store, timeline_of(desk), notices, PeopleRepository(engine), _lineage())


def timeline_of(desk: IncidentDesk) -> Timeline:
    """Writes what happens to tasks into their incident's events."""

    def write(incident_id: str, actor: str, said: Mapping[str, Any], now: int, request_id: str) -> None:
        desk.act(Actor(actor, WRITES), incident_id, "task", said, None, now, None, request_id)

    return write


def begin_plans(engine: Engine, demo: bool, now: int) -> int:
    """Give the city the plans of config/plans.yaml that it has no version of; in the demo they are approved. Returns how many."""
    store, new_id = PlanRepository(engine), _ids(now)
    known = {plan.code for plan in store.plans()}
    new = [plan for plan in load_plans(new_id, now) if plan.code not in known]
    for plan in new:
        store.draft(plan)
        if demo:
            store.approve(plan.plan_id, plan.drafted_at, "demo", now)
    return len(new)


def _ids(now: int) -> Callable[[], str]:
    return lambda: str(uuid7(now))
