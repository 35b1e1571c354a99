"""Deeds that leave a trace in the audit log, whichever face or program they were done from."""

from typing import Protocol

from domain.access import Actor, Forbidden
from services.audit import Audit


class Acknowledging(Protocol):
    """services/alarm_desk.py."""

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool: ...


class AuditedAlarmDesk:
    """The alarm desk, with every acknowledgement and every refusal written down."""

    def __init__(self, desk: Acknowledging, audit: Audit) -> None:
        self._desk = desk
        self._audit = audit

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool:
        """As AlarmDesk.acknowledge."""
        try:
            accepted = self._desk.acknowledge(actor, alarm_id, now)
        except Forbidden:
            self._audit.record(actor.username, "acknowledge", now, object=alarm_id, outcome="refused")
            raise
        if accepted:
            self._audit.record(actor.username, "acknowledge", now, object=alarm_id)
        return accepted
