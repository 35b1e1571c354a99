"""Readings on their way into the database: copied straight in where no key is taken, else by a staging table that tells them apart."""

from collections.abc import Container, Sequence
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, text

from data_adapters.sql.reading_block import reading_block
from domain.messages import Presence, Reading
from services.ports import Stored

COLUMNS = "device_id, metric, at, value, text_value, quality, received_at, source_at"
STRAIGHT = f"COPY readings ({COLUMNS}) FROM STDIN (FORMAT binary)"
STAGE = "CREATE TEMP TABLE IF NOT EXISTS staging (LIKE readings) ON COMMIT DELETE ROWS"
TO_STAGE = f"COPY staging ({COLUMNS}) FROM STDIN (FORMAT binary)"
INSERT = f"INSERT INTO readings ({COLUMNS}) SELECT {COLUMNS} FROM staging ORDER BY device_id, metric, at ON CONFLICT DO NOTHING"
HELD = """SELECT s.device_id, s.metric, (extract(epoch FROM s.at) * 1000)::bigint,
        r.value IS NOT DISTINCT FROM s.value AND r.text_value IS NOT DISTINCT FROM s.text_value
    FROM staging s CROSS JOIN LATERAL (
        SELECT value, text_value FROM readings r WHERE r.device_id = s.device_id AND r.metric = s.metric AND r.at = s.at
          AND r.xmin <> pg_current_xact_id()::xid OFFSET 0) r"""
"""Rows whose key was taken before this transaction, and whether by the same value. OFFSET keeps it an index look-up per row."""
SEEN = """SELECT w.i FROM unnest(CAST(:i AS int[]), CAST(:device_id AS text[]), CAST(:metric AS text[]), CAST(:source_at AS text[]),
            CAST(:value AS float8[]), CAST(:text_value AS text[]))
        AS w(i, device_id, metric, source_at, value, text_value)
    WHERE EXISTS (SELECT FROM readings r WHERE r.device_id = w.device_id AND r.metric = w.metric AND r.source_at = w.source_at
        AND r.value IS NOT DISTINCT FROM w.value AND r.text_value IS NOT DISTINCT FROM w.text_value)"""
TAKE_BACK = "ROLLBACK TO SAVEPOINT straight; RELEASE SAVEPOINT straight"
"""Released too: HELD knows this transaction's rows by its own number, not by that of a savepoint still open."""


def store_readings(tx: Connection, readings: Sequence[Reading]) -> Stored:
    """Insert `readings`; the first value of a key stays, also within the batch. Partitions must exist."""
    known: list[Reading] = []
    first, duplicates, conflicts = _first_of_each_key(_not_seen_before(tx, readings, known))
    duplicates += known
    if not first:
        return Stored([], duplicates, conflicts)
    given = dict(sorted(first.items()))
    fresh = [reading if reading.at == at else reading._replace(at=at) for (_, _, at), reading in given.items()]
    if not any(reading.redelivered for reading in fresh) and _all_went_in(tx, fresh):
        return Stored(fresh, duplicates, conflicts)
    tx.execute(text(STAGE))
    with driver_cursor(tx) as cursor:
        _copy(cursor, TO_STAGE, fresh)
    if tx.execute(text(INSERT)).rowcount == len(fresh):
        return Stored(fresh, duplicates, conflicts)
    held = {(device_id, metric, at): same for device_id, metric, at, same in tx.execute(text(HELD))}
    new = [reading for key, reading in zip(given, fresh, strict=True) if key not in held]
    duplicates += [given[key] for key, same in held.items() if same]
    conflicts += [given[key] for key, same in held.items() if not same]
    return Stored(new, duplicates, conflicts)


Key = tuple[str, str, int]


def _first_of_each_key(readings: Sequence[Reading]) -> tuple[dict[Key, Reading], list[Reading], list[Reading]]:
    first: dict[Key, Reading] = {}
    duplicates, conflicts = [], []
    for reading in readings:
        key = (reading.device_id, reading.metric, reading.at)
        held = first.setdefault(key, reading)
        if held is reading:
            continue
        if reading.source_at is not None:  # two of them received in one millisecond: both happened, one steps aside
            first[_free(first, key)] = reading
        elif (held.value, held.text_value) == (reading.value, reading.text_value):
            duplicates.append(reading)
        else:
            conflicts.append(reading)
    return first, duplicates, conflicts


def _free(taken: dict[Key, Reading], key: Key) -> Key:
    device_id, metric, at = key
    while (device_id, metric, at) in taken:
        at += 1
    return device_id, metric, at


def _not_seen_before(tx: Connection, readings: Sequence[Reading], known: list[Reading]) -> Sequence[Reading]:
    """Leave out what was delivered before under another time of receipt; it goes to `known`.

    Only readings whose own time was unusable are keyed by receipt, and only a second delivery can have been stored already.
    """
    doubtful = {i: r for i, r in enumerate(readings) if r.source_at is not None and r.redelivered}
    if not doubtful:
        return readings
    columns = {name: [getattr(r, name) for r in doubtful.values()] for name in ("device_id", "metric", "source_at", "value", "text_value")}
    seen = set(tx.execute(text(SEEN), {"i": list(doubtful), **columns}).scalars()) | _said_twice(readings, doubtful)
    known.extend(readings[i] for i in seen)
    return [r for i, r in enumerate(readings) if i not in seen]


def _said_twice(readings: Sequence[Reading], doubtful: Container[int]) -> set[int]:
    """Second deliveries whose first is in the same batch: it came just before the connection was lost."""
    said: set[tuple[object, ...]] = set()
    twice: set[int] = set()
    for i, r in enumerate(readings):
        if r.source_at is not None:
            word = (r.device_id, r.metric, r.source_at, r.value, r.text_value)
            if i in doubtful and word in said:
                twice.add(i)
            said.add(word)
    return twice


def _all_went_in(tx: Connection, readings: Sequence[Reading]) -> bool:
    """Copy them into the table, or leave nothing of them there when a single key is taken.

    It takes half the time of the way by the staging table, and nearly always suffices: only a second delivery may be known.
    """
    with driver_cursor(tx) as cursor:
        cursor.execute("SAVEPOINT straight")
        try:
            _copy(cursor, STRAIGHT, readings)
        except UniqueViolation:
            cursor.execute(TAKE_BACK)
            return False
        cursor.execute("RELEASE SAVEPOINT straight")
        return True


def _copy(cursor: Any, command: str, readings: Sequence[Reading]) -> None:
    with cursor.copy(command) as copy:
        copy.write(reading_block(readings))


def driver_cursor(tx: Connection) -> Any:
    """psycopg's own cursor in the same transaction, for COPY."""
    connection = tx.connection.driver_connection
    assert connection is not None
    return connection.cursor()


PRESENCES = """WITH said AS (
        INSERT INTO presence (device_id, online, received_at)
        SELECT p.device_id, p.online, 'epoch'::timestamptz + p.received_at * interval '1 ms'
        FROM unnest(CAST(:device_id AS text[]), CAST(:online AS boolean[]), CAST(:received_at AS bigint[]))
            AS p(device_id, online, received_at)
        ORDER BY 1 ON CONFLICT (device_id) DO UPDATE SET online = excluded.online, received_at = excluded.received_at
        WHERE presence.received_at <= excluded.received_at RETURNING device_id, received_at, online)
    INSERT INTO presence_changes (device_id, received_at, online)
    SELECT said.* FROM said LEFT JOIN presence before USING (device_id) WHERE before.online IS DISTINCT FROM said.online
    ORDER BY 1 ON CONFLICT (device_id, received_at) DO UPDATE SET online = excluded.online"""
"""The statement sees `presence` as it was before: only a device that says something else than last time leaves a row of its past."""


def store_presences(tx: Connection, presences: Sequence[Presence]) -> None:
    """Keep the last word of each device, and when it became another one."""
    last = {p.device_id: p for p in presences}
    if last:
        tx.execute(text(PRESENCES), {name: [getattr(p, name) for p in last.values()] for name in Presence._fields})
