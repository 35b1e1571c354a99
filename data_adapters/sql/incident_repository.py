"""Incidents in PostgreSQL (services/incident_ports.py, IncidentStore): events are the truth, `incidents` is what lists read of them."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from data_adapters.sql.alarm_claims import claim_alarms
from data_adapters.sql.incident_lists import EVENT, IncidentLists, event_of
from data_adapters.sql.incident_rows import row_of
from data_adapters.sql.unit_repository import write_step
from domain.event_time import to_datetime, to_ms
from domain.identity import uuid7
from domain.incident_fold import fold
from domain.incident_life import Event, Incident
from services.incident_ports import Attachment, Changed, Step

SAVE_COLUMNS = (
    "incident_id", "origin_center", "number", "version", "spine", "state", "open", "source", "class_code", "title", "description",
    "urgency", "grade", "response_level", "region", "lon", "lat", "address", "device_id", "owner", "lead", "departments",
    "reported_at", "reported_by", "changed_at", "ended_at", "clock", "due_at", "near_at", "paused", "supervised", "carried",
    "deferred_until", "proposals", "alarms", "handled_by", "returns", "exercise", "recorded_at",
)  # fmt: skip
KEPT = ("incident_id", "origin_center", "number", "reported_at", "reported_by")
CREATE = text(f"""
    INSERT INTO incidents ({", ".join(SAVE_COLUMNS)})
    VALUES ({", ".join("CAST(:alarms AS uuid[])" if name == "alarms" else f":{name}" for name in SAVE_COLUMNS)})""")
CHANGING = [name for name in SAVE_COLUMNS if name not in KEPT]
UPDATE = text(f"""
    UPDATE incidents SET {", ".join(f"{name} = CAST(:{name} AS uuid[])" if name == "alarms" else f"{name} = :{name}" for name in CHANGING)}
    WHERE incident_id = :incident_id AND version = :version - 1""")
ADD_EVENT = text("""
    INSERT INTO incident_events (event_id, incident_id, version, kind, deed, at, recorded_at, actor, data, request_id)
    VALUES (:event_id, :incident_id, :version, :kind, :deed, :at, :recorded_at, :actor, :data, :request_id) ON CONFLICT DO NOTHING
""").bindparams(bindparam("data", type_=JSONB))
EVENTS = text(f"""
    SELECT {EVENT} FROM incident_events WHERE incident_id = CAST(:incident_id AS uuid)
        AND (CAST(:at AS timestamptz) IS NULL OR recorded_at <= :at) ORDER BY version""")
ATTACHMENT = "attachment_id::text, incident_id::text, sha256, media_type, bytes, name, phase, taken_at, lon, lat, added_by, added_at"
ATTACH = text("""
    INSERT INTO incident_attachments
        (attachment_id, incident_id, sha256, media_type, bytes, name, phase, taken_at, lon, lat, added_by, added_at)
    VALUES (:attachment_id, :incident_id, :sha256, :media_type, :bytes, :name, :phase, :taken_at, :lon, :lat, :added_by, :added_at)""")


class IncidentRepository(IncidentLists):
    """Writes and single incidents; lists are in incident_lists.py."""

    def __init__(self, engine: Engine, origin_center: Callable[[], str]) -> None:
        super().__init__(engine)
        self._engine, self._origin_center = engine, origin_center

    def number(self) -> int:
        with self._engine.begin() as tx:
            return int(tx.execute(text("SELECT nextval('incident_numbers')")).scalar_one())

    def append(self, steps: Sequence[Step]) -> None:
        with self._engine.begin() as tx:
            for step in steps:
                self.append_within(tx, step)

    def attach(self, attachment: Attachment, step: Step) -> None:
        times = {name: to_datetime(attachment._asdict()[name]) for name in ("taken_at", "added_at") if attachment._asdict()[name]}
        with self._engine.begin() as tx:
            self.append_within(tx, step)
            tx.execute(ATTACH, {**attachment._asdict(), **times})

    def append_within(self, tx: Connection, step: Step) -> None:
        """One event and the incident as it then is, within the caller's transaction. Raises Changed, UnitTaken, Refused."""
        claim_alarms(tx, step)
        event, row = step.event, row_of(step.incident, step.near_at, self._origin_center(), step.event.recorded_at)
        if event.version == 1:
            tx.execute(CREATE, row)
        elif tx.execute(UPDATE, row).rowcount == 0:
            self._say_changed(tx, step)
        written = {
            **event._asdict(), "event_id": uuid7(event.recorded_at), "incident_id": step.incident.incident_id, "data": dict(event.data),
            "at": to_datetime(event.at), "recorded_at": to_datetime(event.recorded_at), "request_id": step.request_id,
        }  # fmt: skip
        if tx.execute(ADD_EVENT, written).rowcount == 0:
            self._say_changed(tx, step)
        if step.unit is not None:
            write_step(tx, step.unit)

    def _say_changed(self, tx: Connection, step: Step) -> None:
        incident = step.incident
        found = self._events(tx, incident.incident_id, None)
        raise Changed(fold(incident.incident_id, incident.number, found), [event for event in found if event.version >= step.event.version])

    def find(self, incident_id: str, at: int | None = None) -> Incident | None:
        found = self.story(incident_id, at)
        return found[0] if found else None

    def story(self, incident_id: str, at: int | None = None) -> tuple[Incident, list[Event]] | None:
        try:
            UUID(incident_id)
        except ValueError:
            return None
        with self._engine.connect() as tx:
            number = tx.execute(text("SELECT number FROM incidents WHERE incident_id = CAST(:id AS uuid)"), {"id": incident_id}).scalar()
            events = self._events(tx, incident_id, at) if number else []
        return (fold(incident_id, number, events), events) if number and events else None

    def events(self, incident_id: str, at: int | None = None) -> list[Event]:
        with self._engine.connect() as tx:
            return self._events(tx, incident_id, at)

    def _events(self, tx: Connection, incident_id: str, at: int | None) -> list[Event]:
        rows = tx.execute(EVENTS, {"incident_id": incident_id, "at": None if at is None else to_datetime(at)})
        return [event_of(row) for row in rows]

    def find_by_request(self, actor: str, request_id: str) -> Incident | None:
        asked = text("SELECT incident_id::text FROM incident_events WHERE actor = :actor AND request_id = :request_id")
        with self._engine.connect() as tx:
            found = tx.execute(asked, {"actor": actor, "request_id": request_id}).scalar()
        return self.find(found) if found else None

    def of_alarm(self, alarm_id: str) -> list[str]:
        asked = text("SELECT incident_id::text FROM incidents WHERE alarms @> ARRAY[CAST(:alarm_id AS uuid)] ORDER BY incident_id")
        with self._engine.connect() as tx:
            return list(tx.execute(asked, {"alarm_id": alarm_id}).scalars())

    def deferred(self, until: int) -> list[tuple[str, int]]:
        asked = text("SELECT incident_id::text, deferred_until FROM incidents WHERE open AND deferred_until <= :until ORDER BY 2")
        with self._engine.connect() as tx:
            return [(row[0], to_ms(row[1])) for row in tx.execute(asked, {"until": to_datetime(until)})]

    def attachments(self, incident_id: str) -> list[Attachment]:
        asked = text(
            f"SELECT {ATTACHMENT} FROM incident_attachments WHERE incident_id = CAST(:id AS uuid) ORDER BY added_at, attachment_id"
        )
        with self._engine.connect() as tx:
            return [attachment_of(row) for row in tx.execute(asked, {"id": incident_id})]


def attachment_of(row: Any) -> Attachment:
    """An attachment from its columns in the order of ATTACHMENT."""
    fields = list(row)
    fields[7], fields[11] = (None if fields[7] is None else to_ms(fields[7])), to_ms(fields[11])
    return Attachment(*fields)
