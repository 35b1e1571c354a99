"""The rules that no table of states can say: each guard returns why a deed is refused (a reason's name), or None."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain.access import Actor
from domain.clocks import Allowance, WorkingTime, standing
from domain.incident_life import Incident
from domain.incident_limits import Deciding
from domain.incident_states import GRADES

REPORTS = ("first", "follow_up", "final")
"""初报, 续报, 终报: kinds of information reports, in writing or by phone."""
FIGURES = ("dead", "injured", "missing", "trapped", "losses")
"""What one agreed figure 统一口径 is kept for."""


class Facts(NamedTuple):
    """What a decision needs to know of the world around the incident; the services gather it.

    `group`: the group of the incident's class; `world_quiet`: None when no alarm bore it, else whether its sensors have been normal
    for the set time; `allowances`: the clocks' allowances, `handle` among them once the matrix was asked; `limits`: the city's.
    """

    working: WorkingTime
    allowances: Mapping[str, Allowance]
    limits: Deciding
    group: str = ""
    world_quiet: bool | None = None


Guard = Callable[[Incident, Actor, Mapping[str, Any], int, Facts], str | None]


def _unless(holds: bool, reason: str) -> str | None:
    return None if holds else reason


def _handle(incident: Incident, at: int, facts: Facts) -> str:
    clock = incident.clocks.get("handle")
    return standing(clock, at, facts.working).state if clock else "none"


GUARDS: dict[str, Guard] = {
    "collector_saw_it": lambda i, a, d, at, f: _unless(i.source in f.limits.collectors, "needs_verification"),
    "classed": lambda i, a, d, at, f: _unless(bool(i.class_code or d.get("class_code")), "no_class"),
    "placed": lambda i, a, d, at, f: _unless(bool(i.region or d.get("region")), "no_region"),
    "of_its_department": lambda i, a, d, at, f: _unless(not a.departments or bool(a.departments & i.departments), "other_department"),
    "not_its_handler": lambda i, a, d, at, f: _unless(a.username not in i.handled_by, "own_work"),
    "world_agrees": lambda i, a, d, at, f: _unless(f.world_quiet is not False or i.check_agrees, "world_disagrees"),
    "joint_after_returns": lambda i, a, d, at, f: _unless(len(i.returns) < f.limits.joint_returns or i.joint, "needs_joint"),
    "was_handled": lambda i, a, d, at, f: _unless(bool(i.lead), "nobody_handled_it"),
    "grade_by_law": lambda i, a, d, at, f: _grade(d.get("grade"), f),
    "published_or_said_why": lambda i, a, d, at, f: _unless(bool(i.published or d.get("unpublished_because")), "nothing_published"),
    "before_deadline": lambda i, a, d, at, f: _unless(_handle(i, at, f) not in ("overdue", "missed", "none"), "too_late_to_extend"),
    "past_deadline_or_extended": lambda i, a, d, at, f: _unless(bool(i.extensions) or _handle(i, at, f) == "overdue", "not_yet_due"),
    "not_deferred": lambda i, a, d, at, f: _unless(i.deferred_until is None and int(d["until"]) > at, "cannot_defer"),
    "deferred": lambda i, a, d, at, f: _unless(i.deferred_until is not None, "not_deferred"),
    "disputed": lambda i, a, d, at, f: _unless(any(not one["answer"] for one in i.disputes), "nothing_disputed"),
    "not_into_itself": lambda i, a, d, at, f: _unless(d["into"] != i.incident_id, "into_itself"),
    "other_spine": lambda i, a, d, at, f: _unless(d["spine"] in ("case", "order", "emergency") and d["spine"] != i.spine, "same_spine"),
    "same_time": lambda i, a, d, at, f: _unless(_same_time(i, d), "other_kind_of_time"),
    "called_by_now": lambda i, a, d, at, f: _unless((d.get("called_at") or at) <= at, "not_called_then"),
    "instructed": lambda i, a, d, at, f: _unless(bool(i.owes_answers), "nothing_instructed"),
    "known_instruction": lambda i, a, d, at, f: _unless(d["instruction"] in i.owes_answers, "no_such_instruction"),
    "known_figure": lambda i, a, d, at, f: _unless(d["what"] in FIGURES, "unknown_figure"),
}
"""By name: incident, actor, data, moment, facts -> reason or None."""


def _grade(grade: str | None, facts: Facts) -> str | None:
    if grade is None or grade == "ungraded":
        return None
    if grade not in GRADES:
        return "unknown_grade"
    return _unless(facts.group in facts.limits.graded, "no_grade_by_law")


def _same_time(incident: Incident, data: Mapping[str, Any]) -> bool:
    """Natural time cannot be added to working time: nobody can say what the sum is."""
    clock = incident.clocks.get("handle")
    return clock is None or (clock.unit == "natural_hours") == (data["unit"] == "natural_hours")
