"""Forgetting: readings and positions older than the retention, by the time they were received; replayed datasets stay.

A day's partition that holds nothing younger and no replay is dropped whole; in others the old rows are deleted.
"""

from datetime import datetime

from sqlalchemy import Engine, text

RAW_TABLES = ("readings", "positions")
PARTS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:table AS regclass) ORDER BY 1"
REPLAY = "SELECT device_id FROM devices WHERE replay AND valid_to IS NULL"


def forget_old(engine: Engine, before: datetime) -> dict[str, int]:
    """Forget what was received before `before`. Returns how many partitions were dropped and rows deleted."""
    done = {"dropped": 0, "deleted": 0}
    for table in RAW_TABLES:
        with engine.connect() as connection:
            parts = list(connection.execute(text(PARTS), {"table": table}).scalars())
        for part in parts:
            _forget_in(engine, table, part, before, done)
    with engine.begin() as tx:
        tx.execute(text("DELETE FROM rejected_messages WHERE received_at < :before"), {"before": before})
        tx.execute(text("DELETE FROM rejected_counts WHERE hour < :before"), {"before": before})
    return done


def _forget_in(engine: Engine, table: str, part: str, before: datetime, done: dict[str, int]) -> None:
    keep = f"SELECT EXISTS (SELECT FROM {part} WHERE received_at >= :before OR device_id IN ({REPLAY}))"
    with engine.begin() as tx:
        if tx.execute(text(keep), {"before": before}).scalar():
            gone = tx.execute(text(f"DELETE FROM {part} WHERE received_at < :before AND device_id NOT IN ({REPLAY})"), {"before": before})
            done["deleted"] += gone.rowcount
            return
    with engine.begin() as tx:
        tx.execute(text("SET LOCAL lock_timeout = '2s'"))
        tx.execute(text(f"LOCK TABLE {part} IN ACCESS EXCLUSIVE MODE"))
        if not tx.execute(text(keep), {"before": before}).scalar():
            tx.execute(text(f"ALTER TABLE {table} DETACH PARTITION {part}"))
            tx.execute(text(f"DROP TABLE {part}"))
            done["dropped"] += 1
