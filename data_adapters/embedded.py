"""The embedded engines of one data directory: PostgreSQL, Valkey (Redis' protocol) and NATS (MQTT), from pip packages.

Only the packages' programs are used. Embedded also owns the data directory: one program at a time, and what a killed one left
running is stopped before anything starts.
"""

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from config.feeds import Topic
from data_adapters.engines.child import Child, stop_all, stop_leftovers
from data_adapters.engines.data_dir import DataDir, EmbeddedError, Unreachable
from data_adapters.engines.nats import Nats
from data_adapters.engines.postgres import Postgres
from data_adapters.engines.valkey import Valkey
from data_adapters.topic_plan import Plan

__all__ = ["Embedded", "EmbeddedError", "Unreachable", "Urls"]
LOG = logging.getLogger("citydeck")
READY_WITHIN_S = 60.0
STOP_WITHIN_S = 2.5


class Urls(NamedTuple):
    """Where the engines listen; None for one that wasn't wanted."""

    database: str | None
    redis: str | None
    mqtt: str | None


class Engine(Protocol):
    """One engine: its process, and where it listens."""

    name: str
    child: Child

    @property
    def url(self) -> str:
        """Where it listens."""

    def is_ready(self) -> bool:
        """Whether it answers."""


class Embedded:
    """The wanted engines (of "database", "redis", "mqtt") of `data_dir`; the broker serves `workers`, who share `topics`."""

    def __init__(self, data_dir: Path, workers: int, want: set[str], topics: Sequence[Topic] = ()) -> None:
        self.data = DataDir(data_dir)
        self.plan = Plan(workers, tuple(topics))
        self.want = want
        self.engines: dict[str, Engine] = {}

    def start(self) -> Urls:
        """Claim the data directory, stop what a killed program left in it, start the engines and wait for them. Raises EmbeddedError."""
        self.data.prepare("database" in self.want)
        self.data.claim()
        try:
            self._stop_leftovers()
            self._make_engines()
            for engine in self.engines.values():
                engine.child.start()
            for engine in self.engines.values():
                self._wait_ready(engine)
        except BaseException:
            self.stop()
            raise
        return self.urls()

    def urls(self) -> Urls:
        """Where the engines listen now."""
        urls = {name: engine.url for name, engine in self.engines.items()}
        return Urls(urls.get("database"), urls.get("redis"), urls.get("mqtt"))

    def is_announced(self) -> bool:
        """Whether devices can reach the broker now. One that isn't ours they always can."""
        broker = self.engines.get("mqtt")
        return not isinstance(broker, Nats) or broker.is_open

    def announce(self) -> Urls:
        """The workers' sessions exist: let devices reach the broker, which until now may have listened elsewhere."""
        broker = self.engines.get("mqtt")
        if isinstance(broker, Nats) and not broker.is_open:
            stop_all([broker.child], STOP_WITHIN_S)
            broker.open()
            broker.child.start()
            self._wait_ready(broker)
        return self.urls()

    def stop(self) -> None:
        """Stop the engines, by force after a few seconds (all of them recover from that), and let go of the data directory."""
        stop_all([engine.child for engine in self.engines.values()], STOP_WITHIN_S)
        if self.data.is_claimed:
            self._stop_leftovers()
        self.data.release()

    def processes(self) -> dict[str, int]:
        """Engine -> pid, of those that run now."""
        pids = {name: engine.child.pid for name, engine in self.engines.items()}
        return {name: pid for name, pid in pids.items() if pid is not None}

    def watch(self) -> bool:
        """Restart what died; call it a few times a second. True when a pid has changed."""
        return any([engine.child.watch() for engine in self.engines.values()])

    def restart(self, name: str) -> None:
        """Stop one engine and start it again; returns when it answers."""
        engine = self.engines[name]
        stop_all([engine.child], STOP_WITHIN_S)
        engine.child.start()
        self._wait_ready(engine)

    def _make_engines(self) -> None:
        chosen = self.data.engines()
        if "database" in self.want:
            self.engines["database"] = Postgres(self.data, chosen)
        if "redis" in self.want:
            self.engines["redis"] = Valkey(self.data, chosen)
        if "mqtt" in self.want:
            self.engines["mqtt"] = Nats(self.data, chosen, self.plan)

    def _wait_ready(self, engine: Engine) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while not engine.is_ready():
            engine.child.watch()
            if time.monotonic() > until or engine.child.early_deaths > 3:
                raise EmbeddedError(f"{engine.name} doesn't answer; the last line of {engine.child.log}: {engine.child.last_line()}")
            time.sleep(0.05)

    def _stop_leftovers(self) -> None:
        """Stop children of a program that was killed in this data directory, the Python ones first."""
        data, mark = self.data.path, child_mark(self.data.path)
        left = stop_leftovers(lambda command: mark in command[:3])
        city = self.data.known_city()
        left += stop_leftovers(lambda command: any(engine.is_mine(data, city, command) for engine in (Nats, Valkey, Postgres)))
        if left:
            LOG.warning("%d processes were left over in %s, and have been stopped", len(left), data)


def child_mark(data_dir: Path) -> str:
    """What `python -X <mark> ...` carries, so that a child of this data directory is known by its command line."""
    return f"citydeck={data_dir.absolute()}"


def python_command(python: str, data_dir: Path, arguments: Sequence[str]) -> list[str]:
    """The command of a Python child of this data directory."""
    return [python, "-X", child_mark(data_dir), *arguments]
