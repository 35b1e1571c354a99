"""Events in turn for their consumers (services/event_queue.py, EventQueue).

An event is ready once every transaction that began to write before its own is over: of these nothing can come in front of it any more.
The order is (txid, seq). A database that was restored elsewhere counts its transactions anew: then all that it brought is put first,
and what a cursor had not reached is given again rather than left out.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from domain.event_time import to_ms
from domain.messages import Event
from services.event_queue import Deal
from services.ports import FeedEvent

START = "INSERT INTO event_cursors (consumer, txid, seq) VALUES (:consumer, '0', 0) ON CONFLICT DO NOTHING"
LOCK = "SELECT txid::text, seq, txid >= pg_snapshot_xmax(pg_current_snapshot()) FROM event_cursors WHERE consumer = :consumer FOR UPDATE"
NEXT = """SELECT feed, kind, event_id, at, device_id, lon, lat, facts, received_at, source_at, txid::text, seq FROM feed_events
    WHERE (txid, seq) > (CAST(:txid AS xid8), :seq) AND txid < pg_snapshot_xmin(pg_current_snapshot()) AND kind = ANY(:kinds)
    ORDER BY txid, seq LIMIT :most"""
MOVE = "UPDATE event_cursors SET txid = CAST(:txid AS xid8), seq = :seq WHERE consumer = :consumer"
RESTORED = (
    "LOCK TABLE feed_events, event_cursors IN EXCLUSIVE MODE",
    """UPDATE event_cursors c SET txid = '1', seq = least(c.seq,
        (SELECT min(e.seq) - 1 FROM feed_events e WHERE (e.txid, e.seq) > (c.txid, c.seq)))""",
    "UPDATE feed_events SET txid = '1'",
)


class SqlEventQueue:
    """The EventQueue port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def deal(self, consumer: str, kinds: Collection[str], most: int, deal: Deal) -> int:
        """See services.event_queue.EventQueue."""
        with self._engine.begin() as tx:
            tx.execute(text(START), {"consumer": consumer})
            txid, seq, restored = tx.execute(text(LOCK), {"consumer": consumer}).one()
            if restored:
                _put_first(tx)
                txid, seq, _ = tx.execute(text(LOCK), {"consumer": consumer}).one()
            values = {"txid": txid, "seq": seq, "kinds": list(kinds), "most": most}
            return self._dealt(tx, consumer, values, deal)

    def _dealt(self, tx: Connection, consumer: str, values: Mapping[str, object], deal: Deal) -> int:
        rows = tx.execute(text(NEXT), values).all()
        if rows:
            deal(tx, [_stated(row) for row in rows])
            tx.execute(text(MOVE), {"consumer": consumer, "txid": rows[-1][10], "seq": rows[-1][11]})
        return len(rows)


def _put_first(tx: Connection) -> None:
    for statement in RESTORED:
        tx.execute(text(statement))


def _stated(row: Sequence[Any]) -> FeedEvent:
    feed, kind, event_id, at, device_id, lon, lat, facts, received_at, source_at, *_ = row
    return FeedEvent(feed, Event(kind, event_id, to_ms(at), device_id, lon, lat, facts, to_ms(received_at), source_at))
