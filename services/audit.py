"""The audit log: who did what. Written by every service that changes something, read by the auditor alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.access import Actor, Forbidden
from services.account_ports import AuditEntry, AuditStore

LONGEST_READ = 1_000
FOREVER = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z."""


class Audit:
    """Adds entries and lets the auditor read them."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    def record(
        self, actor: str, action: str, now: int, object: str = "", outcome: str = "ok", detail: Mapping[str, Any] | None = None
    ) -> None:
        """Write down one deed; `actor` is a username, or `rule:<id>` and the like for what nobody did."""
        self._store.add(AuditEntry(now, actor, action, object, outcome, "", detail or {}))

    def entries(self, actor: Actor, since: int = 0, at: int | None = None, limit: int = 100) -> Sequence[AuditEntry]:
        """What was written from `since` up to `at` (None: until now), newest first. Raises Forbidden for all but the auditor."""
        if not actor.may("read_audit"):
            raise Forbidden("read_audit")
        return self._store.entries(since, FOREVER if at is None else at, max(1, min(limit, LONGEST_READ)))
