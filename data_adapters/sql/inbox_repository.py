"""The inbox: what web hooks, pollers and people put down, for ingest to take up. Whoever writes here answers after commit."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, text

from domain.event_time import to_ms
from domain.messages import RawMessage
from domain.partition import fnv1a32

PUT = "INSERT INTO inbox (feed, topic, payload, partition_hash) VALUES (:feed, :topic, :payload, :hash) RETURNING id"
LIST = """SELECT id, feed, topic, payload, received_at FROM inbox WHERE partition_hash % :workers = :worker AND id > :after
    ORDER BY id LIMIT :most"""


class InboxMessage(NamedTuple):
    """A row of the inbox."""

    id: int
    feed: str
    message: RawMessage


class InboxRepository:
    """Puts messages in and lists those of one worker."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, feed: str, topic: str, payload: bytes, partition_key: str) -> int:
        """Store one message in a transaction of its own; it is safe when this returns."""
        with self._engine.begin() as tx:
            return put_in(tx, feed, topic, payload, fnv1a32(partition_key.encode()))

    def waiting(self, worker: int, workers: int, after: int = 0, most: int = 1000) -> list[InboxMessage]:
        """The oldest messages for `worker` with an id above `after`."""
        with self._engine.connect() as connection:
            rows = connection.execute(text(LIST), {"worker": worker, "workers": workers, "after": after, "most": most})
            return [InboxMessage(i, feed, RawMessage(topic, bytes(payload), to_ms(at))) for i, feed, topic, payload, at in rows]


def put_in(tx: Connection, feed: str, topic: str, payload: bytes, partition_hash: int) -> int:
    """Store one message in the caller's transaction. `partition_hash` modulo the number of workers names the worker."""
    row: Any = tx.execute(text(PUT), {"feed": feed, "topic": topic, "payload": payload, "hash": partition_hash}).scalar_one()
    return int(row)
