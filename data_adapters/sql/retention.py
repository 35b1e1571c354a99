"""Forgetting: readings and positions older than the retention, by the time they were received; replayed datasets stay.

A day's partition that holds nothing younger and no replay is dropped whole; in others the old rows are deleted. Above the disk
limit the oldest days go first, however young they are, but never the running one. Roll-ups and alarms are kept. The bytes of an alarm's
picture go once no row names them (data_adapters/blobs.py).
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

log = logging.getLogger("citydeck.retention")
RAW_TABLES = ("readings", "positions")
PARTS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:table AS regclass) ORDER BY 1"
REPLAY = "SELECT device_id FROM devices WHERE replay AND valid_to IS NULL"
FORGET_PRESENCE = """DELETE FROM presence_changes c WHERE received_at < :before AND EXISTS (
    SELECT FROM presence_changes later WHERE later.device_id = c.device_id AND later.received_at > c.received_at
        AND later.received_at < :before)"""
"""What a device last said before the retention began is still true when it begins."""
FORGET_EVENTS = f"DELETE FROM feed_events WHERE received_at < :before AND coalesce(device_id, '') NOT IN ({REPLAY})"
FORGET_PICTURES = """DELETE FROM event_pictures p
    WHERE NOT EXISTS (SELECT FROM feed_events e WHERE (e.feed, e.event_id) = (p.feed, p.event_id))"""
NEEDED = """SELECT sha256 FROM event_pictures WHERE sha256 = ANY(:names)
    UNION SELECT sha256 FROM incident_attachments WHERE sha256 = ANY(:names)"""
NOTE = """WITH noted AS (INSERT INTO forgotten_days (day) VALUES (to_date(:day, 'YYYYMMDD')) ON CONFLICT DO NOTHING)
    DELETE FROM fresh_rollups WHERE at >= to_date(:day, 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC'
        AND at < (to_date(:day, 'YYYYMMDD') + 1)::timestamp AT TIME ZONE 'UTC'"""
"""Of this day the readings are no longer all there: rollups.py must know."""
SIZE = "SELECT pg_database_size(current_database())"


def forget_old(engine: Engine, before: datetime) -> dict[str, int]:
    """Forget what was received before `before`. Returns how many partitions were dropped and rows deleted."""
    done = {"dropped": 0, "deleted": 0}
    for table in RAW_TABLES:
        for part in _parts(engine, table):
            _forget_in(engine, table, part, before, done)
    with engine.begin() as tx:
        tx.execute(text(FORGET_EVENTS), {"before": before})
        tx.execute(text(FORGET_PICTURES))
        tx.execute(text("DELETE FROM rejected_messages WHERE received_at < :before"), {"before": before})
        tx.execute(text("DELETE FROM rejected_counts WHERE hour < :before"), {"before": before})
        tx.execute(text("DELETE FROM feed_minutes WHERE minute < :before"), {"before": before})
        tx.execute(text(FORGET_PRESENCE), {"before": before})
    return done


def still_named(engine: Engine, names: Collection[str]) -> set[str]:
    """Those of some SHA-256 that a picture of an alarm or an incident's attachment has: their bytes are still needed."""
    with engine.connect() as connection:
        return set(connection.execute(text(NEEDED), {"names": list(names)}).scalars())


def forget_to_fit(engine: Engine, limit_bytes: int | None, now: datetime) -> list[str]:
    """While the database is larger than `limit_bytes`, forget its oldest raw day but one that `now` lies in. Returns those days."""
    if limit_bytes is None or _size(engine) <= limit_bytes:
        return []
    gone: list[str] = []
    for day, parts in _days(engine, before=f"{now:%Y%m%d}"):
        freed = [_free_part(engine, table, part) for table, part in parts]
        if any(freed):
            gone.append(day)
            log.warning("the database was over its limit of %.2f GB: forgot the raw readings of %s", limit_bytes / 1e9, day)
        if _size(engine) <= limit_bytes:
            return gone
    log.error("the database is over its limit of %.2f GB, and no older day is left to forget", limit_bytes / 1e9)
    return gone


def _parts(engine: Engine, table: str) -> Sequence[str]:
    """The partitions that hold a day each; somebody's default partition is left alone."""
    with engine.connect() as connection:
        return [part for part in connection.execute(text(PARTS), {"table": table}).scalars() if _day(part).isdigit()]


def _days(engine: Engine, before: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every day (YYYYMMDD) before `before` with its raw tables and their partitions, oldest first."""
    days: dict[str, list[tuple[str, str]]] = {}
    for table in RAW_TABLES:
        for part in _parts(engine, table):
            days.setdefault(_day(part), []).append((table, part))
    return sorted((day, parts) for day, parts in days.items() if day < before)


def _day(part: str) -> str:
    """YYYYMMDD of a partition, from its name."""
    return part.rpartition("_")[2]


def _size(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(SIZE)).scalar_one())


def _forget_in(engine: Engine, table: str, part: str, before: datetime, done: dict[str, int]) -> None:
    keep = f"SELECT EXISTS (SELECT FROM {part} WHERE received_at >= :before OR device_id IN ({REPLAY}))"
    with engine.begin() as tx:
        if tx.execute(text(keep), {"before": before}).scalar():
            gone = tx.execute(text(f"DELETE FROM {part} WHERE received_at < :before AND device_id NOT IN ({REPLAY})"), {"before": before})
            done["deleted"] += gone.rowcount
            if gone.rowcount:
                _note(tx, table, part)
            return
    done["dropped"] += _drop(engine, table, part, keep, {"before": before})


def _free_part(engine: Engine, table: str, part: str) -> bool:
    """Forget a whole day but for replays. True when that removed anything."""
    replayed = f"SELECT EXISTS (SELECT FROM {part} WHERE device_id IN ({REPLAY}))"
    if _drop(engine, table, part, replayed, {}):
        return True
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _note(connection, table, part)
        gone = connection.execute(text(f"DELETE FROM {part} WHERE device_id NOT IN ({REPLAY})")).rowcount
        if gone:
            connection.execute(text(f"VACUUM FULL {part}"))
    return gone > 0


def _note(tx: Connection, table: str, part: str) -> None:
    if table == "readings":
        tx.execute(text(NOTE), {"day": _day(part)})


def _drop(engine: Engine, table: str, part: str, keep: str, values: dict[str, Any]) -> bool:
    """Drop a partition unless `keep` says otherwise; one that is in use is left for the next round."""
    try:
        with engine.begin() as tx:
            return _dropped(tx, table, part, keep, values)
    except OperationalError as error:
        if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise
        log.info("%s is in use and is forgotten next time", part)
        return False


def _dropped(tx: Connection, table: str, part: str, keep: str, values: dict[str, Any]) -> bool:
    tx.execute(text("SET LOCAL lock_timeout = '2s'"))
    tx.execute(text(f"LOCK TABLE {part} IN ACCESS EXCLUSIVE MODE"))
    if tx.execute(text(keep), values).scalar():
        return False
    _note(tx, table, part)
    tx.execute(text(f"ALTER TABLE {table} DETACH PARTITION {part}"))
    tx.execute(text(f"DROP TABLE {part}"))
    return True
