"""Who is told when something happens to an incident: a table from deeds to people. Run by jobs.py over the events as they were recorded.

An event may be looked at more than once (jobs was killed, a transaction became visible late): a notice's key makes that harmless.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.incident_life import Event, Incident
from domain.incidents import transition_of
from services.notices import Notices

CENTER = ""


class People(Protocol):
    """Who is who (data_adapters/sql/people_repository.py)."""

    def of(self, role: str, departments: Sequence[str] = (), region: str = "") -> list[str]:
        """Active people of a role; in one of these departments where any are named; whose scope covers the region."""

    def chain(self, at: int, department: str = "") -> tuple[Sequence[str], str]:
        """Who is called one after the other at that moment, and the superior: by the roster of the department (empty: the center), or by
        role where it is empty."""


class Happened(NamedTuple):
    """An event with its incident as it is now."""

    incident: Incident
    event: Event


Whom = Callable[[People, Happened], Sequence[str]]


def _handlers(people: People, one: Happened) -> Sequence[str]:
    return people.of("handler", sorted(one.incident.departments), one.incident.region)


def _role(role: str) -> Whom:
    return lambda people, one: people.of(role, (), one.incident.region)


def _approvers(people: People, one: Happened) -> Sequence[str]:
    asked = transition_of(one.incident.spine, one.event.data["deed"])
    return people.of(asked.approval, (), one.incident.region)


def _proposer(_: People, one: Happened) -> Sequence[str]:
    by = one.event.data.get("proposed_by")
    return [by] if by else []


def _reporter(_: People, one: Happened) -> Sequence[str]:
    return [one.incident.reported_by]


REACTIONS: dict[str, tuple[str, Whom]] = {
    "propose": ("proposal", _approvers),
    "dispatch": ("dispatched", _handlers),
    "dispatch_on": ("dispatched", _handlers),
    "reassign": ("dispatched", _handlers),
    "joint": ("joint", _handlers),
    "rework": ("rework", _handlers),
    "redo": ("rework", _handlers),
    "remind": ("reminded", _handlers),
    "supervise": ("supervised", _handlers),
    "instruct": ("instructed", _handlers),
    "return": ("returned", _role("dispatcher")),
    "dispute": ("disputed", _role("dispatcher")),
    "raise": ("raised", _role("leader")),
    "hand_over": ("handed_over", _role("duty_officer")),
    "hand_back": ("handed_back", _reporter),
    "ask_for_help": ("help_asked", _role("dispatcher")),
    "start_response": ("response_started", _role("duty_officer")),
    "adjust_response": ("response_adjusted", _role("duty_officer")),
}
"""Deed -> template, and whom it tells. Approvals and refusals also tell whoever proposed."""


def react(notices: Notices, people: People, one: Happened, now: int) -> int:
    """Tell everybody whom the event concerns, but not who did it; returns how many notices were new."""
    template, whom = REACTIONS.get(one.event.deed, ("", lambda *_: ()))
    told = _tell(notices, [name for name in whom(people, one)], template, one, now) if template else 0
    answered = "refused" if one.event.deed == "refuse" else "approved" if one.event.data.get("proposed_by") else ""
    asked_by = [one.event.data["by"]] if one.event.data.get("by") and answered == "refused" else _proposer(people, one)
    return told + (_tell(notices, asked_by, answered, one, now) if answered else 0)


def _tell(notices: Notices, usernames: Sequence[str], template: str, one: Happened, now: int) -> int:
    others = [name for name in dict.fromkeys(usernames) if name != one.event.actor]
    thing = f"incident:{one.incident.incident_id}:{one.event.version}:{template}"
    link = f"/desk?incident={one.incident.incident_id}"
    return notices.tell(others, thing, template, _params(one), link, now, one.incident.exercise)


def _params(one: Happened) -> Mapping[str, Any]:
    said = one.event.data.get("reason") or one.event.data.get("text") or one.event.data.get("note") or ""
    return {
        "number": one.incident.number,
        "title": one.incident.title,
        "deed": one.event.data["deed"] if one.event.deed in ("propose", "refuse") else one.event.deed,
        "by": one.event.actor,
        "said": str(said)[:200],
    }
