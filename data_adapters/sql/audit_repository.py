"""The audit log in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from domain.event_time import to_datetime, to_ms
from services.account_ports import AuditEntry

ADD = text("""
    INSERT INTO audit_log (at, actor, action, object, outcome, address, detail)
    VALUES (:at, :actor, :action, :object, :outcome, :address, :detail)
""").bindparams(bindparam("detail", type_=JSONB))

READ = text("""
    SELECT at, actor, action, object, outcome, address, detail FROM audit_log
    WHERE at >= :since AND at < :until ORDER BY at DESC, id DESC LIMIT :n
""")


def write_entry(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry within the caller's transaction."""
    connection.execute(ADD, {**entry._asdict(), "at": to_datetime(entry.at), "detail": dict(entry.detail)})


class AuditRepository:
    """The AuditStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, entry: AuditEntry) -> None:
        with self._engine.begin() as connection:
            write_entry(connection, entry)

    def entries(self, since: int, until: int, limit: int) -> Sequence[AuditEntry]:
        with self._engine.connect() as connection:
            rows = connection.execute(READ, {"since": to_datetime(since), "until": to_datetime(until), "n": limit})
            return [AuditEntry(to_ms(row.at), *row[1:]) for row in rows]
