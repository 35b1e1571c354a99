"""Appeals of other desks in PostgreSQL (services/appeal_ports.py: AppealStore)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from domain.appeals import Appeal
from domain.event_time import to_datetime, to_ms

COLUMNS = "feed, number, incident_id::text, channel, theme, department, status, said, status_at, deadline, url, reminders"
FIND = text(f"SELECT {COLUMNS} FROM appeals WHERE feed = :feed AND number = :number")
OF = text(f"SELECT {COLUMNS} FROM appeals WHERE incident_id = ANY(CAST(:ids AS uuid[]))")
KEEP = text("""
    INSERT INTO appeals (feed, number, incident_id, channel, theme, department, status, said, status_at, deadline, url, reminders)
    VALUES (:feed, :number, CAST(:incident_id AS uuid), :channel, :theme, :department, :status, :said, :status_at, :deadline, :url,
        :reminders) ON CONFLICT DO NOTHING""")
PERSON = text("INSERT INTO appeal_persons VALUES (CAST(:incident_id AS uuid), :person) ON CONFLICT DO NOTHING").bindparams(
    bindparam("person", type_=JSONB)
)
CHANGE = text("""UPDATE appeals SET status = :status, said = :said, status_at = :status_at, reminders = :reminders,
    department = :department, deadline = :deadline, url = :url WHERE feed = :feed AND number = :number""")
RENUMBER = text("""UPDATE appeals SET number = :number WHERE feed = :feed AND number = :token
    AND NOT EXISTS (SELECT FROM appeals WHERE feed = :feed AND number = :number)""")


class AppealRepository:
    """The AppealStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, feed: str, number: str) -> Appeal | None:
        with self._engine.connect() as tx:
            row = tx.execute(FIND, {"feed": feed, "number": number}).first()
        return _appeal(row) if row else None

    def of_incident(self, incident_id: str) -> Appeal | None:
        return self.all([incident_id]).get(incident_id)

    def all(self, incident_ids: Sequence[str]) -> Mapping[str, Appeal]:
        with self._engine.connect() as tx:
            return {one.incident_id: one for one in map(_appeal, tx.execute(OF, {"ids": list(incident_ids)}))}

    def keep(self, appeal: Appeal, person: Mapping[str, Any]) -> None:
        with self._engine.begin() as tx:
            tx.execute(KEEP, _values(appeal))
            if person:
                tx.execute(PERSON, {"incident_id": appeal.incident_id, "person": dict(person)})

    def change(self, appeal: Appeal) -> None:
        with self._engine.begin() as tx:
            tx.execute(CHANGE, _values(appeal))

    def renumber(self, feed: str, token: str, number: str) -> bool:
        with self._engine.begin() as tx:
            return tx.execute(RENUMBER, {"feed": feed, "token": token, "number": number}).rowcount == 1

    def person(self, incident_id: str) -> Mapping[str, Any]:
        asked = text("SELECT person FROM appeal_persons WHERE incident_id = :id")
        with self._engine.connect() as tx:
            found: Mapping[str, Any] | None = tx.execute(asked, {"id": UUID(incident_id)}).scalar_one_or_none()
        return found or {}


def _values(appeal: Appeal) -> dict[str, Any]:
    return {**appeal._asdict(), "status_at": to_datetime(appeal.status_at)}


def _appeal(row: Any) -> Appeal:
    feed, number, incident_id, channel, theme, department, status, said, status_at, deadline, url, reminders = row
    return Appeal(feed, number, incident_id, channel, theme, department, status, said, to_ms(status_at), deadline, url, reminders)
