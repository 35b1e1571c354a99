"""Ingest on real PostgreSQL without broker and live store: what tests of the batch, the inbox and retention share."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text

from config.alarm_care import load_alarm_care
from config.files import load_catalogue
from data_adapters.feeds.registry import configured, make_feeds
from data_adapters.sql.batch_repository import BatchRepository
from data_adapters.sql.partitions import Partitions
from domain.messages import Event, Position, RawMessage, Reading, Reply
from domain.registry import Device
from services.alarm_store import Deed
from services.live_state import LiveState
from services.ports import AlarmRecord, Delivery, Feed
from services.readings import Ingest

SHOWN_MS = load_alarm_care().cleared_shown_ms
NOW = 1_795_305_600_000
DAY_MS = 86_400_000
TABLES = """readings, readings_1m, readings_1h, rollup_marks, positions, presence, presence_changes, feed_events, rejected_messages,
    rejected_counts, inbox, series, feed_memory, feed_health, feed_minutes, feed_devices, devices, forgotten_days, fresh_rollups"""


class NoAlarms:
    """The Evaluator port: notes what it was asked."""

    def __init__(self) -> None:
        self.ticks: list[int] = []
        self.forgot = 0

    def evaluate(
        self,
        tx: Any,
        new: Sequence[Reading],
        devices: Mapping[str, Device],
        now: int,
        positions: Sequence[Position],
        events: Sequence[Event],
    ) -> list[AlarmRecord]:
        return []

    def tick(self, tx: Any, judged_at: int, devices: Mapping[str, Device], now: int) -> list[AlarmRecord]:
        self.ticks.append(judged_at)
        return []

    def decide(self, tx: Any, deed: Deed, now: int) -> AlarmRecord | None:
        return None

    def with_series(self, tx: Any, changed: Sequence[AlarmRecord]) -> list[AlarmRecord]:
        return list(changed)

    def hear_nothing(self, start: int, end: int) -> None: ...

    def forget(self) -> None:
        self.forgot += 1


class NoPicture:
    """The LivePicture and Picture ports: an empty city that shows nothing."""

    def epoch(self) -> str | None:
        return "e"

    def write(self, *_: Any) -> bool:
        return True

    def rebuild(self, *_: Any) -> None: ...
    def note(self, *_: Any) -> bool:
        return True

    def flush(self) -> bool:
        return False

    def devices(self) -> dict[str, Device]:
        return {}

    def changed(self) -> bool:
        return False

    def fill(self, state: LiveState) -> None: ...
    def alarms(self) -> dict[str, Any]:
        return {}


class Town:
    """One ingest worker and questions about what it stored. `now` is the town's clock."""

    def __init__(self, engine: Engine, feeds: Mapping[str, Feed] | None = None) -> None:
        self.engine, self.now = engine, NOW
        self.evaluator, self.partitions = NoAlarms(), Partitions(engine)
        self.feeds = feeds or make_feeds(load_catalogue(), 300_000, configured())
        self.store = BatchRepository(engine, self.partitions)
        picture = NoPicture()
        self.said: list[Reply] = []
        self.ingest = Ingest(self.feeds, self.store, self.evaluator, picture, picture, lambda: self.now, SHOWN_MS, say=self.said.append)

    def empty(self) -> None:
        with self.engine.begin() as tx:
            tx.execute(text(f"TRUNCATE {TABLES}"))
        self.store._series.clear()

    def hand_in(self, *messages: RawMessage, feed: str = "native") -> None:
        self.ingest.handle([Delivery(feed, message, None) for message in messages])

    def ask(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def counts(self) -> tuple[int, int, int]:
        """Messages stored, duplicate, rejected."""
        return self.ask("SELECT coalesce(sum(stored), 0), coalesce(sum(duplicate), 0), coalesce(sum(rejected), 0) FROM feed_health")[0]


def telemetry(at: object = NOW, device: str = "d1", received_at: int = NOW, redelivered: bool = False, **values: Any) -> RawMessage:
    body = json.dumps({"at": at, "values": values or {"pm25": 38}}).encode()
    return RawMessage(f"city/v1/devices/{device}/telemetry", body, received_at, redelivered=redelivered)


def location(at: int = NOW, device: str = "bus", lon: float = 113.75) -> RawMessage:
    body = json.dumps({"at": at, "lon": lon, "lat": 23.02}).encode()
    return RawMessage(f"city/v1/devices/{device}/location", body, NOW)
