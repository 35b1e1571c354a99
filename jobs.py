"""Scheduled work: the tick, roll-ups, retention, and what the picture says of ingest and feeds. One leader at a time."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from data_adapters import wiring

log = logging.getLogger("citydeck.jobs")


@dataclass
class Job:
    """Work that is due every `every_s` seconds."""

    name: str
    every_s: float
    work: Callable[[int], object]
    due_at: int = 0
    failing: bool = False


def run_due(jobs: list[Job], now: int, errors: tuple[type[Exception], ...]) -> None:
    """Do what is due at `now`. One that fails is said once, tried again at its next turn, and stops no other."""
    for job in jobs:
        if now < job.due_at:
            continue
        job.due_at = now + int(job.every_s * 1000)
        try:
            job.work(now)
        except errors as error:
            if not job.failing:
                log.warning("%s failed, trying again every %.0f s: %s", job.name, job.every_s, error)
            job.failing = True
        else:
            if job.failing:
                log.info("%s works again", job.name)
            job.failing = False


def main() -> int:
    """Until stopped; 0 after a clean stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment(os.environ)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    parts = wiring.build_jobs(settings)
    jobs = [Job(name, every_s, work) for name, every_s, work in parts.schedule]
    while not stopping.wait(0.25):
        if parts.leadership.try_acquire():
            run_due(jobs, parts.clock(), (DBAPIError, *parts.live_errors))
    return 0


if __name__ == "__main__":
    sys.exit(main())
