"""Keeps what each feed brought: one row a feed, worker and minute, and once a day which devices it was (domain/feed_tally.py)."""

from sqlalchemy import Connection, text

from domain.event_time import DAY_MS, to_datetime
from domain.feed_tally import Tally
from services.ports import Batch

KNOWN_AT_MOST = 500_000
MINUTE = text("""INSERT INTO feed_minutes AS m
        (feed, worker, minute, last_at, stored, duplicate, rejected, reports, due, suspect, lags)
    VALUES (:feed, :worker, date_trunc('minute', CAST(:at AS timestamptz)), :at, :stored, :duplicate, :rejected, :reports, :due, :suspect,
        CAST(:lags AS bigint[]))
    ON CONFLICT (feed, worker, minute) DO UPDATE SET last_at = greatest(m.last_at, excluded.last_at), stored = m.stored + excluded.stored,
        duplicate = m.duplicate + excluded.duplicate, rejected = m.rejected + excluded.rejected, reports = m.reports + excluded.reports,
        due = m.due + excluded.due, suspect = m.suspect + excluded.suspect,
        lags = ARRAY(SELECT a + b FROM unnest(m.lags, excluded.lags) AS u(a, b))""")
DEVICES = text("""INSERT INTO feed_devices AS f (device_id, feed, first_day, last_day)
    SELECT d, :feed, :day, :day FROM unnest(CAST(:devices AS text[])) AS s(d) ORDER BY 1
    ON CONFLICT (device_id, feed) DO UPDATE SET last_day = excluded.last_day WHERE f.last_day < excluded.last_day""")


class FeedTallies:
    """Of one worker. Writes within the batch's transaction; `committed` once that is over."""

    def __init__(self) -> None:
        self._day = 0
        self._known: set[tuple[str, str]] = set()
        self._fresh: set[tuple[str, str]] = set()

    def begin(self) -> None:
        """A transaction begins."""
        self._fresh = set()

    def committed(self) -> None:
        """It is over, and what it wrote stands."""
        self._known |= self._fresh
        if len(self._known) > KNOWN_AT_MOST:
            self._known.clear()

    def save(self, tx: Connection, batch: Batch) -> None:
        """Keep the batch's counts, and which devices each feed brought today."""
        if batch.now // DAY_MS != self._day:
            self._day, self._known = batch.now // DAY_MS, set()
        for feed in sorted({feed for feed, _ in batch.counts}):
            held = batch.tallies.get(feed) or Tally()
            counts = {outcome: batch.counts.get((feed, outcome), 0) for outcome in ("stored", "duplicate", "rejected")}
            numbers = {"reports": held.reports, "due": held.due, "suspect": held.suspect, "lags": held.lags}
            tx.execute(MINUTE, {"feed": feed, "worker": batch.worker, "at": to_datetime(batch.now), **counts, **numbers})
            self._note_devices(tx, feed, held.devices, batch.now)

    def _note_devices(self, tx: Connection, feed: str, devices: set[str], now: int) -> None:
        fresh = {(feed, device_id) for device_id in devices} - self._known
        if fresh:
            self._fresh |= fresh
            tx.execute(DEVICES, {"feed": feed, "day": to_datetime(now).date(), "devices": sorted(device_id for _, device_id in fresh)})
