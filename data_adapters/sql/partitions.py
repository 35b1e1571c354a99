"""Daily partitions, made when a batch first needs them.

A partition is built beside its table and attached: attaching takes a lock that readers do not feel (CREATE TABLE … PARTITION OF
would stop them). It happens before the batch's own transaction, under an advisory lock, and is harmless when the batch fails.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, text

from domain.event_time import to_datetime

PARTITION_LOCK = 0x43_44_02
DAILY_TABLES = ("readings", "readings_1m", "positions")
MONTHLY_TABLES = ("readings_1h",)
DAY_MS = 86_400_000


class Partitions:
    """Knows which days exist; `ensure` makes the missing ones."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: set[int] = set()

    def ensure(self, days: Iterable[int]) -> None:
        """Make the partitions of `days` (epoch days, UTC) in every partitioned table."""
        missing = sorted(set(days) - self._known)
        if not missing:
            return
        with self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PARTITION_LOCK})
            for day in missing:
                for table, first, after in _spans(to_datetime(day * DAY_MS).date()):
                    _attach(connection, table, first, after)
        self._known.update(missing)

    def forget(self) -> None:
        """Look again: partitions may have been dropped by retention."""
        self._known.clear()


def _spans(day: date) -> list[tuple[str, date, date]]:
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return [(table, day, day + timedelta(days=1)) for table in DAILY_TABLES] + [(table, first, following) for table in MONTHLY_TABLES]


def _attach(connection: Connection, table: str, first: date, after: date) -> None:
    name = f"{table}_{first:%Y%m%d}"
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar() is not None:
        return
    bounds = f"at >= '{first}T00:00:00Z' AND at < '{after}T00:00:00Z'"
    connection.execute(text(f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS, CONSTRAINT bounds CHECK ({bounds}))"))
    connection.execute(text(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{first}T00:00:00Z') TO ('{after}T00:00:00Z')"))
    connection.execute(text(f"ALTER TABLE {name} DROP CONSTRAINT bounds"))
