"""From a deed somebody wants to do to the event that says it was done, or why it was not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.access import Actor
from domain.clocks import Allowance, Clock, end, extend, pause, refresh, resume, start
from domain.incident_fields import checked
from domain.incident_guards import GUARDS, Facts
from domain.incident_life import Event, Incident
from domain.incidents import APPROVALS, BY_SERVICES, TRANSITIONS, Refused, Transition, transition_of


class Move(NamedTuple):
    """A deed that is open to somebody: what must be said, and whose approval it then waits for (empty: nobody's)."""

    deed: str
    needs: tuple[str, ...]
    approval: str


def open_moves(incident: Incident, actor: Actor, at: int, facts: Facts) -> list[Move]:
    """The deeds that `actor` may do now, in the table's order, then what may be done with each proposal.

    Guards that judge what is said with the deed are asked when it is done.
    """
    found = [
        Move(one.deed, one.needs, "" if one.approval in (*actor.roles, "") else one.approval)
        for (spine, _), one in TRANSITIONS.items()
        if spine == incident.spine and one.deed not in BY_SERVICES and _objection(one, incident, actor, at, facts) is None
    ]
    for deed in incident.proposals:
        if TRANSITIONS[incident.spine, deed].approval in actor.roles:
            found += [Move(f"approve:{deed}", (), ""), Move(f"refuse:{deed}", ("reason",), "")]
    return found


def decide(incident: Incident, deed: str, actor: Actor, data: Mapping[str, Any], at: int, now: int, facts: Facts) -> Event:
    """The next event. `at` is when the deed was done (a tablet may have been offline), `now` when we hear of it; never before the
    incident's last event. `approve:<deed>` and `refuse:<deed>` answer a proposal. Raises Refused with the moves that are open."""
    at = min(max(at, incident.changed_at), now)
    answer, _, asked = deed.partition(":")
    try:
        if answer in APPROVALS and asked:
            return _answer(incident, answer, asked, actor, data, at, now, facts)
        return _do(incident, transition_of(incident.spine, deed), actor, dict(data), at, now, facts)
    except Refused as refused:
        open = tuple(move.deed for move in open_moves(incident, actor, at, facts))
        raise Refused(refused.code, {**refused.params, "deed": deed, "state": incident.state}, open) from None


def _do(incident: Incident, one: Transition, actor: Actor, data: dict[str, Any], at: int, now: int, facts: Facts) -> Event:
    _refuse_where(_role_or_state(one, incident, actor))
    data = checked(one, data)
    _refuse_where(_guarded(one, incident, actor, data, at, facts))
    if one.approval and one.approval not in actor.roles:
        return Event(incident.version + 1, "state", "propose", at, now, actor.username, {"deed": one.deed, "data": data})
    return _event(incident, one, actor, data, at, now, facts)


def _answer(incident: Incident, answer: str, deed: str, actor: Actor, data: Mapping[str, Any], at: int, now: int, facts: Facts) -> Event:
    asked = incident.proposals.get(deed)
    if asked is None:
        raise Refused("nothing_proposed", {"asked": deed})
    one = transition_of(incident.spine, deed)
    if one.approval not in actor.roles or asked["by"] == actor.username:
        raise Refused("not_yours_to_approve", {"role": one.approval})
    if answer == "refuse":
        said = checked(REFUSAL, data)
        return Event(incident.version + 1, "state", "refuse", at, now, actor.username, {"deed": deed, "by": asked["by"], **said})
    if incident.state not in one.start:
        raise Refused("wrong_state")
    said = {**asked["data"], "proposed_by": asked["by"]}
    _refuse_where(_guarded(one, incident, actor, said, asked["at"] if "before_deadline" in one.guards else at, facts))
    return _event(incident, one, actor, said, at, now, facts)


def _event(incident: Incident, one: Transition, actor: Actor, data: dict[str, Any], at: int, now: int, facts: Facts) -> Event:
    clocks = {name: clock._asdict() for name, clock in _clocks(incident, one, data, at, facts).items()}
    effects: dict[str, Any] = {"clocks": clocks} if clocks else {}
    if one.to is not None:
        effects |= {"from": incident.state, "to": one.to}
    return Event(incident.version + 1, one.kind, one.deed, at, now, actor.username, {**data, **effects})


def _role_or_state(one: Transition, incident: Incident, actor: Actor) -> Refused | None:
    if not one.roles & actor.roles:
        return Refused("wrong_role", {"roles": sorted(one.roles)})
    return None if incident.state in one.start else Refused("wrong_state")


def _guarded(one: Transition, incident: Incident, actor: Actor, data: Mapping[str, Any], at: int, facts: Facts) -> Refused | None:
    reasons = (GUARDS[name](incident, actor, data, at, facts) for name in one.guards)
    return next((Refused(reason) for reason in reasons if reason), None)


def _refuse_where(refused: Refused | None) -> None:
    if refused is not None:
        raise refused


REFUSAL = Transition("refuse", frozenset(), None, frozenset(), ("reason",))
ABOUT_WHAT_IS_SAID = frozenset({"classed", "placed", "grade_by_law", "published_or_said_why", "not_deferred", "not_into_itself",
    "other_spine", "known_figure", "same_time", "known_instruction",
    "called_by_now"})  # fmt: skip
"""Guards that can be judged only with the deed's data; a move stays offered."""


def _objection(one: Transition, incident: Incident, actor: Actor, at: int, facts: Facts) -> Refused | None:
    judged = one._replace(guards=tuple(name for name in one.guards if name not in ABOUT_WHAT_IS_SAID))
    return _role_or_state(one, incident, actor) or _guarded(judged, incident, actor, {}, at, facts)


def _clocks(incident: Incident, one: Transition, data: Mapping[str, Any], at: int, facts: Facts) -> dict[str, Clock]:
    """The clocks that the deed moves, as they then stand. A clock whose allowance nobody set does not run."""
    moved: dict[str, Clock] = {}
    for what, name in one.clocks:
        clock = _moved(what, name, incident.clocks.get(name), data, at, facts)
        if clock is not None:
            moved[name] = clock
    return moved


def _moved(what: str, name: str, clock: Clock | None, data: Mapping[str, Any], at: int, facts: Facts) -> Clock | None:
    if what == "start" or (what == "begin" and clock is None):
        allowance = facts.allowances.get(name)
        return start(name, allowance, at, facts.working) if allowance else None
    if clock is None:
        return None
    if what == "refresh":
        return refresh(clock, facts.working)
    if what == "extend":
        return extend(clock, Allowance(float(data["amount"]), str(data["unit"])), at, facts.working)
    return {"pause": pause, "resume": resume, "begin": resume, "end": end}[what](clock, at, facts.working)
