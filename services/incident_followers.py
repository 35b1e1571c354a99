"""What a deed in one incident makes in another, in the same transaction: a merge, a hand-over between spines, its receipt."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from domain.access import Actor
from domain.incident_fold import apply
from domain.incident_life import Event, Incident
from services.incident_ports import IncidentStore, Said, Step

CARRIED = ("class_code", "description", "urgency", "region", "owner", "caller", "told", "exercise", "title", "occurred_at")
"""What is known and goes along to the other spine."""


class Deciding(Protocol):
    """The desk, as followers need it."""

    store: IncidentStore

    def mine(self, actor: Actor, incident_id: str) -> Incident:
        """An incident in the actor's scope. Raises LookupError."""

    def next_step(self, incident: Incident, deed: str, actor: Actor, said: Said, now: int) -> Step:
        """The step that a deed makes. Raises Refused."""

    def printed(self, spine: str) -> str:
        """A new number as it is printed."""


def followers(desk: Deciding, actor: Actor, step: Step, now: int) -> list[Step]:
    """The steps that `step` makes elsewhere."""
    follow = FOLLOWERS.get(step.event.deed)
    found = follow(desk, actor, step, now) if follow else []
    if step.incident.handed_from and step.event.data.get("from") == "reported":
        found += _receipt(desk, actor, step, now)
    return found


def first_step(incident_id: str, number: str, actor: Actor, data: Mapping[str, Any], at: int, now: int) -> Step:
    """The step by which an incident begins."""
    event = Event(1, "state", "report", at, now, actor.username, data)
    return Step(apply(Incident(incident_id, number), event), event)


def _merge(desk: Deciding, actor: Actor, step: Step, now: int) -> list[Step]:
    into = desk.mine(actor, step.event.data["into"])
    said = {"incident_id": step.incident.incident_id, "alarms": list(step.incident.alarms)}
    return [desk.next_step(into, "absorb", actor, said, now)]


def _hand_over(desk: Deciding, actor: Actor, step: Step, now: int) -> list[Step]:
    """The other spine's incident: what is known goes along, and the two know of each other."""
    one, spine = step.incident, step.event.data["spine"]
    known = {name: getattr(one, name) for name in CARRIED if getattr(one, name) is not None}
    own = {"place": dict(one.place), "alarms": list(one.alarms), "spine": spine, "source": "transfer", "handed_from": one.incident_id}
    return [first_step(step.event.data["incident_id"], desk.printed(spine), actor, {**known, **own}, now, now)]


def _receipt(desk: Deciding, actor: Actor, step: Step, now: int) -> list[Step]:
    """Whoever takes in what was handed over, or declines it, tells the sender so."""
    origin = desk.store.find(step.incident.handed_from)
    if origin is None:
        return []
    ours, declined = {"incident_id": step.incident.incident_id}, step.event.deed == "decline"
    said = {**ours, "reason": step.event.data["reason"]} if declined else {**ours, "receipt": step.incident.number}
    return [desk.next_step(origin, "hand_back" if declined else "receipt", actor, said, now)]


FOLLOWERS: dict[str, Callable[[Deciding, Actor, Step, int], list[Step]]] = {"merge": _merge, "hand_over": _hand_over}
