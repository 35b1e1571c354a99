"""Events on their way into the database: one a feed and event id, the first stays."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

from domain.events import statement
from domain.messages import Event
from services.ports import FeedEvent

INSERT = """INSERT INTO feed_events (feed, event_id, kind, at, device_id, lon, lat, facts, digest, received_at, source_at)
    SELECT e.feed, e.event_id, e.kind, 'epoch'::timestamptz + e.at * interval '1 ms', e.device_id, e.lon, e.lat, CAST(e.facts AS jsonb),
           e.digest, 'epoch'::timestamptz + e.received_at * interval '1 ms', e.source_at
    FROM unnest(CAST(:feed AS text[]), CAST(:event_id AS text[]), CAST(:kind AS text[]), CAST(:at AS bigint[]),
                CAST(:device_id AS text[]), CAST(:lon AS float8[]), CAST(:lat AS float8[]), CAST(:facts AS text[]),
                CAST(:digest AS text[]), CAST(:received_at AS bigint[]), CAST(:source_at AS text[]))
        AS e(feed, event_id, kind, at, device_id, lon, lat, facts, digest, received_at, source_at)
    ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING feed, event_id"""
HELD = """SELECT e.feed, e.event_id, e.digest FROM feed_events e
    JOIN unnest(CAST(:feed AS text[]), CAST(:event_id AS text[])) AS k(feed, event_id) USING (feed, event_id)"""
PLAIN = ("event_id", "kind", "at", "device_id", "lon", "lat", "received_at", "source_at")


class StoredEvents(NamedTuple):
    """What became of them; all are the given objects."""

    new: list[Event]
    known: list[Event]
    conflicts: list[Event]


def store_events(tx: Connection, events: Sequence[FeedEvent]) -> StoredEvents:
    """Insert events; the first statement under an id stays, also within the batch."""
    if not events:
        return StoredEvents([], [], [])
    first: dict[tuple[str, str], FeedEvent] = {}
    for one in events:
        first.setdefault((one.feed, one.event.event_id), one)
    digests = {key: _digest(one.event) for key, one in first.items()}
    inserted = {(feed, event_id) for feed, event_id in tx.execute(text(INSERT), _columns(list(first.values()), digests))}
    taken = [key for key in first if key not in inserted]
    if taken:
        keys = {"feed": [feed for feed, _ in taken], "event_id": [event_id for _, event_id in taken]}
        digests |= {(feed, event_id): digest for feed, event_id, digest in tx.execute(text(HELD), keys)}
    return _sorted_out(events, first, inserted, digests)


def _sorted_out(
    events: Sequence[FeedEvent], first: dict[tuple[str, str], FeedEvent], inserted: set[tuple[str, str]], held: dict[tuple[str, str], str]
) -> StoredEvents:
    sorted_out = StoredEvents([], [], [])
    for one in events:
        key = (one.feed, one.event.event_id)
        if one is first[key] and key in inserted:
            sorted_out.new.append(one.event)
        else:
            (sorted_out.known if _digest(one.event) == held[key] else sorted_out.conflicts).append(one.event)
    return sorted_out


def _columns(events: Sequence[FeedEvent], digests: dict[tuple[str, str], str]) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {name: [getattr(one.event, name) for one in events] for name in PLAIN}
    columns["feed"] = [one.feed for one in events]
    columns["facts"] = [orjson.dumps(dict(one.event.facts)).decode() for one in events]
    columns["digest"] = [digests[one.feed, one.event.event_id] for one in events]
    return columns


def _digest(event: Event) -> str:
    return hashlib.sha256(statement(event).encode()).hexdigest()
