"""Once a second: ask every ingest worker to judge what silence and duration have come to, and say on the picture how ingest does."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy import Engine, text

from data_adapters.sql.inbox_repository import put_in
from data_adapters.sql.progress_repository import ProgressRepository
from domain.event_time import to_ms
from domain.feed_health import Health
from services.judging import judge, tick_payload

WAITING = "SELECT DISTINCT partition_hash FROM inbox WHERE feed = 'tick'"
FEEDS = """SELECT feed, max(last_message_at), sum(stored)::bigint, sum(duplicate)::bigint, sum(rejected)::bigint
    FROM feed_health GROUP BY feed ORDER BY feed"""


class Noted(Protocol):
    """The live picture's city-wide notes."""

    def note(self, section: str, value: object) -> bool: ...
    def flush(self) -> bool: ...


class Ticker:
    """Puts one tick a worker in the inbox, unless its last one still waits. `intervals` has, for each feed of the city, how many
    seconds it is expected to be silent at most; None where it reports on change."""

    def __init__(
        self,
        engine: Engine,
        progress: ProgressRepository,
        live: Noted,
        workers: int,
        intervals: Mapping[str, float | None],
        judged_within_ms: int,
    ) -> None:
        self._engine, self._progress, self._live, self._workers = engine, progress, live, workers
        self._intervals, self._within_ms = intervals, judged_within_ms
        self._judged: Mapping[str, Health] = {}

    def tick(self, now: int) -> None:
        """Judge how far all workers are; while one lags or is missing nothing is judged, and the picture says so."""
        judgement = judge(self._progress.all(self._workers), self._workers, now, self._within_ms)
        if judgement.judged_at is not None:
            with self._engine.begin() as tx:
                waiting = set(tx.execute(text(WAITING)).scalars())
                for worker in set(range(self._workers)) - waiting:
                    put_in(tx, "tick", "tick", tick_payload(judgement.judged_at), worker)
        self._live.note("ingest", judgement.shown())
        self._live.flush()

    def hear_health(self, judged: Sequence[Health]) -> None:
        """What each feed is worth: said on the picture with the next turn."""
        self._judged = {one.feed: one for one in judged}

    def show_feeds(self, now: int) -> None:
        """Say on the picture what each feed has brought; one of the city that never spoke is there too."""
        with self._engine.connect() as connection:
            rows = list(connection.execute(text(FEEDS)))
        names = ("last_message_at", "stored", "duplicate", "rejected")
        brought = {feed: (to_ms(at) if at else None, *counts) for feed, at, *counts in rows}
        health = {
            feed: {**dict(zip(names, brought.get(feed, (None, 0, 0, 0)), strict=True)), "interval_s": self._intervals.get(feed)}
            for feed in sorted({*brought, *self._intervals})
        }
        for feed, found in self._judged.items():
            health.setdefault(feed, {}).update(state=found.state, problems=[one.code for one in found.problems], judged_at=now)
        self._live.note("feeds", health)
