"""What people do with alarms. Only ingest writes alarm state, so an acknowledgement is put into the inbox for it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from domain.access import Actor, Forbidden
from domain.registry import Region
from services.alarm_store import Deed
from services.internal import command
from services.ports import AlarmRecord


class Commands(Protocol):
    """The inbox, as far as commands need it."""

    def put(self, feed: str, topic: str, payload: bytes, partition_key: str) -> int:
        """Store one message; it is safe when this returns."""


class AlarmDesk:
    """Acknowledgement of alarms by named users."""

    def __init__(self, find: Callable[[str], AlarmRecord | None], regions: Callable[[], Mapping[str, Region]], commands: Commands) -> None:
        """`find` gives an alarm by its id, `regions` the regions of now."""
        self._find, self._regions, self._commands = find, regions, commands

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool:
        """Accept an acknowledgement: True when it was passed on, False when there is nothing to acknowledge any more.

        Raises Forbidden without the right, and alike for an alarm outside the actor's scope and for an unknown one.
        """
        if not actor.may("acknowledge_alarm"):
            raise Forbidden("acknowledge_alarm: no role of yours has this right")
        alarm = self._find(alarm_id)
        if alarm is None or not actor.sees(alarm.region, alarm.department, dict(self._regions())):
            raise Forbidden("acknowledge_alarm: no such alarm in your scope")
        if alarm.acknowledged_at is not None or alarm.state == "withdrawn":
            return False
        self._commands.put(*command(Deed("acknowledged", alarm_id, actor.username, now)), alarm.device_id)
        return True
