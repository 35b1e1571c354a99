"""Leaders' instructions 批示: given, taken, answered, sent back, closed; the ledger that everybody in scope reads; who is told.

What is about an incident is written into that incident (its deed `instruct`, which makes a task and calls the department's roster); the
ledger shows both kinds side by side. Everything else has its own append-only events.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.incident_life import Incident
from domain.instructions import ABOUT, DEEDS, Event, Instruction, apply, by_need, of_incident, why_not
from domain.registry import Region, ancestors
from services.account_ports import AuditEntry
from services.duty import Units
from services.duty_ports import NotTaken, written
from services.incident_scope import sees_incident
from services.instruction_ports import Incidents, InstructionStore
from services.notices import Notices
from services.reactions import People

MOST = 200
TITLE = 200
Named = Callable[[str, str], str]
"""(about, object) -> what it is called; empty for what isn't there."""


class Given(NamedTuple):
    """What a leader writes. `due_at`: epoch ms, None without a deadline."""

    about: str
    object: str
    department: str
    text: str
    due_at: int | None = None
    region: str = ""


class Seen(NamedTuple):
    """An instruction with its ledger, and the deeds that are open to whoever looks."""

    instruction: Instruction
    events: Sequence[Event]
    deeds: Sequence[str]


class Instructions:
    """Read and done by named actors within their scope."""

    def __init__(self, store: InstructionStore, incidents: Incidents, units: Units, notices: Notices, people: People, named: Named) -> None:
        self._store, self._incidents, self._units = store, incidents, units
        self._notices, self._people, self._named = notices, people, named

    def give(self, actor: Actor, given: Given, now: int) -> Instruction:
        """Give an instruction to a department, which is told. Raises Forbidden, LookupError (an incident, a department or a place that is
        not there or out of scope), NotTaken, Refused."""
        if not actor.may("give_instruction"):
            raise Forbidden("give_instruction")
        text = _said(given.text)
        if given.about not in ABOUT:
            raise NotTaken("unknown_about", value="about")
        if given.due_at is not None and given.due_at <= now:
            raise NotTaken("wrong_time", value="due_at")
        if given.department not in {**self._units.departments(), **self._units.regions()}:
            raise LookupError(given.department)
        return self._about_incident(actor, given, text, now) if given.about == "incident" else self._own(actor, given, text, now)

    def _about_incident(self, actor: Actor, given: Given, text: str, now: int) -> Instruction:
        held = self._incidents.mine(actor, given.object)
        said: dict[str, Any] = {"text": text, "lead": given.department} | ({"until": given.due_at} if given.due_at else {})
        after = self._incidents.act(actor, given.object, "instruct", said, held.version, now)
        return _of(after)[-1]

    def _own(self, actor: Actor, given: Given, text: str, now: int) -> Instruction:
        region = given.object if given.about == "region" else given.region
        regions = self._units.regions()
        if given.about == "region" and region not in regions:
            raise LookupError(region)
        if actor.regions and not actor.regions.intersection(ancestors(region, regions)):
            raise LookupError(region)
        title = self._named(given.about, given.object) if given.about in ("indicator", "region") else text
        if not title:
            raise LookupError(given.object)
        blank = Instruction(str(uuid7(now)), self._store.number(), given.about, given.object, title[:TITLE], region, given.department)
        said = {"text": text} | ({"due_at": given.due_at} if given.due_at is not None else {})
        made = self._write(blank, Event(1, "give", now, actor.username, said))
        self._tell(made, "instruction_given", self._department(made, now), actor.username, text, now)
        return made

    def act(self, actor: Actor, instruction_id: str, deed: str, said: Mapping[str, Any], now: int) -> Instruction:
        """Do one of DEEDS. Raises LookupError, Forbidden (it is another's), NotTaken (why not, domain/instructions.py)."""
        one, _ = self._mine(actor, instruction_id, None)
        if reason := why_not(one, deed, said, now):
            raise NotTaken(reason, value=deed)
        if deed not in self._deeds(actor, one):
            raise Forbidden(deed)
        text = written(str(said.get("text") or ""), "text")
        data = ({"text": text} if text else {}) | ({"due_at": said["due_at"]} if said.get("due_at") else {})
        after = self._write(one, Event(one.version + 1, deed, now, actor.username, data))
        to_giver = DEEDS[deed].whose == "department"
        whom = [after.given_by] if to_giver else self._department(after, now)
        self._tell(after, f"instruction_{deed}", whom, actor.username, text or after.text, now)
        return after

    def _write(self, one: Instruction, event: Event) -> Instruction:
        after = apply(one, event)
        entry = AuditEntry(event.at, event.actor, f"instruction_{event.deed}", one.instruction_id, detail={"number": one.number})
        if not self._store.append(after, event, entry):
            raise NotTaken("gone_on", value=event.deed)
        return after

    def ledger(self, actor: Actor, now: int, at: int | None = None) -> list[Instruction]:
        """The instructions in scope, as known at `at`: what needs somebody first, what is over last. Raises Forbidden."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        regions = self._units.regions(at)
        own = [one for one in self._store.listed(at, MOST) if _sees(actor, one, regions)]
        seen = [one for one in self._store.incidents(at, MOST) if sees_incident(actor, one, regions)]
        theirs = [one for incident in seen for one in _of(incident)]
        return by_need([*own, *theirs], now if at is None else at)[:MOST]

    def one(self, actor: Actor, instruction_id: str, at: int | None = None) -> Seen:
        """One of the city's own (an incident's is in the incident), with its events. Raises Forbidden, LookupError."""
        found, events = self._mine(actor, instruction_id, at)
        return Seen(found, events, self._deeds(actor, found) if at is None else ())

    def _mine(self, actor: Actor, instruction_id: str, at: int | None) -> tuple[Instruction, list[Event]]:
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        found = self._store.one(instruction_id, at)
        if found is None or not _sees(actor, found[0], self._units.regions(at)):
            raise LookupError(instruction_id)
        return found

    def _deeds(self, actor: Actor, one: Instruction) -> list[str]:
        """What is open to the actor: what is the giver's to the giver, what is the department's to its people, and to the center's watch,
        who write down what a department says on the telephone."""
        giver = actor.username == one.given_by and actor.may("give_instruction")
        center = not actor.departments and not actor.regions
        theirs = center or _is_of(actor, one.department, self._units.regions())
        department = actor.may("answer_instruction") and theirs and not giver
        whose = {"giver": giver, "department": department}
        return [name for name, deed in DEEDS.items() if one.state in deed.start and whose[deed.whose]]

    def watch(self, now: int) -> int:
        """Tell the department and the giver once of each answer that is overdue; run by jobs.py. Returns how many notices were new."""
        late = self._store.overdue(now)
        return sum(self._tell(one, "instruction_overdue", [one.given_by, *self._department(one, now)], "", one.text, now) for one in late)

    def _department(self, one: Instruction, now: int) -> list[str]:
        chain, _ = self._people.chain(now, one.department)
        return list(dict.fromkeys([*chain, *self._people.of("handler", [one.department], one.region)]))

    def _tell(self, one: Instruction, template: str, whom: Sequence[str], by: str, said: str, now: int) -> int:
        others = [name for name in whom if name != by]
        thing = f"instruction:{one.instruction_id}:{one.version}:{template}"
        params = {"number": one.number, "title": one.title, "by": by or one.given_by, "said": said[:TITLE]}
        return self._notices.tell(others, thing, template, params, f"/instructions?id={one.instruction_id}", now, one.exercise)


def _said(text: str) -> str:
    if not text.strip():
        raise NotTaken("empty", value="text")
    return written(text, "text")


def _of(incident: Incident) -> list[Instruction]:
    about = {name: getattr(incident, name) for name in ("number", "title", "region", "exercise")}
    return [of_incident(incident.incident_id, said, name, about) for name, said in incident.instructions.items()]


def _sees(actor: Actor, one: Instruction, regions: Mapping[str, Region]) -> bool:
    """Whoever gave it, the department or town it was given to, and those whose scope covers its place."""
    if one.given_by == actor.username or _is_of(actor, one.department, regions):
        return True
    return not actor.departments and (not actor.regions or bool(actor.regions.intersection(ancestors(one.region, dict(regions)))))


def _is_of(actor: Actor, department: str, regions: Mapping[str, Region]) -> bool:
    """Whether the actor belongs to the department, or to the town where that is one."""
    return department in actor.departments or bool(actor.regions.intersection(ancestors(department, dict(regions))))
