"""An incident is the fold of its events: nothing about it is known that no event says. `incident_events` is append-only.

An event carries what the deed decided (the new state, the clocks as they then stood), so the fold asks neither the tables of
domain/incidents.py nor a calendar, and an old incident reads the same after either was changed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from domain.clocks import Clock
from domain.incident_life import Event, Incident

Change = Callable[[Incident, Event], dict[str, Any]]
TOLD = (
    "spine",
    "source",
    "class_code",
    "title",
    "description",
    "urgency",
    "region",
    "place",
    "owner",
    "caller",
    "told",
    "exercise",
    "handed_from",
)
"""Fields that a report or a correction may set."""
HANDLING = frozenset({"sign", "feed_back", "answer", "begin_initial_action"})
"""Who does one of these has handled the incident, and can neither check nor close it."""


def _report(incident: Incident, event: Event) -> dict[str, Any]:
    said = {name: event.data[name] for name in (*TOLD, "occurred_at") if name in event.data}
    return {**said, "alarms": tuple(event.data.get("alarms", ())), "reported_at": event.at, "reported_by": event.actor}


def _correct(incident: Incident, event: Event) -> dict[str, Any]:
    return {name: event.data[name] for name in (*TOLD, "occurred_at", "grade") if name in event.data}


def _assign(incident: Incident, event: Event) -> dict[str, Any]:
    """Joint handling that was agreed after a return holds for one assignment."""
    assigned = {"lead": event.data["lead"], "assisting": tuple(event.data.get("assisting", ())), "rule_id": event.data.get("rule_id", "")}
    return {**assigned, "joint": incident.joint and not incident.returns}


def _return(incident: Incident, event: Event) -> dict[str, Any]:
    link = {"lead": incident.lead, "by": event.data.get("proposed_by", event.actor), "at": event.at, "reason": event.data["reason"]}
    return {"returns": (*incident.returns, link), "lead": "", "assisting": (), "joint": False}


def _dispute(incident: Incident, event: Event) -> dict[str, Any]:
    said = {"by": event.actor, "at": event.at, "reason": event.data["reason"], "rule_id": incident.rule_id, "answer": ""}
    return {"disputes": (*incident.disputes, said)}


def _answer_dispute(incident: Incident, event: Event) -> dict[str, Any]:
    answered = {"answer": event.data["answer"], "answered_by": event.actor, "answered_at": event.at}
    return {"disputes": tuple(one if one["answer"] else {**one, **answered} for one in incident.disputes)}


def _joint(incident: Incident, event: Event) -> dict[str, Any]:
    return {"joint": True, "lead": event.data["lead"], "assisting": tuple(event.data["assisting"])}


def _hand_over(incident: Incident, event: Event) -> dict[str, Any]:
    return {"handovers": (*incident.handovers, {**event.data, "at": event.at, "receipt": ""})}


def _receipt(incident: Incident, event: Event) -> dict[str, Any]:
    return _received(incident, event, {"receipt": event.data["receipt"]})


def _hand_back(incident: Incident, event: Event) -> dict[str, Any]:
    return _received(incident, event, {"refused": event.data["reason"]})


def _received(incident: Incident, event: Event, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the other house said of what was handed over to it."""
    done, to = {**said, "received_by": event.actor, "received_at": event.at}, event.data["incident_id"]
    return {"handovers": tuple({**one, **done} if one.get("incident_id") == to else one for one in incident.handovers)}


def _absorb(incident: Incident, event: Event) -> dict[str, Any]:
    alarms = dict.fromkeys((*incident.alarms, *event.data.get("alarms", ())))
    return {"merged_from": (*incident.merged_from, event.data["incident_id"]), "alarms": tuple(alarms)}


def _figure(incident: Incident, event: Event) -> dict[str, Any]:
    what, source = event.data["what"], event.data["source"]
    claim = {"value": event.data["value"], "at": event.at, "by": event.actor}
    known = dict(incident.figures.get(what, {"agreed": None, "claims": {}}))
    return {"figures": {**incident.figures, what: {**known, "claims": {**known["claims"], source: claim}}}}


def _confirm_figure(incident: Incident, event: Event) -> dict[str, Any]:
    what = event.data["what"]
    known = incident.figures.get(what, {"agreed": None, "claims": {}})
    version = (known["agreed"]["version"] if known["agreed"] else 0) + 1
    agreed = {"value": event.data["value"], "version": version, "at": event.at, "confirmer": event.actor}
    return {"figures": {**incident.figures, what: {**known, "agreed": agreed}}}


def _unit(incident: Incident, event: Event) -> dict[str, Any]:
    """Each unit's times here: the first of each step counts. `due_at` (epoch ms): when it was expected, as reckoned when it was sent."""
    known = incident.units.get(event.data["unit_id"], {"department": "", "times": {}})
    times = {event.data["status"]: event.at, **known["times"]}
    department = event.data.get("department") or known["department"]
    due_at = event.at + event.data["seconds"] * 1000 if "seconds" in event.data else known.get("due_at")
    now = {"status": event.data["status"], "department": department, "times": times, "due_at": due_at}
    return {"units": {**incident.units, event.data["unit_id"]: now}}


def _instruct(incident: Incident, event: Event) -> dict[str, Any]:
    """An instruction under its id, which is also its task's; `ended` is empty while an answer is owed."""
    said = {"text": event.data["text"], "by": event.actor, "at": event.at, "lead": event.data.get("lead") or incident.lead}
    asked = {**said, "until": event.data.get("until"), "ended": "", "answer": "", "answered_by": "", "answered_at": None}
    return {"instructions": {**incident.instructions, event.data["instruction"]: asked}} if event.data.get("instruction") else {}


def _answer_instruction(incident: Incident, event: Event) -> dict[str, Any]:
    return _end_instruction(incident, event, event.data["instruction"], "done", event.data["text"])


def _task(incident: Incident, event: Event) -> dict[str, Any]:
    """The task of an instruction is done with its answer, or no longer needed; other tasks change nothing here."""
    over = event.data["status"] in ("done", "cancelled")
    return _end_instruction(incident, event, event.data["task_id"], event.data["status"], event.data.get("note", "")) if over else {}


def _end_instruction(incident: Incident, event: Event, instruction: str, ended: str, answer: str) -> dict[str, Any]:
    known = incident.instructions.get(instruction)
    if known is None or known["ended"]:
        return {}
    said = {**known, "ended": ended, "answer": answer, "answered_by": event.actor, "answered_at": event.at}
    return {"instructions": {**incident.instructions, instruction: said}}


def _phone_report(incident: Incident, event: Event) -> dict[str, Any]:
    """An information report given by phone: which, to whom, when (`at`, epoch ms) and by whom."""
    said = {"which": event.data["which"], "who": event.data["who"], "at": event.data.get("called_at") or event.at, "by": event.actor}
    return {"phoned": (*incident.phoned, said)}


def _propose(incident: Incident, event: Event) -> dict[str, Any]:
    asked = {"by": event.actor, "at": event.at, "data": dict(event.data["data"])}
    return {"proposals": {**incident.proposals, event.data["deed"]: asked}}


def _refuse(incident: Incident, event: Event) -> dict[str, Any]:
    return {"proposals": _without(incident.proposals, event.data["deed"])}


def _nothing(_: Incident, __: Event) -> dict[str, Any]:
    return {}


def _without(proposals: Mapping[str, Any], deed: str) -> dict[str, Any]:
    return {name: asked for name, asked in proposals.items() if name != deed}


CHANGES: dict[str, Change] = {
    "report": _report,
    "correct": _correct,
    "dispatch": _assign,
    "dispatch_on": _assign,
    "reassign": _assign,
    "return": _return,
    "dispute": _dispute,
    "answer_dispute": _answer_dispute,
    "joint": _joint,
    "hand_over": _hand_over,
    "receipt": _receipt,
    "figure": _figure,
    "confirm_figure": _confirm_figure,
    "unit": _unit,
    "phone_report": _phone_report,
    "instruct": _instruct,
    "answer_instruction": _answer_instruction,
    "task": _task,
    "propose": _propose,
    "refuse": _refuse,
    "extend": lambda incident, event: {"extensions": incident.extensions + 1},
    "rework": lambda incident, event: {"reworks": incident.reworks + 1, "check_agrees": False},
    "redo": lambda incident, event: {"reworks": incident.reworks + 1},
    "check": lambda incident, event: {"check_agrees": bool(event.data.get("picture_agrees"))},
    "remind": lambda incident, event: {"reminders": incident.reminders + 1},
    "supervise": lambda incident, event: {"supervised": True},
    "raise": lambda incident, event: {"raised_to": event.data["to_level"]},
    "defer": lambda incident, event: {"deferred_until": event.data["until"]},
    "resume": lambda incident, event: {"deferred_until": None},
    "carry": lambda incident, event: {"carried": True},
    "assess": lambda incident, event: {"grade": event.data["grade"]},
    "set_grade": lambda incident, event: {"grade": event.data["grade"]},
    "start_response": lambda incident, event: {"response_level": event.data["response_level"]},
    "adjust_response": lambda incident, event: {"response_level": event.data["response_level"]},
    "publish": lambda incident, event: {"published": incident.published + 1},
    "evaluate": lambda incident, event: {"score": event.data["score"]},
    "merge": lambda incident, event: {"merged_into": event.data["into"]},
    "absorb": _absorb,
    "hand_back": _hand_back,
    "link_alarm": lambda incident, event: {"alarms": tuple(dict.fromkeys((*incident.alarms, event.data["alarm_id"])))},
    "open_source": lambda incident, event: {"opened": tuple(dict.fromkeys((*incident.opened, event.data["source"])))},
}
"""What a deed changes beside state and clocks; a deed that is not here changes nothing else (a message, a call, an attachment …)."""


def apply(incident: Incident, event: Event) -> Incident:
    """The incident after `event`. Raises ValueError when the event is not the next one."""
    if event.version != incident.version + 1:
        raise ValueError(f"{incident.number}: event {event.version} does not follow {incident.version}")
    changes = CHANGES.get(event.deed, _nothing)(incident, event)
    if event.deed != "propose" and event.deed in incident.proposals:
        changes["proposals"] = _without(incident.proposals, event.deed)
    if event.data.get("to"):
        changes |= {"state": event.data["to"], "proposals": {}}
    if event.data.get("clocks"):
        changes["clocks"] = {**incident.clocks, **{name: Clock(**clock) for name, clock in event.data["clocks"].items()}}
    if event.deed in HANDLING:
        changes["handled_by"] = incident.handled_by | {event.actor}
    return replace(incident, version=event.version, changed_at=max(incident.changed_at, event.at), **changes)


def fold(incident_id: str, number: str, events: Iterable[Event]) -> Incident:
    """The incident that `events`, in the order of their versions, tell of."""
    incident = Incident(incident_id, number)
    for event in events:
        incident = apply(incident, event)
    return incident
