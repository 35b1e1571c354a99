"""The audit log: who did what. Written by every service that changes something, read by the auditor alone; reading leaves a trace."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from domain.access import Actor, Forbidden
from services.account_ports import FOREVER, AuditEntry, AuditQuery, AuditStore

LONGEST_READ = 1_000
LONGEST_EXPORT = 50_000
COUNTED = 100_000
"""Beyond so many entries that fit nobody counts them."""


class Audit:
    """Adds entries and lets the auditor read them.

    `colleagues`: the usernames whose accounts lie in a scope; an auditor of a part of the city reads what these did.
    """

    def __init__(self, store: AuditStore, colleagues: Callable[[Actor, int], Collection[str]] | None = None) -> None:
        self._store = store
        self._colleagues = colleagues

    def record(
        self, actor: str, action: str, now: int, object: str = "", outcome: str = "ok", detail: Mapping[str, Any] | None = None
    ) -> None:
        """Write down one deed; `actor` is a username, or `rule:<id>` and the like for what nobody did."""
        self._store.add(AuditEntry(now, actor, action, object, outcome, "", detail or {}))

    def search(
        self, actor: Actor, query: AuditQuery, now: int, offset: int = 0, limit: int = 100, address: str = ""
    ) -> tuple[Sequence[AuditEntry], int]:
        """Entries that fit, newest first, and how many there are (at most COUNTED). Raises Forbidden for all but the auditor.

        The first page of a search is written down as a deed of the auditor; leafing through it isn't.
        """
        actors = self._readable(actor, now, address)
        if offset == 0:
            self._store.add(AuditEntry(now, actor.username, "read_audit", address=address, detail=_asked(query)))
        query = query._replace(until=min(query.until, now))
        return self._store.search(query, actors, max(0, offset), max(1, min(limit, LONGEST_READ)))

    def export(self, actor: Actor, query: AuditQuery, now: int, address: str = "") -> Sequence[AuditEntry]:
        """At most LONGEST_EXPORT entries that fit, newest first. Raises Forbidden for all but the auditor."""
        actors = self._readable(actor, now, address)
        entries, _ = self._store.search(query._replace(until=min(query.until, now)), actors, 0, LONGEST_EXPORT)
        detail = {**_asked(query), "entries": len(entries)}
        self._store.add(AuditEntry(now, actor.username, "export_audit", address=address, detail=detail))
        return entries

    def actions(self, actor: Actor) -> Sequence[str]:
        """Every action there is an entry of, for a list to choose from. Raises Forbidden for all but the auditor."""
        if not actor.may("read_audit"):
            raise Forbidden("read_audit")
        return self._store.actions()

    def _readable(self, actor: Actor, now: int, address: str) -> Collection[str] | None:
        """Whose deeds the actor may read; None for everybody's."""
        if not actor.may("read_audit"):
            self._store.add(AuditEntry(now, actor.username, "read_audit", outcome="refused", address=address))
            raise Forbidden("read_audit")
        if not actor.regions and not actor.departments:
            return None
        return self._colleagues(actor, now) if self._colleagues else {actor.username}


def _asked(query: AuditQuery) -> dict[str, Any]:
    """What was asked for, without what was left open."""
    return {name: value for name, value in query._asdict().items() if value not in ("", 0, FOREVER)}
