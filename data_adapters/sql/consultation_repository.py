"""Consultations in PostgreSQL. Each change and its audit entry are one transaction."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, Row, text

from data_adapters.sql.audit_repository import write_entry
from data_adapters.sql.ids import is_uuid
from domain.event_time import to_datetime, to_ms
from services.account_ports import AuditEntry
from services.consultation_ports import Consultation, Shapes

OPEN = text("""
    INSERT INTO consultations (consultation_id, wall, incident_id, title, held_at, opened_by, opened_at)
    VALUES (:consultation_id, :wall, :incident_id, :title, :held_at, :opened_by, :opened_at)
    ON CONFLICT (wall) WHERE closed_at IS NULL DO NOTHING
""")
ONE = text("SELECT * FROM consultations WHERE consultation_id = CAST(:id AS uuid)")
HELD = text("SELECT * FROM consultations WHERE wall = :wall AND closed_at IS NULL")
LOCK = text("SELECT * FROM consultations WHERE consultation_id = CAST(:id AS uuid) AND closed_at IS NULL FOR UPDATE")
DRAW = text("""
    UPDATE consultations SET shapes = CAST(:shapes AS jsonb), version = version + 1 WHERE consultation_id = CAST(:id AS uuid) RETURNING *
""")
CLOSE = text("""
    UPDATE consultations SET closed_by = :by, closed_at = :at WHERE consultation_id = CAST(:id AS uuid) AND closed_at IS NULL
""")


class ConsultationRepository:
    """The ConsultationStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, consultation: Consultation, entry: AuditEntry) -> bool:
        times = {name: to_datetime(getattr(consultation, name)) for name in ("held_at", "opened_at")}
        with self._engine.begin() as tx:
            if tx.execute(OPEN, {**consultation._asdict(), **times}).rowcount == 0:
                return False
            write_entry(tx, entry)
        return True

    def one(self, consultation_id: str) -> Consultation | None:
        return self._found(ONE, {"id": consultation_id}) if is_uuid(consultation_id) else None

    def held(self, wall: str) -> Consultation | None:
        return self._found(HELD, {"wall": wall})

    def draw(self, consultation_id: str, to: Callable[[Shapes], Shapes]) -> Consultation | None:
        with self._engine.begin() as tx:
            row = tx.execute(LOCK, {"id": consultation_id}).one_or_none()
            if row is None:
                return None
            return _consultation(tx.execute(DRAW, {"id": consultation_id, "shapes": json.dumps(to(row.shapes))}).one())

    def close(self, consultation_id: str, entry: AuditEntry) -> bool:
        with self._engine.begin() as tx:
            if tx.execute(CLOSE, {"id": consultation_id, "by": entry.actor, "at": to_datetime(entry.at)}).rowcount == 0:
                return False
            write_entry(tx, entry)
        return True

    def write(self, entry: AuditEntry) -> None:
        with self._engine.begin() as tx:
            write_entry(tx, entry)

    def _found(self, statement: Any, values: dict[str, str]) -> Consultation | None:
        with self._engine.connect() as tx:
            row = tx.execute(statement, values).one_or_none()
        return _consultation(row) if row else None


def _consultation(row: Row[Any]) -> Consultation:
    incident = str(row.incident_id) if row.incident_id else None
    known = str(row.consultation_id), row.wall, incident, row.title, to_ms(row.held_at), row.opened_by, to_ms(row.opened_at)
    return Consultation(*known, row.version, tuple(row.shapes), row.closed_by, None if row.closed_at is None else to_ms(row.closed_at))
