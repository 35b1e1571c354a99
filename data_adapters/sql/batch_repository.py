"""A batch becomes fact here: one transaction, all of it or nothing (DESIGN §3.4)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, StatementError

from data_adapters.sql.event_repository import store_events
from data_adapters.sql.feed_tallies import FeedTallies
from data_adapters.sql.partitions import Partitions
from data_adapters.sql.position_repository import store_positions
from data_adapters.sql.reading_repository import store_presences, store_readings
from data_adapters.sql.rollups import mark
from domain.alarm_rules import POSITION
from domain.event_time import DAY_MS, to_datetime
from domain.messages import Memory
from services.ports import Batch, Refused, Stored, StoreRefused, StoreUnavailable

EVENT = "$event"
"""Marks a device known by its events: they are no series."""
KEPT_AN_HOUR = 1000
MOST_UNADOPTED = 10_000
KNOWN_AT_MOST = 500_000
SERIES = """INSERT INTO series (device_id, metric) SELECT s.d, s.m FROM unnest(CAST(:d AS text[]), CAST(:m AS text[])) AS s(d, m)
    ORDER BY 1, 2 ON CONFLICT DO NOTHING"""
UNADOPTED = """INSERT INTO devices (device_id, status, valid_from) SELECT u.d, 'unadopted', :now FROM unnest(CAST(:d AS text[])) AS u(d)
    WHERE NOT EXISTS (SELECT FROM devices k WHERE k.device_id = u.d AND k.valid_to IS NULL)
    ORDER BY 1 LIMIT greatest(0, :most - (SELECT count(*) FROM devices WHERE status = 'unadopted' AND valid_to IS NULL))
    ON CONFLICT DO NOTHING"""
COUNT_REFUSED = """INSERT INTO rejected_counts AS c (feed, reason, hour, n)
    VALUES (:feed, :reason, date_trunc('hour', CAST(:at AS timestamptz)), :n)
    ON CONFLICT (feed, reason, hour) DO UPDATE SET n = c.n + excluded.n RETURNING n"""
KEEP_REFUSED = """INSERT INTO rejected_messages (feed, topic, payload, reason, detail, received_at)
    VALUES (:feed, :topic, :payload, :reason, :detail, :at)"""
HEALTH = """INSERT INTO feed_health AS h (feed, worker, last_message_at, stored, duplicate, rejected)
    VALUES (:feed, :worker, :at, :stored, :duplicate, :rejected)
    ON CONFLICT (feed, worker) DO UPDATE SET last_message_at = excluded.last_message_at, stored = h.stored + excluded.stored,
        duplicate = h.duplicate + excluded.duplicate, rejected = h.rejected + excluded.rejected"""
CLAIM = """INSERT INTO device_keys AS k (device_id, hash, claimed_at)
    SELECT c.d, c.h, :now FROM unnest(CAST(:d AS text[]), CAST(:h AS bigint[])) AS c(d, h)
    ON CONFLICT (device_id) DO UPDATE SET hash = excluded.hash, claimed_at = excluded.claimed_at
        WHERE k.claimed_at < excluded.claimed_at - interval '1 hour' RETURNING device_id"""
"""A device that two feeds bring would go to and fro: a claim holds for an hour."""
MEMORY = """INSERT INTO feed_memory (feed, key, memory) VALUES (:feed, :key, CAST(:memory AS jsonb))
    ON CONFLICT (feed, key) DO UPDATE SET memory = excluded.memory"""


class BatchRepository:
    """The BatchStore port on PostgreSQL."""

    def __init__(self, engine: Engine, partitions: Partitions) -> None:
        self._engine = engine
        self._partitions = partitions
        self._series: set[tuple[str, str]] = set()
        self._fresh_series: set[tuple[str, str]] = set()
        self._tallies = FeedTallies()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction; database errors become StoreRefused (the data) or StoreUnavailable (anything else)."""
        self._fresh_series = set()
        self._tallies.begin()
        with self._translated(), self._engine.begin() as tx:
            yield tx
        self._series |= self._fresh_series
        self._tallies.committed()
        if len(self._series) > KNOWN_AT_MOST:
            self._series.clear()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """COPY goes past SQLAlchemy, so psycopg's own errors come too."""
        try:
            yield
        except (DBAPIError, psycopg.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if _partition_gone(cause):
                self._partitions.forget()
                raise StoreUnavailable("a day's partition was dropped meanwhile, it is made again") from error
            refused = isinstance(cause, psycopg.DataError | psycopg.IntegrityError)
            raise (StoreRefused if refused else StoreUnavailable)(str(cause)) from error
        except StatementError as error:
            raise StoreRefused(str(error.orig)) from error

    def save_readings(self, tx: Connection, batch: Batch) -> Stored:
        """Insert what the batch brings; see services.ports.BatchStore."""
        days = {r.at // DAY_MS for r in batch.readings} | {p.at // DAY_MS for p in batch.positions}
        self._partitions.ensure(days)
        stored = store_readings(tx, batch.readings)
        known = store_positions(tx, batch.positions)
        store_presences(tx, batch.presences)
        mark(tx, stored.new, batch.now)
        self._note_series(tx, batch)
        events = store_events(tx, batch.events)
        return stored._replace(known_positions=known, new_events=events.new, known_events=events.known, event_conflicts=events.conflicts)

    def claim(self, tx: Connection, batch: Batch) -> list[str]:
        """See services.ports.BatchStore."""
        claims = sorted(batch.claims.items())
        values = {"d": [device_id for device_id, _ in claims], "h": [shared_by for _, shared_by in claims]}
        return list(tx.execute(text(CLAIM), {**values, "now": to_datetime(batch.now)}).scalars())

    def save_rest(self, tx: Connection, batch: Batch) -> None:
        """Refused messages, counts, memory, and the inbox rows that are now done."""
        for (feed, reason), n in Counter((r.feed, r.reason) for r in batch.refused).items():
            self._keep_refused(tx, [r for r in batch.refused if (r.feed, r.reason) == (feed, reason)], n, batch.now)
        for feed in sorted({feed for feed, _ in batch.counts}):
            counts = {outcome: batch.counts.get((feed, outcome), 0) for outcome in ("stored", "duplicate", "rejected")}
            tx.execute(text(HEALTH), {"feed": feed, "worker": batch.worker, "at": to_datetime(batch.now), **counts})
        self._tallies.save(tx, batch)
        for (feed, key), memory in sorted(batch.memories.items()):
            tx.execute(text(MEMORY), {"feed": feed, "key": key, "memory": _as_json(memory)})
        if batch.inbox_ids:
            tx.execute(text("DELETE FROM inbox WHERE id = ANY(:ids)"), {"ids": batch.inbox_ids})

    def load_memory(self, feed: str, key: str) -> Memory:
        """What the feed remembered last; {} at first."""
        with self._translated(), self._engine.connect() as connection:
            found: Any = connection.execute(
                text("SELECT memory FROM feed_memory WHERE feed = :feed AND key = :key"), {"feed": feed, "key": key}
            ).scalar_one_or_none()
        return dict(found) if found else {}

    def _note_series(self, tx: Connection, batch: Batch) -> None:
        seen = {(r.device_id, r.metric) for r in batch.readings} | {(p.device_id, POSITION) for p in batch.positions}
        seen |= {(one.event.device_id, EVENT) for one in batch.events if one.event.device_id is not None}
        self._fresh_series = seen - self._series
        if not self._fresh_series:
            return
        ordered = sorted(one for one in self._fresh_series if one[1] != EVENT)
        tx.execute(text(SERIES), {"d": [d for d, _ in ordered], "m": [m for _, m in ordered]})
        devices = sorted({d for d, _ in self._fresh_series})
        tx.execute(text(UNADOPTED), {"d": devices, "now": to_datetime(batch.now), "most": MOST_UNADOPTED})

    def _keep_refused(self, tx: Connection, refused: list[Refused], n: int, now: int) -> None:
        feed, reason, at = refused[0].feed, refused[0].reason, to_datetime(now)
        total = tx.execute(text(COUNT_REFUSED), {"feed": feed, "reason": reason, "at": at, "n": n}).scalar_one()
        room = max(0, KEPT_AN_HOUR - (total - n))
        rows = [
            {
                "feed": feed,
                "topic": r.message.topic.replace("\x00", "\ufffd"),
                "payload": r.message.payload,
                "reason": reason,
                "detail": r.detail.replace("\x00", "\ufffd").encode(errors="replace").decode(),
                "at": to_datetime(r.message.received_at),
            }
            for r in refused[:room]
        ]
        if rows:
            tx.execute(text(KEEP_REFUSED), rows)


def _as_json(memory: Memory) -> str:
    """Raises StoreRefused: a feed's fault costs the one message that brought it, not the worker."""
    try:
        return orjson.dumps(memory).decode()
    except TypeError as error:
        raise StoreRefused(f"what the feed wants to remember is no JSON: {error}") from error


def _partition_gone(cause: BaseException | None) -> bool:
    """PostgreSQL reports a row without a partition as a check that failed and has no name."""
    return isinstance(cause, psycopg.errors.CheckViolation) and cause.diag.constraint_name is None
