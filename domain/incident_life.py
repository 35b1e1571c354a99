"""What an incident is, and the events that its life consists of; domain/incident_fold.py makes the one of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from domain.clocks import Clock
from domain.incident_states import FIRST, state_of

KINDS = (
    "state",
    "assignment",
    "level",
    "place",
    "instruction",
    "message",
    "attachment",
    "call",
    "report",
    "unit",
    "figure",
    "link",
    "task",
)
"""What an event is about; `link` ties the incident to alarms, other incidents, feeds and cameras."""


class Event(NamedTuple):
    """One thing that happened. `at`: when, `recorded_at`: when it was written down; `version` counts from 1 without a gap."""

    version: int
    kind: str
    deed: str
    at: int
    recorded_at: int
    actor: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Incident:
    """An incident as its events tell it. Empty texts and None mean: nobody has said."""

    incident_id: str
    number: str
    spine: str = "case"
    state: str = FIRST
    version: int = 0
    source: str = ""
    class_code: str = ""
    title: str = ""
    description: str = ""
    urgency: str = "normal"
    grade: str = "ungraded"
    response_level: str = ""
    region: str = ""
    place: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    caller: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""
    occurred_at: int | None = None
    reported_at: int = 0
    changed_at: int = 0
    reported_by: str = ""
    lead: str = ""
    assisting: tuple[str, ...] = ()
    rule_id: str = ""
    handled_by: frozenset[str] = frozenset()
    proposals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    returns: tuple[Mapping[str, Any], ...] = ()
    disputes: tuple[Mapping[str, Any], ...] = ()
    joint: bool = False
    extensions: int = 0
    reworks: int = 0
    reminders: int = 0
    supervised: bool = False
    raised_to: str = ""
    deferred_until: int | None = None
    carried: bool = False
    published: int = 0
    check_agrees: bool = False
    score: int | None = None
    merged_into: str = ""
    merged_from: tuple[str, ...] = ()
    handovers: tuple[Mapping[str, Any], ...] = ()
    handed_from: str = ""
    alarms: tuple[str, ...] = ()
    units: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    instructions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    opened: tuple[str, ...] = ()
    phoned: tuple[Mapping[str, Any], ...] = ()
    exercise: bool = False

    @property
    def open(self) -> bool:
        """Whether something is still owed."""
        return state_of(self.spine, self.state).open

    @property
    def pressing(self) -> tuple[str, Clock | None]:
        """The clock that lists show: of those that run the one due first, else one that is paused."""
        going = [(name, clock) for name, clock in self.clocks.items() if clock.ended_at is None] if self.open else []
        running = [(name, clock) for name, clock in going if clock.running_since is not None]
        return min(running or going, key=lambda one: (one[1].due_at is None, one[1].due_at or 0, one[0]), default=("", None))

    @property
    def owes_answers(self) -> Mapping[str, Mapping[str, Any]]:
        """The leaders' instructions that nobody has answered yet."""
        return {name: one for name, one in self.instructions.items() if not one["ended"]}

    @property
    def involved(self) -> frozenset[str]:
        """Those it has been given to, and those whose units were sent: whoever works on it sees it."""
        return self.departments | {unit["department"] for unit in self.units.values() if unit.get("department")}

    @property
    def departments(self) -> frozenset[str]:
        """Those it has been given to."""
        return frozenset({self.lead, *self.assisting} - {""})
