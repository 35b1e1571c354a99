"""The states of an incident's three spines, each named on the screens by what is owed (DOMAIN: 待受理, 待核实 …), not by what happened.

case: a city-management case 数字城管 (GB/T 30428); order: a hotline order 热线工单 (GB/T 33358); emergency: 应急.
"""

from typing import NamedTuple


class State(NamedTuple):
    """One state: its code, what is owed in it (zh, en), and whether the incident is still open."""

    code: str
    owed: str
    owed_en: str
    open: bool = True


CASE = (
    State("reported", "待受理", "awaiting intake"),
    State("accepted", "待核实", "awaiting verification"),
    State("verified", "待立案", "awaiting filing"),
    State("filed", "待派遣", "awaiting dispatch"),
    State("dispatched", "待签收", "awaiting acceptance"),
    State("handling", "处置中", "being handled"),
    State("fed_back", "待核查", "awaiting check"),
    State("checked", "待结案", "awaiting closing"),
    State("closed", "已结案", "closed", False),
    State("evaluated", "已评价", "evaluated", False),
)
ORDER = (
    State("reported", "待受理", "awaiting intake"),
    State("accepted", "待派单", "awaiting assignment"),
    State("dispatched", "待签收", "awaiting acceptance"),
    State("handling", "处置中", "being handled"),
    State("answered", "待回访", "awaiting call-back"),
    State("called_back", "待办结", "awaiting completion"),
    State("completed", "已办结", "completed", False),
    State("archived", "已归档", "archived", False),
)
EMERGENCY = (
    State("reported", "待核实", "awaiting verification"),
    State("verified", "待先期处置", "awaiting initial action"),
    State("initial_action", "待研判", "awaiting assessment"),
    State("assessed", "待启动响应", "awaiting response"),
    State("responding", "指挥处置中", "under command"),
    State("ended", "待善后", "awaiting aftermath work"),
    State("aftermath", "待总结评估", "awaiting review"),
    State("reviewed", "已总结评估", "reviewed", False),
)
ENDED_OTHERWISE = (
    State("not_accepted", "不予受理", "not accepted", False),
    State("not_filed", "不予立案", "not filed", False),
    State("void", "已作废", "void", False),
    State("merged", "已并案", "merged", False),
    State("handed_over", "已移交", "handed over", False),
)

SPINES: dict[str, tuple[State, ...]] = {
    "case": CASE + ENDED_OTHERWISE,
    "order": ORDER + ENDED_OTHERWISE,
    "emergency": EMERGENCY + ENDED_OTHERWISE,
}
FIRST = "reported"
"""Where every incident begins, whatever its spine."""

SAID_DONE = ("fed_back", "checked", "answered", "called_back")
"""Open states in which somebody has said that it is done: fed back, checked, answered, called back."""

GRADES = ("I", "II", "III", "IV", "ungraded")
"""事件等级: 特别重大, 重大, 较大, 一般, 未定级; worst first. By law for natural disasters, accidents and public-health incidents only."""
RESPONSE_LEVELS = ("1", "2", "3", "4")
"""响应级别: 一级 to 四级. Never merged with the grade or with a warning's colour."""
URGENCIES = ("critical", "urgent", "normal")
"""How bad it looked to whoever reported it: 特急, 紧急, 一般. A grade is given later, by those who may."""

STATE = {(spine, state.code): state for spine, states in SPINES.items() for state in states}


def state_of(spine: str, code: str) -> State:
    """The state of that code; KeyError for one that the spine does not have."""
    return STATE[spine, code]


def open_states(spine: str) -> frozenset[str]:
    """The states in which something is still owed."""
    return frozenset(state.code for state in SPINES[spine] if state.open)
