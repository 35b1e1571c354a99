"""What a job remembers between its rounds, as one text a job, in `job_marks`."""

from sqlalchemy import Engine, text

SET = text("INSERT INTO job_marks VALUES (:job, :mark) ON CONFLICT (job) DO UPDATE SET mark = excluded.mark")


class JobMark:
    """The mark of one job; empty before the first."""

    def __init__(self, engine: Engine, job: str) -> None:
        self._engine, self._job = engine, job

    def get(self) -> str:
        """What it remembers."""
        with self._engine.connect() as tx:
            return str(tx.execute(text("SELECT mark FROM job_marks WHERE job = :job"), {"job": self._job}).scalar_one_or_none() or "")

    def set(self, mark: str) -> None:
        """Remember this from now on."""
        with self._engine.begin() as tx:
            tx.execute(SET, {"job": self._job, "mark": mark})
