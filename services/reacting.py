"""Acting on what was written down about incidents: every event once, soon after it was recorded, in the order of the recording.

Events are read since a cursor that is kept, minus an overlap, for a transaction that began earlier may become visible later. Whoever
acts must bear to see an event again: after a kill the overlap is read anew.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.incident_life import Event, Incident
from services.reactions import Happened

OVERLAP_MS = 60_000
AT_ONCE = 500


class Recorded(NamedTuple):
    """An event with its id and its incident's."""

    event_id: str
    incident_id: str
    event: Event


class EventStream(Protocol):
    """The events of all incidents as they are recorded (data_adapters/sql/event_stream.py)."""

    def since(self, at: int, but: Collection[str], most: int) -> list[Recorded]:
        """Up to `most` recorded from `at` on, without those of these ids, in the order of the recording."""


class Cursor(Protocol):
    """A moment that is kept (data_adapters/sql/cursor_repository.py)."""

    def get(self, otherwise: int) -> int: ...

    def set(self, at: int) -> None: ...


Acting = Callable[[Happened, int], object]


class Reacting:
    """Gives new events to everybody who acts on them. One per process."""

    def __init__(self, stream: EventStream, cursor: Cursor, find: Callable[[str], Incident | None], acting: Sequence[Acting]) -> None:
        self._stream, self._cursor, self._find, self._acting = stream, cursor, find, acting
        self._seen: dict[str, int] = {}

    def round(self, now: int) -> int:
        """Act on what is new at `now`; returns how many events there were."""
        come_to = self._cursor.get(now)
        self._seen = {event_id: at for event_id, at in self._seen.items() if at >= come_to - OVERLAP_MS}
        found = self._stream.since(come_to - OVERLAP_MS, self._seen.keys(), AT_ONCE)
        known: dict[str, Incident | None] = {}
        for one in found:
            if one.incident_id not in known:
                known[one.incident_id] = self._find(one.incident_id)
            self._act(known, one, now)
            self._seen[one.event_id] = one.event.recorded_at
        if found:
            self._cursor.set(min(found[-1].event.recorded_at, now))
        return len(found)

    def _act(self, known: Mapping[str, Incident | None], one: Recorded, now: int) -> None:
        incident = known[one.incident_id]
        if incident is not None:
            for act in self._acting:
                act(Happened(incident, one.event), now)
