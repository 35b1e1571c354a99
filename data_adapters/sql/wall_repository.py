"""What is asked of walls and what they show, in PostgreSQL. Each change and its audit entry are one transaction."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Engine, text

from data_adapters.sql.audit_repository import write_entry
from domain.event_time import to_datetime, to_ms
from domain.wall_state import WallState, document_of, from_document
from services.account_ports import AuditEntry
from services.wall_ports import Asked, Shown

FIRST = text("INSERT INTO wall_states (wall, version, state, by, at) VALUES (:wall, 0, '{}', '', :at) ON CONFLICT DO NOTHING")
LOCK = text("SELECT version, state FROM wall_states WHERE wall = :wall FOR UPDATE")
SAVE = text("UPDATE wall_states SET version = :version, state = CAST(:state AS jsonb), by = :by, at = :at WHERE wall = :wall")
ASKED = text("SELECT version, state, by, at FROM wall_states WHERE wall = :wall")
REPORT = text("""
    INSERT INTO wall_shown (screen, wall, shown, at) VALUES (:screen, :wall, CAST(:shown AS jsonb), :at)
    ON CONFLICT (screen) DO UPDATE SET wall = excluded.wall, shown = excluded.shown, at = excluded.at
""")
FORGET = text("DELETE FROM wall_shown WHERE at < :old")
SHOWN = text("SELECT screen, wall, shown, at FROM wall_shown WHERE wall = :wall AND at >= :since ORDER BY screen")
KEPT = timedelta(days=1)


class WallRepository:
    """The WallStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def asked(self, wall: str) -> Asked:
        with self._engine.connect() as connection:
            row = connection.execute(ASKED, {"wall": wall}).one_or_none()
        return Asked(from_document(row.state, row.version), row.by, to_ms(row.at)) if row and row.version else Asked(WallState())

    def change(self, wall: str, to: Callable[[WallState], WallState], entry: Callable[[WallState], AuditEntry]) -> WallState:
        with self._engine.begin() as connection:
            connection.execute(FIRST, {"wall": wall, "at": to_datetime(0)})
            row = connection.execute(LOCK, {"wall": wall}).one()
            state = to(from_document(row.state, row.version))
            written = entry(state)
            document = json.dumps(document_of(state))
            values = {"wall": wall, "version": state.version, "state": document, "by": written.actor, "at": to_datetime(written.at)}
            connection.execute(SAVE, values)
            write_entry(connection, written)
        return state

    def report(self, shown: Shown) -> None:
        at = to_datetime(shown.at)
        with self._engine.begin() as connection:
            connection.execute(FORGET, {"old": at - KEPT})
            connection.execute(REPORT, {**shown._asdict(), "shown": json.dumps(dict(shown.shown)), "at": at})

    def shown(self, wall: str, since: int) -> Sequence[Shown]:
        with self._engine.connect() as connection:
            rows = connection.execute(SHOWN, {"wall": wall, "since": to_datetime(since)}).all()
        return [Shown(row.screen, row.wall, row.shown, to_ms(row.at)) for row in rows]
