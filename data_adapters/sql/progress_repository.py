"""How far each ingest worker has come: what jobs.py judges durations and silences against."""

from typing import NamedTuple

from sqlalchemy import Engine, text

from domain.event_time import to_datetime, to_ms

WRITE = """INSERT INTO ingest_progress (worker, workers, progressed_to, lag_s, beat_at) VALUES (:worker, :workers, :to, :lag, :now)
    ON CONFLICT (worker) DO UPDATE SET workers = excluded.workers, progressed_to = excluded.progressed_to, lag_s = excluded.lag_s,
        beat_at = excluded.beat_at"""

DEAF = """INSERT INTO deaf_spans (worker, from_at, to_at) VALUES (:worker, :start, :end)
    ON CONFLICT (worker, from_at) DO UPDATE SET to_at = greatest(deaf_spans.to_at, excluded.to_at)"""


class Progress(NamedTuple):
    """One worker's progress: everything published before `progressed_to` is stored; `beat_at` is when it last said so."""

    worker: int
    workers: int
    progressed_to: int
    lag_s: float
    beat_at: int


class ProgressRepository:
    """Reads and writes `ingest_progress`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, progress: Progress) -> None:
        """Say how far a worker has come."""
        values = {
            "worker": progress.worker,
            "workers": progress.workers,
            "to": to_datetime(progress.progressed_to),
            "lag": progress.lag_s,
            "now": to_datetime(progress.beat_at),
        }
        with self._engine.begin() as tx:
            tx.execute(text(WRITE), values)

    def all(self, workers: int) -> list[Progress]:
        """What the workers 0 to `workers` - 1 last said; one that never spoke is missing."""
        query = "SELECT worker, workers, progressed_to, lag_s, beat_at FROM ingest_progress WHERE worker < :n ORDER BY worker"
        with self._engine.connect() as connection:
            return [Progress(w, n, to_ms(to), lag, to_ms(at)) for w, n, to, lag, at in connection.execute(text(query), {"n": workers})]

    def write_deaf(self, worker: int, start: int, end: int) -> None:
        """Keep that `worker` could hear nothing from `start` to `end`; a span of the same start grows."""
        with self._engine.begin() as tx:
            tx.execute(text(DEAF), {"worker": worker, "start": to_datetime(start), "end": to_datetime(end)})

    def deaf(self) -> list[tuple[int, int]]:
        """When any worker could hear nothing, sorted."""
        with self._engine.connect() as connection:
            return [(to_ms(a), to_ms(b)) for a, b in connection.execute(text("SELECT from_at, to_at FROM deaf_spans ORDER BY 1, 2"))]
