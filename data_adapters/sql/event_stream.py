"""Incidents' events in the order in which they were recorded (services/reacting.py, EventStream)."""

from collections.abc import Collection

from sqlalchemy import Engine, text

from data_adapters.sql.incident_lists import EVENT, event_of
from domain.event_time import to_datetime
from services.reacting import Recorded

SINCE = text(f"""
    SELECT event_id::text, incident_id::text, {EVENT} FROM incident_events
    WHERE recorded_at >= :at AND event_id <> ALL(CAST(:but AS uuid[])) ORDER BY recorded_at, incident_id, version LIMIT :most""")


class SqlEventStream:
    """The EventStream port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def since(self, at: int, but: Collection[str], most: int) -> list[Recorded]:
        with self._engine.connect() as tx:
            rows = tx.execute(SINCE, {"at": to_datetime(at), "but": list(but), "most": most})
            return [Recorded(row[0], row[1], event_of(row[2:])) for row in rows]
