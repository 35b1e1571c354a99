"""The people and the circumstances of the tests on incidents."""

from collections.abc import Mapping
from typing import Any

from config.incident_limits import load_incident_limits
from domain.access import Actor
from domain.clocks import Allowance, WorkingTime
from domain.incident_decisions import decide
from domain.incident_fold import apply
from domain.incident_guards import Facts
from domain.incident_life import Event, Incident

MINUTE = 60_000
HOUR = 60 * MINUTE
T0 = 1_795_000_000_000
WORKING = WorkingTime("Asia/Shanghai", [(540, 720), (780, 1080)], lambda day: day.weekday() < 5)
ALLOWANCES = {
    "verify": Allowance(0.5, "natural_hours"),
    "file": Allowance(0.5, "natural_hours"),
    "dispatch": Allowance(0.5, "natural_hours"),
    "handle": Allowance(4, "natural_hours"),
    "check": Allowance(2, "natural_hours"),
    "call_back": Allowance(24, "natural_hours"),
}
LIMITS = load_incident_limits()
FACTS = Facts(WORKING, ALLOWANCES, LIMITS.deciding, "event")

OPERATOR = Actor("operator", frozenset({"operator"}))
DISPATCHER = Actor("dispatcher", frozenset({"dispatcher"}))
SHIFT_LEADER = Actor("shift-leader", frozenset({"duty_officer"}))
LEADER = Actor("leader", frozenset({"leader"}))
HANDLER = Actor("handler", frozenset({"handler"}), departments=frozenset({"water"}))
OTHER_HANDLER = Actor("other-handler", frozenset({"handler"}), departments=frozenset({"transport"}))
PEOPLE = (OPERATOR, DISPATCHER, SHIFT_LEADER, LEADER, HANDLER, OTHER_HANDLER)


class Story:
    """One incident, told deed by deed, a minute apart."""

    def __init__(self, spine: str = "case", facts: Facts = FACTS, **said: Any) -> None:
        self.facts, self.now = facts, T0
        data = {"title": "路面积水", "source": "hotline", "spine": spine, "class_code": "c", "region": "441900003", "place": {}, **said}
        self.events = [Event(1, "state", "report", T0, T0, OPERATOR.username, data)]
        self.incident = apply(Incident("00000000-0000-7000-8000-000000000001", "C-441900-0000001"), self.events[0])

    def do(self, actor: Actor, deed: str, data: Mapping[str, Any] | None = None, after: int = MINUTE) -> "Story":
        """The deed, `after` ms later. Raises Refused."""
        self.now += after
        event = decide(self.incident, deed, actor, data or {}, self.now, self.now, self.facts)
        self.events.append(event)
        self.incident = apply(self.incident, event)
        return self

    def handled(self) -> "Story":
        """A case up to 处置中."""
        self.do(OPERATOR, "accept").do(OPERATOR, "verify", {"note": "属实"}).do(SHIFT_LEADER, "file")
        return self.do(DISPATCHER, "dispatch", {"lead": "water"}).do(HANDLER, "sign")
