"""The facts behind /readyz and /metrics: from PostgreSQL, Redis, the broker's port and the disk."""

import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, text

from data_adapters.live_frames import RedisFrames
from data_adapters.sql.learning_repository import LearningRepository
from services.appeal_learning import OUTCOME_DAYS
from services.state_of_affairs import FeedCount, IngestState, disk_reason

INGEST = (
    """SELECT coalesce(max(lag_s), 0), extract(epoch FROM now() - min(beat_at)), count(*) FROM ingest_progress WHERE worker < :workers"""
)
FEEDS = "SELECT feed, sum(stored), sum(duplicate), sum(rejected) FROM feed_health GROUP BY feed ORDER BY feed"
NOTICES = "SELECT replace(state, 'sending', 'waiting'), count(*) FROM outbox WHERE channel <> 'app' GROUP BY 1"
OPEN = "SELECT count(*) FROM incidents WHERE open AND NOT exercise"
LIT = "SELECT count(*) FROM alarms WHERE state = 'active' AND silence_id IS NULL AND false_at IS NULL"
OF_RULES = """SELECT rule_id, count(*), count(false_at) FROM alarms
    WHERE state <> 'withdrawn' AND raised_at > now() - interval '1 day' GROUP BY rule_id ORDER BY rule_id"""
OUTCOMES = ("stored", "duplicate", "rejected")
MQTT_PORTS = {"mqtt": 1883, "mqtts": 8883}


class CityFacts:
    """The Facts port of services/state_of_affairs.py."""

    def __init__(self, engine: Engine, frames: RedisFrames, workers: int) -> None:
        self._engine, self._frames, self._workers = engine, frames, workers

    def ingest(self) -> IngestState:
        """See Facts."""
        with self._engine.connect() as tx:
            lag_s, age_s, workers = tx.execute(text(INGEST), {"workers": self._workers}).one()
        return IngestState(float(lag_s), None if age_s is None else float(age_s), int(workers))

    def feeds(self) -> list[FeedCount]:
        """See Facts."""
        with self._engine.connect() as tx:
            rows = tx.execute(text(FEEDS)).all()
        return [FeedCount(feed, outcome, int(n)) for feed, *numbers in rows for outcome, n in zip(OUTCOMES, numbers, strict=True)]

    def open_incidents(self) -> int:
        """See Facts."""
        with self._engine.connect() as tx:
            return int(tx.execute(text(OPEN)).scalar_one())

    def active_alarms(self) -> int:
        """See Facts."""
        with self._engine.connect() as tx:
            return int(tx.execute(text(LIT)).scalar_one())

    def alarms_of_rules(self) -> dict[str, tuple[int, int]]:
        """See Facts."""
        with self._engine.connect() as tx:
            return {rule_id: (int(raised), int(false)) for rule_id, raised, false in tx.execute(text(OF_RULES))}

    def suggestions(self) -> Mapping[str, Mapping[str, int]]:
        """See Facts."""
        return LearningRepository(self._engine).outcomes(OUTCOME_DAYS)

    def notices(self) -> dict[str, int]:
        """See Facts."""
        with self._engine.connect() as tx:
            found = {state: int(n) for state, n in tx.execute(text(NOTICES))}
        return {state: found.get(state, 0) for state in ("waiting", "sent", "failed", "unsure")}

    def screens(self) -> tuple[int, int]:
        """See Facts."""
        return self._frames.totals()


def checks(
    engine: Engine, frames: RedisFrames, mqtt_url: str, data_dir: Path, limit_gb: float | None, disk_left: float
) -> dict[str, Callable[[], str | None]]:
    """What must answer, by name; each gives None or the reason why not, or raises."""

    def database() -> str | None:
        with engine.connect() as tx:
            tx.execute(text("SELECT 1"))
        return None

    def redis() -> str | None:
        frames.redis.ping()
        return None

    def mqtt() -> str | None:
        parts = urlsplit(mqtt_url)
        port = parts.port or MQTT_PORTS.get(parts.scheme, 1883)
        with socket.create_connection((parts.hostname or "127.0.0.1", port), timeout=2):
            return None

    def disk() -> str | None:
        space = shutil.disk_usage(data_dir if data_dir.exists() else Path.cwd())
        used = None
        if limit_gb is not None:
            with engine.connect() as tx:
                used = int(tx.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        return disk_reason(used, limit_gb, space.free, space.total, disk_left)

    return {"database": database, "redis": redis, "mqtt": mqtt, "disk": disk}
