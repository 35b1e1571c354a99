"""Plans 预案 and the tasks they make: which steps a response level asks for, and what becomes of a task."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

KINDS = ("general", "special", "department")
"""总体预案, 专项预案, 部门预案."""
MINUTE = 60_000


class PlanStep(NamedTuple):
    """One step: what is done (zh, en), at which response levels, by whose post, within how many minutes."""

    code: str
    zh: str
    en: str
    levels: tuple[str, ...]
    department: str
    post: str
    within_min: float


class Plan(NamedTuple):
    """One version of a plan for classes of incidents (codes of classes or groups). State: draft, approved, retired.

    `authors`: everybody who has written the draft; `drafted_by` is the one who wrote it last."""

    plan_id: str
    code: str
    version: int
    zh: str
    en: str
    kind: str
    classes: tuple[str, ...]
    steps: tuple[PlanStep, ...]
    source: str
    state: str
    drafted_by: str
    drafted_at: int
    approved_by: str = ""
    approved_at: int | None = None
    authors: tuple[str, ...] = ()


class Task(NamedTuple):
    """Something that a department owes. `kind`: plan, instruction, minutes; `step` names it within its incident and kind."""

    task_id: str
    incident_id: str | None
    kind: str
    plan_id: str | None
    step: str
    level: str
    department: str
    post: str
    zh: str
    en: str
    state: str
    assigned_by: str
    assigned_at: int
    due_at: int | None
    acknowledged_by: str = ""
    acknowledged_at: int | None = None
    ended_by: str = ""
    ended_at: int | None = None
    answer: str = ""
    region: str = ""
    number: str = ""
    title: str = ""
    exercise: bool = False


OPEN = ("assigned", "acknowledged")
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "acknowledge": (("assigned",), "acknowledged"),
    "finish": (OPEN, "done"),
    "cancel": (OPEN, "cancelled"),
}
"""Deed -> from which states, and to which."""


def move(task: Task, deed: str, by: str, now: int, answer: str = "") -> Task | None:
    """The task after the deed; None where it is not open to it."""
    start, to = MOVES[deed]
    if task.state not in start:
        return None
    if deed == "acknowledge":
        return task._replace(state=to, acknowledged_by=by, acknowledged_at=now)
    return task._replace(state=to, ended_by=by, ended_at=now, answer=answer)


def owed(plan: Plan, level: str, tasks: Iterable[Task]) -> tuple[Sequence[PlanStep], Sequence[Task]]:
    """At this response level (empty: the response has ended): the steps that have no task yet, and the tasks that no longer apply.

    A step that was done stays done when the level comes back to it.
    """
    wanted = {step.code: step for step in plan.steps if level in step.levels}
    held = [task for task in tasks if task.kind == "plan" and task.state != "cancelled"]
    missing = [step for code, step in wanted.items() if code not in {task.step for task in held}]
    return missing, [task for task in held if task.step not in wanted and task.state in OPEN]


def chosen(plans: Iterable[Plan], lineage: Sequence[str]) -> Plan | None:
    """The approved plan that names the narrowest of `lineage` (class, section, group)."""
    approved = [plan for plan in plans if plan.state == "approved"]
    return next((plan for code in lineage for plan in approved if code in plan.classes), None)


def step_changes(before: Plan, after: Plan) -> Mapping[str, str]:
    """Step code -> `new`, `changed` or `removed`, for the steps in which two versions differ."""
    old, new = ({step.code: step for step in plan.steps} for plan in (before, after))
    found = {code: "changed" if code in old else "new" for code, step in new.items() if old.get(code) != step}
    return found | {code: "removed" for code in old if code not in new}
