"""Readings on their way into the database: copied into a staging table, inserted where the key is free, the rest told apart."""

from collections.abc import Container, Sequence
from typing import Any

from sqlalchemy import Connection, text

from domain.messages import Presence, Reading
from services.ports import Stored

STAGE = """CREATE TEMP TABLE IF NOT EXISTS staging (
    i integer, device_id text, metric text, at bigint, value float8, text_value text, quality text, received_at bigint, source_at text
) ON COMMIT DELETE ROWS"""
COPY = "COPY staging FROM STDIN"
INSERT = """INSERT INTO readings (device_id, metric, at, value, text_value, quality, received_at, source_at)
    SELECT device_id, metric, 'epoch'::timestamptz + at * interval '1 ms', value, text_value, quality,
           'epoch'::timestamptz + received_at * interval '1 ms', source_at
    FROM staging ORDER BY device_id, metric, at ON CONFLICT DO NOTHING"""
HELD = """SELECT s.i, r.value IS NOT DISTINCT FROM s.value AND r.text_value IS NOT DISTINCT FROM s.text_value
    FROM staging s CROSS JOIN LATERAL (
        SELECT value, text_value FROM readings r
        WHERE r.device_id = s.device_id AND r.metric = s.metric AND r.at = 'epoch'::timestamptz + s.at * interval '1 ms'
          AND r.xmin <> pg_current_xact_id()::xid OFFSET 0) r"""
"""Rows whose key was taken before this transaction, and whether by the same value. OFFSET keeps it an index look-up per row."""
SEEN = """SELECT w.i FROM unnest(CAST(:i AS int[]), CAST(:device_id AS text[]), CAST(:metric AS text[]), CAST(:source_at AS text[]),
            CAST(:value AS float8[]), CAST(:text_value AS text[]))
        AS w(i, device_id, metric, source_at, value, text_value)
    WHERE EXISTS (SELECT FROM readings r WHERE r.device_id = w.device_id AND r.metric = w.metric AND r.source_at = w.source_at
        AND r.value IS NOT DISTINCT FROM w.value AND r.text_value IS NOT DISTINCT FROM w.text_value)"""
NO_TEXT = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def store_readings(tx: Connection, readings: Sequence[Reading]) -> Stored:
    """Insert `readings`; the first value of a key stays, also within the batch. Partitions must exist."""
    known: list[Reading] = []
    first, duplicates, conflicts = _first_of_each_key(_not_seen_before(tx, readings, known))
    duplicates += known
    if not first:
        return Stored([], duplicates, conflicts)
    given = list(first.values())
    fresh = [reading if reading.at == at else reading._replace(at=at) for (_, _, at), reading in first.items()]
    tx.execute(text(STAGE))
    _copy(tx, fresh)
    inserted = tx.execute(text(INSERT)).rowcount
    if inserted == len(fresh):
        return Stored(fresh, duplicates, conflicts)
    held = {i: same for i, same in tx.execute(text(HELD))}
    new = [reading for i, reading in enumerate(fresh) if i not in held]
    duplicates += [reading for i, reading in enumerate(given) if held.get(i) is True]
    conflicts += [reading for i, reading in enumerate(given) if held.get(i) is False]
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


def _copy(tx: Connection, readings: Sequence[Reading]) -> None:
    lines = [
        f"{i}\t{r.device_id}\t{r.metric}\t{r.at}\t{NO_TEXT if r.value is None else repr(r.value)}\t"
        f"{NO_TEXT if r.text_value is None else r.text_value.translate(ESCAPES)}\t{r.quality}\t{r.received_at}\t{r.source_at or NO_TEXT}\n"
        for i, r in enumerate(readings)
    ]
    with driver_cursor(tx) as cursor, cursor.copy(COPY) as copy:
        copy.write("".join(lines).encode())


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
