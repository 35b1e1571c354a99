"""A whole ingest worker on real PostgreSQL and Valkey, with a broker that can be told when to kill it.

The broker is a model of what was measured of NATS: what was not acknowledged comes again, new messages first, marked as
redelivered. Everything else is the program's own code, driven through ingest.Worker.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson
import redis
from sqlalchemy import Engine, text

import ingest
from config.alarm_care import load_alarm_care
from data_adapters import wiring
from data_adapters.feeds.registry import configured, make_feeds
from data_adapters.live_redis import ITEMS, US, RedisLivePicture
from data_adapters.mqtt import Arrival, Receipt
from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.sql.batch_repository import BatchRepository
from data_adapters.sql.inbox_repository import InboxRepository, put_in
from data_adapters.sql.live_source import LiveSource
from data_adapters.sql.locks import WORKER_LOCK, HeldLock
from data_adapters.sql.partitions import Partitions
from data_adapters.sql.progress_repository import ProgressRepository
from data_adapters.sql.rollups import roll_up
from data_adapters.topic_plan import Router
from domain.alarms import RuleBook
from domain.messages import RawMessage
from domain.metrics import MetricCatalogue
from domain.registry import Device
from services.alarms import AlarmEvaluator
from services.judging import tick_payload
from services.ports import Batch
from services.readings import Ingest
from tests.stating import Stating

SHOWN_MS = load_alarm_care().cleared_shown_ms
TABLES = """readings, readings_1m, readings_1h, rollup_marks, positions, presence, presence_changes, feed_events, rejected_messages,
    rejected_counts, inbox, series, feed_memory, feed_health, ingest_progress, alarm_transitions, alarms, devices"""


class Killed(BaseException):
    """The process is gone: nothing after this line happened."""


class Fuse:
    """Burns at the step it was set for, once. `steps` names every boundary that was passed."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self._left = -1

    def set(self, left: int) -> None:
        """Burn after `left` more steps; -1 never."""
        self._left = left

    def step(self, name: str) -> None:
        """A boundary between two steps."""
        self.steps.append(name)
        if self._left == 0:
            self._left = -1
            raise Killed(name)
        self._left -= 1


class Broker:
    """Holds every message until it is acknowledged; the inlet of the worker in one."""

    def __init__(self, fuse: Fuse) -> None:
        self.fresh: list[RawMessage] = []
        self._again: list[RawMessage] = []
        self._out: dict[int, RawMessage] = {}
        self._mid, self._generation, self._fuse = 0, 0, fuse

    def start(self) -> None:
        """A worker connects: what its predecessor did not acknowledge comes after what is new."""
        self._generation += 1
        self._again += [message._replace(redelivered=True) for message in self._out.values()]
        self._out = {}

    def stop(self) -> None:
        """The worker leaves."""

    def take(self, most: int, wait_s: float) -> list[Arrival]:
        """Give what there is; where there is nothing, after waiting."""
        self._fuse.step("taken")
        source = self.fresh or self._again
        given, source[:] = source[:most], source[most:]
        arrivals = []
        for message in given:
            self._mid += 1
            self._out[self._mid] = message
            arrivals.append(Arrival(message, Receipt(self._generation, self._mid)))
        if not given:
            time.sleep(wait_s)
        return arrivals

    def acknowledge(self, receipts: Sequence[Receipt]) -> None:
        """Forget these."""
        for i, receipt in enumerate(receipts):
            if i in (0, len(receipts) // 2):
                self._fuse.step("acknowledging")
            if receipt.generation == self._generation:
                self._out.pop(receipt.mid, None)

    def beat(self, now: int) -> None:
        """No heartbeats here: time is the test's."""

    def settled(self, now: int) -> bool:
        """Whether redeliveries have come."""
        return not self._again

    def idle(self) -> bool:
        """Whether every message was acknowledged."""
        return not (self.fresh or self._again or self._out)


class FusedStore(BatchRepository):
    """The real store with boundaries before, inside and after the transaction."""

    fuse: Fuse

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Burns before begin, before commit, after commit."""
        self.fuse.step("before begin")
        with super().transaction() as tx:
            yield tx
            self.fuse.step("before commit")
        self.fuse.step("after commit")

    def save_readings(self, tx: Any, batch: Batch) -> Any:
        """Burns between readings and alarms."""
        stored = super().save_readings(tx, batch)
        self.fuse.step("readings inserted")
        return stored

    def save_rest(self, tx: Any, batch: Batch) -> None:
        """Burns between alarms and the rest."""
        self.fuse.step("alarms judged")
        super().save_rest(tx, batch)


class FusedLive(RedisLivePicture):
    """The real live picture with a boundary before and after every write."""

    fuse: Fuse

    def write(self, *arguments: Any) -> bool:
        """Burns around the write."""
        self.fuse.step("before live")
        done = super().write(*arguments)
        self.fuse.step("after live")
        return done

    def rebuild(self, *arguments: Any) -> None:
        """Burns around the rebuild."""
        self.fuse.step("before rebuild")
        super().rebuild(*arguments)
        self.fuse.step("after rebuild")


class Outcome(NamedTuple):
    """All that the law speaks of."""

    readings: list[Any]
    alarms: list[Any]
    rollups: list[Any]
    events: list[Any]
    live: dict[str, Any]


class House:
    """One city for one test: engines are real, the register is given, the worker can be killed at every boundary."""

    worker_type: Callable[..., ingest.Worker] = ingest.Worker

    def __init__(self, engine: Engine, redis_url: str, devices: Sequence[Device], rules: RuleBook, catalogue: MetricCatalogue) -> None:
        self.engine, self.redis_url = engine, redis_url
        self.devices, self.rules, self.catalogue = devices, rules, catalogue
        self.fuse = Fuse()
        self.ownership = HeldLock(engine, WORKER_LOCK)
        self.broker = Broker(self.fuse)
        self.partitions = Partitions(engine)
        self.now = 0

    def reset(self) -> None:
        """An empty city with its devices registered."""
        with self.engine.begin() as tx:
            tx.execute(text(f"TRUNCATE {TABLES}"))
            for d in self.devices:
                values = {**d._asdict(), "status": "adopted" if d.adopted else "unadopted"}
                tx.execute(
                    text("""INSERT INTO devices (device_id, name, kind, region, department, lon, lat, interval_s, status) VALUES
                    (:device_id, :name, :kind, :region, :department, :lon, :lat, :interval_s, :status)"""),
                    values,
                )
        redis.Redis.from_url(self.redis_url).flushall()
        self.fuse.set(-1)
        self.broker = Broker(self.fuse)

    def new_worker(self) -> ingest.Worker:
        """A fresh process: nothing is remembered but what the engines hold."""
        store, live = FusedStore(self.engine, self.partitions), FusedLive(self.redis_url, slot_ms=1)
        store.fuse = live.fuse = self.fuse
        evaluator = AlarmEvaluator(self.rules, AlarmRepository(), "441900")
        feeds = make_feeds(self.catalogue, 300_000, configured()) | {"stating": Stating()}
        source = LiveSource(self.engine, self.rules.flapping)
        core = Ingest(feeds, store, evaluator, live, source, lambda: self.now, SHOWN_MS, live_errors=(redis.RedisError,))
        parts = wiring.IngestParts(
            core,
            self.ownership,
            self.broker,
            live,
            InboxRepository(self.engine),
            ProgressRepository(self.engine),
            lambda: self.now,
            Router(feeds),
            0,
            1,
        )
        worker = self.worker_type(parts, 1, 7)
        core.start()
        self.broker.start()
        return worker

    def tick(self, judged_at: int) -> None:
        """What jobs.py puts in the inbox."""
        with self.engine.begin() as tx:
            put_in(tx, "tick", "tick", tick_payload(judged_at), 0)

    def run(self, messages: Sequence[RawMessage], kills: Sequence[int], judged_at: int, lose_live: Sequence[int] = ()) -> Outcome:
        """Publish all, kill the worker after each of `kills` steps, empty Valkey at the rounds `lose_live`, and see what is left."""
        self.reset()
        self.now = max(m.received_at for m in messages)
        self.broker.fresh = list(messages)
        schedule, rounds, ticked, worker = list(kills), 0, False, None
        while True:
            self.fuse.set(schedule.pop(0) if schedule else -1)
            try:
                worker = worker or self.new_worker()
                while not (self.broker.idle() and ticked):
                    rounds += 1
                    if rounds in lose_live:
                        redis.Redis.from_url(self.redis_url).flushall()
                    if self.broker.idle():
                        self.tick(judged_at)
                        ticked = True
                    worker.once()
                if not schedule:
                    worker.once()
                    return self.outcome()
                worker = None
            except Killed:
                worker = None

    def outcome(self) -> Outcome:
        """What PostgreSQL and Valkey hold when everything has come to rest."""
        far = self.now + 10 * 365 * 86_400_000
        while roll_up(self.engine, self.partitions, "1m", far) or roll_up(self.engine, self.partitions, "1h", far):
            pass
        with self.engine.connect() as connection:
            ask = lambda sql: [tuple(row) for row in connection.execute(text(sql))]  # noqa: E731
            return Outcome(
                ask("SELECT device_id, metric, at, value, text_value, quality FROM readings ORDER BY 1, 2, 3"),
                ask("""SELECT rule_id, device_id, metric, state, raised_at, cleared_at, severity FROM alarms
                    WHERE state <> 'withdrawn' ORDER BY 1, 2, 3, 5"""),
                ask("SELECT '1m', * FROM readings_1m UNION ALL SELECT '1h', * FROM readings_1h ORDER BY 1, 2, 3, 4"),
                ask("SELECT feed, event_id, kind, at, device_id, facts FROM feed_events ORDER BY 1, 2"),
                self._live(),
            )

    def _live(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, held in redis.Redis.from_url(self.redis_url).hgetall(ITEMS).items():
            section, key = name.decode().split(US)
            piece, value = held.decode().split(US)
            document = orjson.loads(value)
            if section == "alarms":
                key = "/".join(str(document[part]) for part in ("rule_id", "device_id", "metric", "raised_at"))
                document = document["state"]
            shown[f"{section}/{key}"] = (piece, document)
        return shown
