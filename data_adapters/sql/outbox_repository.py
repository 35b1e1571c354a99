"""The outbox in PostgreSQL as its senders see it, and what it forgets (services/outbox.py, OutboxStore)."""

from sqlalchemy import Engine, text

from data_adapters.sql.notice_repository import NOTICE, notice_of
from domain.event_time import to_datetime
from services.notice_ports import Notice
from services.outbox import TEST

CAUSED = text(f"""SELECT {NOTICE} FROM outbox WHERE params->>'by' = :username AND username <> :username
    AND (:number = '' OR params->>'number' = :number) ORDER BY created_at DESC, notice_id LIMIT :most""")
TESTS = text(f"""SELECT {NOTICE} FROM outbox WHERE username = :username AND template = :test AND thing = (
    SELECT thing FROM outbox WHERE username = :username AND template = :test ORDER BY created_at DESC LIMIT 1) ORDER BY channel""")
FORGET = text("""DELETE FROM outbox o WHERE state = 'sent' AND created_at < :before AND (channel <> 'app' OR read_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM incidents i WHERE i.open AND split_part(o.thing, ':', 1) = 'incident'
        AND i.incident_id::text = split_part(o.thing, ':', 2))""")
"""Unread, failed, waiting and unsure ones stay: somebody may still have to see them."""


class OutboxRepository:
    """The OutboxStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def caused_by(self, username: str, number: str, most: int) -> list[Notice]:
        with self._engine.connect() as tx:
            return [notice_of(row) for row in tx.execute(CAUSED, {"username": username, "number": number, "most": most})]

    def tests_of(self, username: str) -> list[Notice]:
        with self._engine.connect() as tx:
            return [notice_of(row) for row in tx.execute(TESTS, {"username": username, "test": TEST})]

    def forget(self, before: int) -> int:
        with self._engine.begin() as tx:
            return tx.execute(FORGET, {"before": to_datetime(before)}).rowcount
