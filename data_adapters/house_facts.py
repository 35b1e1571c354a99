"""The facts behind the system administrator's page: from PostgreSQL, Redis, the disk, the installed packages and the settings."""

import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, text

from config.settings import PREFIX, Settings
from data_adapters.live_frames import RedisFrames
from domain.event_time import to_ms
from services.operations import FeedState, Setting, Sizes, WorkerState

FEEDS = """SELECT feed, max(last_message_at), sum(stored), sum(duplicate), sum(rejected) FROM feed_health GROUP BY feed ORDER BY feed"""
WORKERS = "SELECT worker, lag_s, beat_at FROM ingest_progress WHERE worker < :workers ORDER BY worker"
LIBRARIES = (
    "dash",
    "dash-ag-grid",
    "dash-mantine-components",
    "flask",
    "gunicorn",
    "maplibre",
    "paho-mqtt",
    "plotly",
    "psycopg",
    "sqlalchemy",
)
HIDDEN = "•••"
WHOLLY_SECRET = frozenset({"email_url", "http_url"})
"""URLs of other services carry their secrets anywhere."""


class SystemFacts:
    """The HouseFacts port of services/operations.py. `mark` is the short name of this very program."""

    def __init__(self, engine: Engine, frames: RedisFrames, settings: Settings, mark: str) -> None:
        self._engine, self._frames, self._settings, self._mark = engine, frames, settings, mark

    def feeds(self) -> Sequence[FeedState]:
        with self._engine.connect() as tx:
            rows = tx.execute(text(FEEDS)).all()
        return [FeedState(feed, None if last is None else to_ms(last), int(s), int(d), int(r)) for feed, last, s, d, r in rows]

    def workers(self) -> Sequence[WorkerState]:
        with self._engine.connect() as tx:
            rows = tx.execute(text(WORKERS), {"workers": self._settings.ingest_workers}).all()
        return [WorkerState(worker, float(lag_s), to_ms(beat_at)) for worker, lag_s, beat_at in rows]

    def sizes(self) -> Sizes:
        folder = self._settings.data_dir
        space = shutil.disk_usage(folder if folder.exists() else Path.cwd())
        with self._engine.connect() as tx:
            database = int(tx.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        return Sizes(database, int(self._frames.redis.info("memory")["used_memory"]), space.free, space.total)

    def versions(self) -> Mapping[str, str]:
        with self._engine.connect() as tx:
            database = str(tx.execute(text("SHOW server_version")).scalar_one())
        about = self._frames.redis.info("server")
        redis = about.get("valkey_version") or about.get("redis_version", "")
        own = {"CityDeck": self._mark, "Python": platform.python_version(), "PostgreSQL": database, "Redis / Valkey": str(redis)}
        return own | {name: version(name) for name in LIBRARIES}

    def settings(self) -> Sequence[Setting]:
        held = ((field.name, getattr(self._settings, field.name), field.default) for field in fields(self._settings))
        return [Setting(PREFIX + name.upper(), _hidden(name, value), value != default) for name, value, default in held]


def _hidden(name: str, value: object) -> str:
    return HIDDEN if name in WHOLLY_SECRET and value else shown(value)


def shown(value: object) -> str:
    """A setting's value for a page; of a URL its password is hidden."""
    written = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    parts = urlsplit(written) if "://" in written else None
    if parts is None or parts.password is None:
        return written
    host = written.rpartition("@")[2]
    return f"{parts.scheme}://{parts.username or ''}:{HIDDEN}@{host}"
