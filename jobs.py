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
from services.notices import Courier
from services.ports import Clock

log = logging.getLogger("citydeck.jobs")
SENDING_ENDS_S = 3.5
SENDING_PAUSE_S = 0.5


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


class Dispatch:
    """Sends notices in a thread of its own, for a mail server may take its time; only while this process leads."""

    def __init__(self, courier: Courier, clock: Clock, errors: tuple[type[Exception], ...]) -> None:
        self._courier, self._clock, self._errors = courier, clock, errors
        self.leading = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more; a notice that is being sent may take a few seconds, after that it is left as unsure."""
        self._stopping.set()
        self.leading.set()
        self._thread.join(SENDING_ENDS_S)

    def _run(self) -> None:
        failing = False
        while not self._stopping.is_set():
            self.leading.wait()
            try:
                sent = 0 if self._stopping.is_set() else self._courier.round(self._clock())
                failing = False
            except self._errors as error:
                if not failing:
                    log.warning("sending notices failed, trying again: %s", error)
                failing, sent = True, 0
            if not sent:
                self._stopping.wait(SENDING_PAUSE_S)


def main() -> int:
    """Until stopped; 0 after a clean stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment(os.environ)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    parts = wiring.build_jobs(settings)
    jobs = [Job(name, every_s, work) for name, every_s, work in parts.schedule]
    dispatch = Dispatch(parts.courier, parts.clock, (DBAPIError,))
    dispatch.start()
    while not stopping.wait(0.25):
        leads = parts.leadership.try_acquire()
        (dispatch.leading.set if leads else dispatch.leading.clear)()
        if leads:
            run_due(jobs, parts.clock(), (DBAPIError, *parts.live_errors))
    dispatch.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
