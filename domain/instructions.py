"""Leaders' instructions 批示 about an incident, an indicator, a town or anything else: their ledger, from being given to being closed.

Given to a department, with a deadline where there is one; the department takes it and answers; whoever gave it closes it, or sends it back
because the answer is not enough. A deed is an event and stays; what an instruction is follows from its events. An instruction about an
incident lives in that incident's own events (domain/incident_fold.py): there the answer ends it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

ABOUT = ("incident", "indicator", "region", "matter")
GIVEN, TAKEN, ANSWERED, CLOSED, WITHDRAWN = "given", "taken", "answered", "closed", "withdrawn"
STATES = (GIVEN, TAKEN, ANSWERED, CLOSED, WITHDRAWN)
"""Named on screens by what is owed: 待签收, 办理中, 已答复待阅, 已办结, 已撤回."""
OWED = (GIVEN, TAKEN)
"""The department owes an answer."""
OPEN = (*OWED, ANSWERED)


class Deed(NamedTuple):
    """From which states, to which (None: it stays), whose it is (`giver` or `department`), and what it must say."""

    start: tuple[str, ...]
    to: str | None
    whose: str
    needs: tuple[str, ...] = ()


DEEDS: Mapping[str, Deed] = {
    "take": Deed((GIVEN,), TAKEN, "department"),
    "answer": Deed(OWED, ANSWERED, "department", ("text",)),
    "remind": Deed(OWED, None, "giver"),
    "extend": Deed(OWED, None, "giver", ("due_at",)),
    "send_back": Deed((ANSWERED,), TAKEN, "giver", ("text",)),
    "close": Deed((ANSWERED,), CLOSED, "giver"),
    "withdraw": Deed(OPEN, WITHDRAWN, "giver", ("text",)),
}
"""签收, 答复, 催办, 延期, 退回重办, 办结, 撤回."""


class Event(NamedTuple):
    """One line of the ledger; `data` may say `text` and `due_at` (epoch ms). The first is `give`. Versions count from 1 without a gap."""

    version: int
    deed: str
    at: int
    actor: str
    data: Mapping[str, Any]


class Instruction(NamedTuple):
    """An instruction as its events tell it. `about` is one of ABOUT, `object` what it is about: an incident's id, an indicator's code, a
    region's code; `title` names it as it was then. Times are epoch ms."""

    instruction_id: str
    number: str
    about: str
    object: str
    title: str
    region: str
    department: str
    text: str = ""
    state: str = GIVEN
    version: int = 0
    given_by: str = ""
    given_at: int = 0
    due_at: int | None = None
    answer: str = ""
    answered_by: str = ""
    answered_at: int | None = None
    ended_at: int | None = None
    reminders: int = 0
    returns: int = 0
    exercise: bool = False

    def overdue(self, at: int) -> bool:
        """Whether the department owes an answer that was due before then; due at this very moment is in time."""
        return self.state in OWED and self.due_at is not None and self.due_at < at


def fold(blank: Instruction, events: Iterable[Event]) -> Instruction:
    """The instruction as these events make it."""
    for event in events:
        blank = apply(blank, event)
    return blank


def apply(one: Instruction, event: Event) -> Instruction:
    """The instruction after one more event."""
    said, deed = event.data, DEEDS.get(event.deed)
    state = GIVEN if event.deed == "give" else (deed.to if deed and deed.to else one.state)
    after = one._replace(state=state, version=event.version, due_at=said.get("due_at", one.due_at))
    changes: dict[str, dict[str, Any]] = {
        "give": {"text": said.get("text", ""), "given_by": event.actor, "given_at": event.at},
        "answer": {"answer": said.get("text", ""), "answered_by": event.actor, "answered_at": event.at},
        "remind": {"reminders": one.reminders + 1},
        "send_back": {"returns": one.returns + 1},
        "close": {"ended_at": event.at},
        "withdraw": {"ended_at": event.at},
    }
    return after._replace(**changes.get(event.deed, {}))


def why_not(one: Instruction, deed: str, said: Mapping[str, Any], now: int) -> str:
    """Why the deed cannot be done now: `unknown_deed`, `gone_on` (its state has moved), `empty`, `wrong_time`; empty where it can."""
    known = DEEDS.get(deed)
    if known is None:
        return "unknown_deed"
    if one.state not in known.start:
        return "gone_on"
    if "text" in known.needs and not str(said.get("text") or "").strip():
        return "empty"
    due = said.get("due_at")
    if ("due_at" in known.needs and due is None) or (due is not None and due <= now):
        return "wrong_time"
    return ""


def of_incident(incident_id: str, said: Mapping[str, Any], name: str, about: Mapping[str, Any]) -> Instruction:
    """One of an incident's own instructions (Incident.instructions) as a line of the ledger. `about`: number, title, region, exercise."""
    state = {"": GIVEN, "done": CLOSED}.get(said["ended"], WITHDRAWN)
    return Instruction(
        name, about["number"], "incident", incident_id, about["title"], about["region"], said["lead"], said["text"], state, 1, said["by"],
        said["at"], said["until"], said["answer"], said["answered_by"] if state == CLOSED else "", said["answered_at"],
        said["answered_at"], exercise=about["exercise"],
    )  # fmt: skip


def by_need(ledger: Iterable[Instruction], at: int) -> list[Instruction]:
    """What somebody must look at first: answers to be read, then overdue ones, then what is due next; the newest of what is over last."""
    rank = {ANSWERED: 0, GIVEN: 2, TAKEN: 2, CLOSED: 3, WITHDRAWN: 3}

    def key(one: Instruction) -> tuple[int, int, int, str]:
        first = 1 if one.overdue(at) else rank[one.state]
        return first, (one.due_at or 2**53) if first < 3 else 0, -one.given_at, one.number

    return sorted(ledger, key=key)
