"""How the systems do that a feed asks or that post to it, one row each in `feed_ways`."""

from typing import Any

from sqlalchemy import Engine, text

from domain.event_time import to_datetime, to_ms
from domain.feed_health import Way

COLUMNS = "way, asked_at, answered_at, failures, failing_since, failed_at, next_at, error"
FIND = text(f"SELECT {COLUMNS} FROM feed_ways WHERE feed = :feed AND way = :way")
KEEP = text(f"""INSERT INTO feed_ways (feed, {COLUMNS})
    VALUES (:feed, :way, :asked_at, :answered_at, :failures, :failing_since, :failed_at, :next_at, :error)
    ON CONFLICT (feed, way) DO UPDATE SET asked_at = excluded.asked_at, answered_at = excluded.answered_at, failures = excluded.failures,
        failing_since = excluded.failing_since, failed_at = excluded.failed_at, next_at = excluded.next_at, error = excluded.error""")
TIMES = frozenset({"asked_at", "answered_at", "failing_since", "failed_at", "next_at"})
LONGEST = 500


class WayRepository:
    """The WayStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, feed: str, way: str) -> Way | None:
        with self._engine.connect() as tx:
            row = tx.execute(FIND, {"feed": feed, "way": way}).mappings().first()
        return way_of(row) if row else None

    def keep(self, feed: str, way: Way) -> None:
        values = {name: _moment(value) if name in TIMES else value for name, value in way._asdict().items()}
        with self._engine.begin() as tx:
            tx.execute(KEEP, {**values, "feed": feed, "error": way.error[:LONGEST]})


def way_of(row: Any) -> Way:
    """A way from its columns by name."""
    read: list[Any] = [to_ms(row[name]) if name in TIMES and row[name] is not None else row[name] for name in Way._fields]
    return Way(*read)


def _moment(at: int | None) -> Any:
    return None if at is None else to_datetime(at)
