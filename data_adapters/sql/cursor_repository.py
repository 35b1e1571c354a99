"""How far a job has read: one moment a job, in `job_cursors`."""

from sqlalchemy import Engine, text

from domain.event_time import to_datetime, to_ms

SET = text("""INSERT INTO job_cursors VALUES (:job, :at) ON CONFLICT (job) DO UPDATE SET at = greatest(job_cursors.at, excluded.at)""")


class Cursor:
    """The cursor of one job; it never goes back."""

    def __init__(self, engine: Engine, job: str) -> None:
        self._engine, self._job = engine, job

    def get(self, otherwise: int) -> int:
        """Where it stands; put at `otherwise` when it has never been set."""
        with self._engine.connect() as tx:
            found = tx.execute(text("SELECT at FROM job_cursors WHERE job = :job"), {"job": self._job}).scalar_one_or_none()
        if found is None:
            self.set(otherwise)
            return otherwise
        return to_ms(found)

    def set(self, at: int) -> None:
        """It has come this far."""
        with self._engine.begin() as tx:
            tx.execute(SET, {"job": self._job, "at": to_datetime(at)})
