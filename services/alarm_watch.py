"""What the clock decides about alarms: silences begin and end, acknowledgements that nothing followed expire. Run by jobs.py.

Only ingest writes alarm state, so each decision is put into the inbox for it; while one still waits there none is put in again.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from services.alarm_desk import Commands
from services.alarm_store import Deed
from services.internal import command

CLOCK = "rule:clock"


class Due(NamedTuple):
    """An alarm of a device, and the silence it should be under (None: under none)."""

    alarm_id: str
    device_id: str
    silence_id: str | None = None


class AlarmsDue(Protocol):
    """What PostgreSQL knows (data_adapters/sql/alarms_due.py)."""

    def waiting(self, kinds: frozenset[str]) -> bool:
        """Whether commands of these kinds wait in the inbox."""

    def silences(self, now: int) -> list[Due]:
        """Shown alarms whose silence isn't the one that covers them now."""

    def expired(self, before: Mapping[str, int]) -> list[Due]:
        """Active alarms, not silenced, that were acknowledged before their severity's moment and belong to no incident."""


class AlarmWatch:
    """One a city. `expiry_s`: severity -> seconds, 0 for never."""

    def __init__(self, due: AlarmsDue, commands: Commands, expiry_s: Mapping[str, float]) -> None:
        self._due, self._commands, self._expiry_s = due, commands, expiry_s

    def silence(self, now: int) -> int:
        """Let silences begin and end; returns how many alarms that concerns."""
        if self._due.waiting(frozenset({"silenced", "unsilenced"})):
            return 0
        found = self._due.silences(now)
        for one in found:
            kind = "silenced" if one.silence_id else "unsilenced"
            self._put(Deed(kind, one.alarm_id, "rule:silence", now, one.silence_id or ""), one.device_id)
        return len(found)

    def expire(self, now: int) -> int:
        """Let acknowledgements expire; returns how many do."""
        if self._due.waiting(frozenset({"acknowledgement_expired"})):
            return 0
        found = self._due.expired({severity: now - round(after * 1000) for severity, after in self._expiry_s.items() if after})
        for one in found:
            self._put(Deed("acknowledgement_expired", one.alarm_id, CLOCK, now), one.device_id)
        return len(found)

    def _put(self, deed: Deed, device_id: str) -> None:
        self._commands.put(*command(deed), device_id)
