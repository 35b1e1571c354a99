"""Deeds that leave a trace in the audit log, whichever face or program they were done from."""

from collections.abc import Callable
from typing import Protocol

from domain.access import Actor, Forbidden
from services.audit import Audit


class Acknowledging(Protocol):
    """services/alarm_desk.py."""

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool: ...
    def false_alarm(self, actor: Actor, alarm_id: str, reason: str, now: int) -> bool: ...


class AuditedAlarmDesk:
    """The alarm desk, with every deed and every refusal written down."""

    def __init__(self, desk: Acknowledging, audit: Audit) -> None:
        self._desk = desk
        self._audit = audit

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool:
        """As AlarmDesk.acknowledge."""
        return self._written(actor, "acknowledge", alarm_id, now, lambda: self._desk.acknowledge(actor, alarm_id, now))

    def false_alarm(self, actor: Actor, alarm_id: str, reason: str, now: int) -> bool:
        """As AlarmDesk.false_alarm."""
        return self._written(actor, "false_alarm", alarm_id, now, lambda: self._desk.false_alarm(actor, alarm_id, reason, now))

    def _written(self, actor: Actor, action: str, alarm_id: str, now: int, deed: Callable[[], bool]) -> bool:
        try:
            accepted = deed()
        except Forbidden:
            self._audit.record(actor.username, action, now, object=alarm_id, outcome="refused")
            raise
        if accepted:
            self._audit.record(actor.username, action, now, object=alarm_id)
        return accepted
