"""What people do with alarms. Only ingest writes alarm state, so an acknowledgement is put into the inbox for it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from domain.access import Actor, Forbidden
from domain.registry import Region
from services.alarm_store import Deed
from services.internal import command
from services.ports import AlarmRecord

REASON_AT_MOST = 500


class Commands(Protocol):
    """The inbox, as far as commands need it."""

    def put(self, feed: str, topic: str, payload: bytes, partition_key: str) -> int:
        """Store one message; it is safe when this returns."""


class AlarmDesk:
    """Acknowledgement of alarms by named users, and what they find to be false."""

    def __init__(self, find: Callable[[str], AlarmRecord | None], regions: Callable[[], Mapping[str, Region]], commands: Commands) -> None:
        """`find` gives an alarm by its id, `regions` the regions of now."""
        self._find, self._regions, self._commands = find, regions, commands

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool:
        """Accept an acknowledgement: True when it was passed on, False when there is nothing to acknowledge any more.

        Raises Forbidden without the right, and alike for an alarm outside the actor's scope and for an unknown one.
        """
        alarm = self._mine(actor, alarm_id)
        if alarm.acknowledged_at is not None or alarm.state == "withdrawn":
            return False
        self._commands.put(*command(Deed("acknowledged", alarm_id, actor.username, now)), alarm.device_id)
        return True

    def false_alarm(self, actor: Actor, alarm_id: str, reason: str, now: int) -> bool:
        """Take it that the alarm is false: True when that was passed on, False when it has been said before, or the alarm never was.

        Raises Forbidden as `acknowledge` does, ValueError without a reason or with a very long one.
        """
        alarm = self._mine(actor, alarm_id)
        if not 0 < len(reason.strip()) <= REASON_AT_MOST:
            raise ValueError("a reason")
        if alarm.false_at is not None or alarm.state == "withdrawn":
            return False
        self._commands.put(*command(Deed("false_alarm", alarm_id, actor.username, now, reason.strip())), alarm.device_id)
        return True

    def _mine(self, actor: Actor, alarm_id: str) -> AlarmRecord:
        """An alarm that the actor may decide about. Raises Forbidden."""
        if not actor.may("acknowledge_alarm"):
            raise Forbidden("acknowledge_alarm: no role of yours has this right")
        alarm = self._find(alarm_id)
        if alarm is None or not actor.sees(alarm.region, alarm.department, dict(self._regions())):
            raise Forbidden("acknowledge_alarm: no such alarm in your scope")
        return alarm
