"""Positions on their way into the database: one a device and moment, the first stays."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from domain.event_time import to_ms
from domain.messages import Position

COLUMNS = ("device_id", "at", "lon", "lat", "speed", "course", "received_at", "source_at")
INSERT = """INSERT INTO positions (device_id, at, lon, lat, speed, course, received_at, source_at)
    SELECT p.device_id, 'epoch'::timestamptz + p.at * interval '1 ms', p.lon, p.lat, p.speed, p.course,
           'epoch'::timestamptz + p.received_at * interval '1 ms', p.source_at
    FROM unnest(CAST(:device_id AS text[]), CAST(:at AS bigint[]), CAST(:lon AS float8[]), CAST(:lat AS float8[]),
                CAST(:speed AS float8[]), CAST(:course AS float8[]), CAST(:received_at AS bigint[]), CAST(:source_at AS text[]))
        AS p(device_id, at, lon, lat, speed, course, received_at, source_at)
    ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING device_id, at"""
SEEN = """SELECT w.i FROM unnest(CAST(:i AS int[]), CAST(:device_id AS text[]), CAST(:source_at AS text[]), CAST(:lon AS float8[]),
        CAST(:lat AS float8[])) AS w(i, device_id, source_at, lon, lat)
    WHERE EXISTS (SELECT FROM positions p
        WHERE (p.device_id, p.source_at, p.lon, p.lat) = (w.device_id, w.source_at, w.lon, w.lat))"""


def store_positions(tx: Connection, positions: Sequence[Position]) -> list[Position]:
    """Insert positions; the first at a key stays. Returns those that were already known."""
    if not positions:
        return []
    again = _said_before(tx, positions)
    first = {(position.device_id, position.at): i for i, position in reversed(list(enumerate(positions))) if i not in again}
    fresh = [positions[i] for i in sorted(first.values())]
    rows = tx.execute(text(INSERT), {name: [getattr(p, name) for p in fresh] for name in COLUMNS})
    inserted = {(device_id, to_ms(at)) for device_id, at in rows}
    stored = {first[key] for key in inserted}
    return [position for i, position in enumerate(positions) if i not in stored]


def _said_before(tx: Connection, positions: Sequence[Position]) -> set[int]:
    """Those that were delivered before under another time of receipt, in this batch or an earlier one.

    Only positions whose own time was unusable are keyed by receipt, and only a second delivery can have been stored already.
    """
    dead = {i: position for i, position in enumerate(positions) if position.source_at is not None}
    doubtful = {i: position for i, position in dead.items() if position.redelivered}
    if not doubtful:
        return set()
    columns = {name: [getattr(p, name) for p in doubtful.values()] for name in ("device_id", "source_at", "lon", "lat")}
    again = set(tx.execute(text(SEEN), {"i": list(doubtful), **columns}).scalars())
    said: set[tuple[object, ...]] = set()
    for i, one in dead.items():
        word = (one.device_id, one.source_at, one.lon, one.lat)
        if i in doubtful and word in said:
            again.add(i)
        said.add(word)
    return again
