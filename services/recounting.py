"""Another calendar: when the working days or hours that a city counts by have changed (a year was added), the clocks that run are
counted again, once."""

from collections.abc import Callable, Sequence
from typing import Protocol

from domain.access import Actor
from domain.clocks import WorkingTime, refresh
from domain.incident_life import Incident
from services.incident_desk import IncidentDesk
from services.incident_ports import Changed, Step

CALENDAR = Actor("calendar", frozenset({"calendar"}))
"""In whose name it is written down; people have no such role."""


class Marks(Protocol):
    """What a job remembers (data_adapters/sql/job_marks.py)."""

    def get(self) -> str: ...

    def set(self, mark: str) -> None: ...


class Recounting:
    """Looks at every open incident when the calendar is another one than it last was. Run by jobs.py."""

    def __init__(
        self, desk: IncidentDesk, open_ones: Callable[[], Sequence[str]], working: WorkingTime, calendar: str, marks: Marks
    ) -> None:
        """`calendar`: what tells one calendar from another; `open_ones`: ids of all open incidents."""
        self._desk, self._open_ones, self._working, self._calendar, self._marks = desk, open_ones, working, calendar, marks

    def round(self, now: int) -> int:
        """Count again where the calendar has changed; returns how many incidents have another deadline. What somebody else changes
        meanwhile is counted at the next round, and then the calendar is marked as known."""
        if self._marks.get() == self._calendar:
            return 0
        counted = [self._recount(incident_id, now) for incident_id in self._open_ones()]
        if None not in counted:
            self._marks.set(self._calendar)
        return sum(bool(one) for one in counted)

    def _recount(self, incident_id: str, now: int) -> bool | None:
        """Whether its clocks changed; None where somebody was faster."""
        incident = self._desk.store.find(incident_id)
        if incident is None or not incident.open or not self._moved(incident):
            return False
        step: Step = self._desk.next_step(incident, "recount", CALENDAR, {}, now)
        try:
            self._desk.store.append([step])
        except Changed:
            return None
        return True

    def _moved(self, incident: Incident) -> bool:
        return any(refresh(clock, self._working) != clock for clock in incident.clocks.values())
