"""The ingest worker: takes messages from the broker and the inbox, hands them to services/readings.py, acknowledges last.

Run one or many (CITYDECK_INGEST_WORKERS, CITYDECK_WORKER); each owns the devices that domain/partition.py gives it, and an advisory
lock in PostgreSQL keeps a second one out.
"""

import contextlib
import gc
import logging
import os
import signal
import sys
import threading
import time

from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from data_adapters import wiring
from data_adapters.mqtt import BEAT, IN_FLIGHT, Arrival
from data_adapters.sql.progress_repository import Progress
from services.ports import Delivery

log = logging.getLogger("citydeck.ingest")
BEAT_EVERY_MS = 1_000
REGISTER_EVERY_MS = 2_000
DEAF_MS = 20_000
FRAME_EVERY_S = 0.02
CYCLES_AFTER = (100_000, 50, 100)
"""Allocations before the youngest objects are looked through for cycles, and how many such looks before the older ones."""


class Worker:
    """One ingest worker's loop."""

    def __init__(self, parts: wiring.IngestParts, batch_ms: int, most: int) -> None:
        self._parts, self._batch_s, self._most = parts, batch_ms / 1000, most
        self._stopping = threading.Event()
        self._progressed_to = self._heard_to = 0
        self._next_beat = self._next_register = 0
        self._next_frame = 0.0
        self._since = parts.clock()

    def stop(self, *_: object) -> None:
        """Finish the batch in hand and leave."""
        self._stopping.set()

    def run(self) -> None:
        """Until stopped."""
        self._parts.ownership.acquire()
        self._remember()
        self._parts.ingest.start()
        self._parts.inlet.start()
        while not self._stopping.is_set():
            self.once()
        self._parts.inlet.stop()

    def _remember(self) -> None:
        """Take up what earlier runs knew: how far they had come, and when nothing could reach them."""
        self._heard_to = max((one.progressed_to for one in self._parts.progress.all(self._parts.workers)), default=0)
        for start, end in self._parts.progress.deaf():
            self._parts.ingest.hear_nothing(start, end)

    def once(self) -> None:
        """Gather a batch, store it, acknowledge it, say how far we are."""
        arrivals = self._gather()
        self._mind_deafness(self._parts.clock())
        deliveries = self._parts.router.deliveries(arrivals) + self._from_inbox()
        if deliveries:
            self._parts.ingest.handle(deliveries)
        self._parts.inlet.acknowledge([a.receipt for a in arrivals])
        for arrival in arrivals:
            if arrival.message.topic == BEAT:
                self._progressed_to = max(self._progressed_to, int(arrival.message.payload))
        self._flush()
        self._now_and_then(self._parts.clock())

    def _gather(self) -> list[Arrival]:
        """A batch: what comes within the batch time, at most as many as one transaction takes.

        A message that came while the batch before was being stored has waited already: that counts.
        """
        inlet = self._parts.inlet
        arrivals: list[Arrival] = []
        began, until = self._parts.clock(), time.monotonic() + self._batch_s
        while len(arrivals) < self._most:
            left = until - time.monotonic()
            if left <= 0:
                break
            taken = inlet.take(self._most - len(arrivals), min(left, 0.1))
            if taken and not arrivals:
                until -= max(0, began - taken[0].message.received_at) / 1000
            arrivals += taken
            if time.monotonic() >= self._next_frame:
                self._flush()
        return arrivals

    def _flush(self) -> None:
        """Offer a frame of what changed; the live store lets one through at most every 240 ms. Messages come in handfuls, and asking
        it after each of them cost more than they did."""
        self._next_frame = time.monotonic() + FRAME_EVERY_S
        with contextlib.suppress(*self._parts.live_errors):
            self._parts.live.flush()

    def _from_inbox(self) -> list[Delivery]:
        rows = self._parts.inbox.waiting(self._parts.worker, self._parts.workers)
        return [Delivery(row.feed, row.message, None, row.id) for row in rows]

    def _mind_deafness(self, now: int) -> None:
        """While we are far behind (stopped, the broker away), devices may have spoken without our knowing: that is not their silence."""
        if self._heard_to and now - self._heard_to > DEAF_MS:
            self._parts.progress.write_deaf(self._parts.worker, self._heard_to, now)
            self._parts.ingest.hear_nothing(self._heard_to, now)

    def _now_and_then(self, now: int) -> None:
        if now >= self._next_beat:
            self._next_beat = now + BEAT_EVERY_MS
            self._say_how_far(now)
            self._parts.ingest.heal()
            if not self._parts.ownership.try_acquire():
                self._parts.ownership.acquire()
                self._parts.ingest.start()
        if now >= self._next_register:
            self._next_register = now + REGISTER_EVERY_MS
            self._parts.ingest.refresh_register()

    def _say_how_far(self, now: int) -> None:
        self._parts.inlet.beat(now)
        if self._parts.inlet.settled(now):
            self._heard_to = max(self._heard_to, self._progressed_to)
        lag_s = (now - (self._heard_to or self._since)) / 1000
        self._parts.progress.write(Progress(self._parts.worker, self._parts.workers, self._heard_to, lag_s, now))


def look_for_cycles_seldom() -> None:
    """A batch makes some hundred thousand small tuples without a cycle among them, which their reference counts free. Looking through
    them again and again cost as much as all the rest of the worker's work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*CYCLES_AFTER)


def main() -> int:
    """Run the worker that the environment names; 0 after a clean stop, 1 when the database is away.

    Without the database a worker can do nothing but wait, and what it holds is not acknowledged: it leaves, and is started again.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment(os.environ)
    try:
        worker = Worker(wiring.build_ingest(settings), settings.batch_ms, min(settings.batch_readings, IN_FLIGHT // 2))
        look_for_cycles_seldom()
        signal.signal(signal.SIGTERM, worker.stop)
        signal.signal(signal.SIGINT, worker.stop)
        worker.run()
    except DBAPIError as error:
        log.error("the database is away, leaving: %s", str(error.orig).strip())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
