"""Scheduled work: the tick, roll-ups, retention, and what the picture says of ingest and feeds. One leader at a time."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from data_adapters import wiring
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


class Rounds(Protocol):
    """Work with the outside world, which may take its time."""

    def round(self, now: int) -> int:
        """Do what is due at `now`; returns how much that was."""


class Dispatch:
    """Makes rounds (sends notices, asks other systems) in a thread of its own, for those may take their time; only while this process
    leads."""

    def __init__(self, name: str, rounds: Rounds, clock: Clock, errors: tuple[type[Exception], ...]) -> None:
        self.name, self._rounds, self._clock, self._errors = name, rounds, clock, errors
        self.leading = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()
        self.leading.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the round that is under way; a notice that takes longer to be sent is left as unsure."""
        self._thread.join(timeout_s)

    @property
    def ended(self) -> bool:
        """Whether it does nothing any more: it was stopped, or died of what nobody foresaw."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        failing = False
        while not self._stopping.is_set():
            self.leading.wait()
            try:
                sent = 0 if self._stopping.is_set() else self._rounds.round(self._clock())
                failing = False
            except self._errors as error:
                if not failing:
                    log.warning("%s failed, trying again: %s", self.name, error)
                failing, sent = True, 0
            if not sent:
                self._stopping.wait(SENDING_PAUSE_S)


def lead(stopping: threading.Event, parts: wiring.JobsParts, dispatches: Sequence[Dispatch]) -> int:
    """Do what is due while this process leads, until it is stopped: 0. Or until one of its threads has died, for nobody would send
    notices then: 1, and whoever watches over the process starts it again."""
    jobs = [Job(name, every_s, work) for name, every_s, work in parts.schedule]
    while not stopping.wait(0.25):
        for ended in [dispatch for dispatch in dispatches if dispatch.ended]:
            log.error("%s has died; this process ends, to be started again", ended.name)
            return 1
        leads = parts.leadership.try_acquire()
        for dispatch in dispatches:
            (dispatch.leading.set if leads else dispatch.leading.clear)()
        if leads:
            run_due(jobs, parts.clock(), (DBAPIError, *parts.live_errors))
    return 0


def main() -> int:
    """Until stopped; 0 after a clean stop, 1 to be started again."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment(os.environ)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    parts = wiring.build_jobs(settings)
    apart: list[tuple[str, Rounds]] = [("sending notices", parts.courier), *(("asking another system", one) for one in parts.pollings)]
    dispatches = [Dispatch(name, rounds, parts.clock, (DBAPIError,)) for name, rounds in apart]
    for dispatch in dispatches:
        dispatch.start()
    code = lead(stopping, parts, dispatches)
    for dispatch in dispatches:
        dispatch.stop()
    ends = time.monotonic() + SENDING_ENDS_S
    for dispatch in dispatches:
        dispatch.join(max(0.0, ends - time.monotonic()))
    return code


if __name__ == "__main__":
    sys.exit(main())
