"""What may be done with an incident: TRANSITIONS says, per deed, from which states to which, by whom, with what, and which clocks it moves.

A deed with an `approval` only takes effect when somebody of that role does it or approves it; anybody else's attempt is a proposal
(报批) that waits. Who has handled an incident neither checks nor closes it. Rules: GB/T 30428 (cases), GB/T 33358 (hotline orders), the
emergency plans' chain 接报 … 总结评估; DOMAIN names each.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.incident_clocks import STEPS
from domain.incident_states import SPINES, open_states

WATCH = frozenset({"operator", "duty_officer"})
"""The watch side 监督中心: accepts, files, checks, closes."""
COMMAND = frozenset({"dispatcher", "duty_officer"})
"""The command side 指挥中心: dispatches."""
HANDLER = frozenset({"handler"})
LEADING = frozenset({"duty_officer", "leader"})
TASKS = frozenset({"tasks"})
"""Nobody's role: services/tasks.py writes what happens to tasks, in the name of whoever did it."""
CALENDAR = frozenset({"calendar"})
"""Nobody's role: services/recounting.py counts clocks again by another calendar."""
ANYBODY = WATCH | COMMAND | HANDLER | LEADING
SHIFT_LEADER = "duty_officer"
ASKS = HANDLER | COMMAND


class Transition(NamedTuple):
    """One deed. `to` None leaves the state; `needs` are fields that must be said; `guards` are rules of domain/incident_guards.py;
    `clocks` are (what, clock): start, pause, resume, end, extend."""

    deed: str
    start: frozenset[str]
    to: str | None
    roles: frozenset[str]
    needs: tuple[str, ...] = ()
    approval: str = ""
    guards: tuple[str, ...] = ()
    clocks: tuple[tuple[str, str], ...] = ()
    kind: str = "state"


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


WITH_UNIT = _from("dispatched", "handling")
SIGN = Transition("sign", _from("dispatched"), "handling", HANDLER, guards=("of_its_department",))
REASSIGN = Transition("reassign", WITH_UNIT, "dispatched", COMMAND, ("lead", "reason"), kind="assignment")
DISPATCHED = (("end", "dispatch"), ("begin", "handle"))

CASE = (
    Transition("accept", _from("reported"), "accepted", WATCH, clocks=(("start", "verify"),)),
    Transition("accept_verified", _from("reported"), "verified", WATCH, guards=("collector_saw_it",), clocks=(("start", "file"),)),
    Transition("decline", _from("reported"), "not_accepted", WATCH, ("reason",)),
    Transition("verify", _from("accepted"), "verified", WATCH | HANDLER, ("note",), clocks=(("end", "verify"), ("start", "file"))),
    Transition("file", _from("verified"), "filed", WATCH, (), SHIFT_LEADER, ("classed", "placed"),
        (("end", "file"), ("start", "dispatch"))),
    Transition("decline_filing", _from("verified"), "not_filed", WATCH, ("reason",), SHIFT_LEADER, clocks=(("end", "file"),)),
    Transition("dispatch", _from("filed"), "dispatched", COMMAND, ("lead",), "", ("joint_after_returns",), DISPATCHED, "assignment"),
    Transition("dispatch_on", _from("dispatched"), None, COMMAND | HANDLER, ("lead",), guards=("of_its_department",), kind="assignment"),
    SIGN,
    REASSIGN,
    Transition("return", WITH_UNIT, "filed", ASKS, ("reason",), SHIFT_LEADER, clocks=(("pause", "handle"), ("start", "dispatch"))),
    Transition("feed_back", _from("handling"), "fed_back", HANDLER, ("note",), "", ("of_its_department",),
        (("pause", "handle"), ("start", "check"))),
    Transition("check", _from("fed_back"), "checked", WATCH | HANDLER, ("note",), "", ("not_its_handler",),
        (("end", "check"), ("end", "handle"))),
    Transition("rework", _from("fed_back"), "handling", WATCH | HANDLER, ("reason",), "", ("not_its_handler",),
        (("end", "check"), ("resume", "handle"))),
    Transition("close", _from("checked"), "closed", WATCH, (), SHIFT_LEADER, ("not_its_handler", "world_agrees")),
    Transition("evaluate", _from("closed"), "evaluated", WATCH | LEADING, ("score",)),
)  # fmt: skip
ORDER = (
    Transition("accept", _from("reported"), "accepted", WATCH, clocks=(("start", "dispatch"),)),
    Transition("decline", _from("reported"), "not_accepted", WATCH, ("reason",)),
    Transition("answer_directly", _from("accepted"), "answered", WATCH, ("note",), clocks=(("end", "dispatch"), ("start", "call_back"))),
    Transition("dispatch", _from("accepted"), "dispatched", COMMAND | WATCH, ("lead",), "", ("classed", "joint_after_returns"),
        DISPATCHED, "assignment"),
    SIGN,
    REASSIGN,
    Transition("return", WITH_UNIT, "accepted", ASKS, ("reason",), SHIFT_LEADER, clocks=(("pause", "handle"), ("start", "dispatch"))),
    Transition("answer", _from("handling"), "answered", HANDLER, ("note",), "", ("of_its_department",),
        (("pause", "handle"), ("start", "call_back"))),
    Transition("call_back", _from("answered"), "called_back", WATCH, ("satisfied",), "", ("not_its_handler",),
        (("end", "call_back"), ("end", "handle"))),
    Transition("redo", _from("answered"), "handling", WATCH, ("reason",), "", ("was_handled",),
        (("end", "call_back"), ("resume", "handle"))),
    Transition("complete", _from("called_back"), "completed", WATCH, (), SHIFT_LEADER, ("not_its_handler", "world_agrees")),
    Transition("archive", _from("completed"), "archived", WATCH),
)  # fmt: skip
EMERGENCY = (
    Transition("decline", _from("reported"), "not_accepted", WATCH, ("reason",)),
    Transition("verify", _from("reported"), "verified", WATCH, ("note",)),
    Transition("begin_initial_action", _from("verified"), "initial_action", WATCH | COMMAND, ("note",)),
    Transition("assess", _from("initial_action"), "assessed", LEADING, ("note", "grade"), guards=("grade_by_law",), kind="level"),
    Transition("start_response", _from("assessed"), "responding", LEADING, ("response_level",), "leader", kind="level"),
    Transition("stand_down", _from("assessed"), "ended", LEADING, ("reason",), "leader"),
    Transition("adjust_response", _from("responding"), None, LEADING, ("response_level", "reason"), "leader", kind="level"),
    Transition("publish", _from("responding", "ended"), None, LEADING, ("text",), kind="report"),
    Transition("end_response", _from("responding"), "ended", LEADING, ("reason",), "leader", ("published_or_said_why", "world_agrees")),
    Transition("begin_aftermath", _from("ended"), "aftermath", LEADING | COMMAND, ("note",)),
    Transition("review", _from("aftermath"), "reviewed", LEADING, ("summary", "lessons"), "leader", ("not_its_handler",)),
)


def _common(spine: str) -> tuple[Transition, ...]:
    """Deeds that every spine knows, in any of its open states."""
    still = open_states(spine)
    given = still & {"dispatched", "handling"}
    return (
        Transition("correct", still, None, WATCH | COMMAND, ("reason",), guards=("grade_by_law",), kind="place"),
        Transition("set_grade", still, None, LEADING, ("grade", "reason"), guards=("grade_by_law",), kind="level"),
        Transition("void", still, "void", WATCH, ("reason",), SHIFT_LEADER),
        Transition("merge", still, "merged", WATCH | COMMAND, ("into",), guards=("not_into_itself",), kind="link"),
        Transition("absorb", still, None, WATCH | COMMAND, ("incident_id",), kind="link"),
        Transition("hand_over", still, None, WATCH | COMMAND, ("spine", "reason"), guards=("other_spine",), kind="link"),
        _receipt(spine),
        Transition("hand_back", _all(spine), None, WATCH | COMMAND, ("incident_id", "reason"), kind="link"),
        Transition("extend", given, None, HANDLER | COMMAND, ("amount", "unit", "reason"), SHIFT_LEADER, ("before_deadline", "same_time"),
            (("extend", "handle"),)),
        Transition("defer", given, None, HANDLER | COMMAND, ("until", "reason"), SHIFT_LEADER, ("not_deferred",), (("pause", "handle"),)),
        Transition("resume", given, None, HANDLER | COMMAND, (), "", ("deferred",), (("resume", "handle"),)),
        Transition("carry", given, None, HANDLER | COMMAND, ("reason",), SHIFT_LEADER, ("past_deadline_or_extended",)),
        Transition("joint", still, None, COMMAND, ("lead", "assisting", "decision"), kind="assignment"),
        Transition("dispute", given, None, HANDLER, ("reason",), guards=("of_its_department",), kind="message"),
        Transition("answer_dispute", still, None, COMMAND, ("answer",), guards=("disputed",), kind="message"),
        Transition("remind", still, None, WATCH | COMMAND | LEADING, ("note",), kind="message"),
        Transition("supervise", still, None, LEADING, ("note",), kind="instruction"),
        Transition("raise", still, None, WATCH | COMMAND | LEADING, ("to_level", "reason"), SHIFT_LEADER, kind="level"),
        *_said(spine),
    )  # fmt: skip


def _said(spine: str) -> tuple[Transition, ...]:
    """Deeds of every spine that write something down and leave the state as it is."""
    still = open_states(spine)
    return (
        Transition("instruct", still, None, LEADING, ("text",), kind="instruction"),
        Transition("answer_instruction", _all(spine), None, ANYBODY, ("instruction", "text"),
            guards=("instructed", "known_instruction"), kind="instruction"),
        Transition("say", _all(spine), None, ANYBODY, ("text",), kind="message"),
        Transition("call", _all(spine), None, ANYBODY, ("who", "text"), kind="call"),
        Transition("attach", _all(spine), None, ANYBODY, ("attachment_id",), kind="attachment"),
        Transition("ask_for_help", still, None, ANYBODY, ("text",), kind="message"),
        Transition("figure", still, None, ANYBODY, ("what", "value", "source"), guards=("known_figure",), kind="figure"),
        Transition("confirm_figure", still, None, LEADING, ("what", "value"), guards=("known_figure",), kind="figure"),
        Transition("link_alarm", still, None, WATCH | COMMAND, ("alarm_id",), kind="link"),
        Transition("open_source", _all(spine), None, ANYBODY, ("source",), kind="link"),
        Transition("unit", still, None, ANYBODY, ("unit_id", "status"), kind="unit"),
        Transition("task", _all(spine), None, TASKS, ("task_id", "status"), kind="task"),
        Transition("phone_report", _all(spine), None, WATCH | LEADING, ("which", "who"), guards=("called_by_now",), kind="report"),
        Transition("recount", still, None, CALENDAR, clocks=tuple(("refresh", name) for name in (*STEPS, "handle"))),
        Transition("file_report", _all(spine), None, ANYBODY, ("report_id",), kind="report"),
    )  # fmt: skip


def _receipt(spine: str) -> Transition:
    """The receipt of a hand-over ends a case here; an order stays open, for its caller is owed an answer, and so does an emergency."""
    start, to = (open_states(spine), "handed_over") if spine == "case" else (_all(spine), None)
    return Transition("receipt", start, to, WATCH | COMMAND, ("incident_id", "receipt"), kind="link")


def _all(spine: str) -> frozenset[str]:
    return frozenset(state.code for state in SPINES[spine])


OF_SPINE = {"case": CASE, "order": ORDER, "emergency": EMERGENCY}
TRANSITIONS: dict[tuple[str, str], Transition] = {
    (spine, transition.deed): transition for spine, own in OF_SPINE.items() for transition in (*own, *_common(spine))
}
"""(spine, deed) -> what it takes."""
BY_SERVICES = frozenset({"absorb", "receipt", "hand_back", "unit", "file_report", "recount"})
"""Deeds that only come with something else: a merge, a hand-over, a unit's step, a report, another calendar. Nobody does them by name."""
WITH_A_FILE = frozenset({"attach"})
"""Deeds that people do by handing in a file, and that are written once it is kept."""
APPROVALS = ("approve", "refuse")
"""What is done with a proposal: approving does the deed, refusing 驳回 says why."""


class Refused(Exception):
    """A move that is not open. `code` is the reason's name, `params` its numbers and names, `open` the deeds that are open instead."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None, open: tuple[str, ...] = ()) -> None:
        super().__init__(code, dict(params or {}), open)
        self.code, self.params, self.open = code, dict(params or {}), open


def transition_of(spine: str, deed: str) -> Transition:
    """The deed on that spine. Raises Refused `unknown_deed`."""
    found = TRANSITIONS.get((spine, deed))
    if found is None:
        raise Refused("unknown_deed", {"deed": deed, "spine": spine})
    return found
