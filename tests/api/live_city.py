"""A web server of one gevent worker on real engines, people who may look, and a screen that reads /live by hand."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from data_adapters.live_redis import RedisLivePicture
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.database import make_engine
from services.account_ports import Account, AuditEntry, Scope
from services.accounts import new_session

ROOT = Path(__file__).parents[2]
ENTRY = AuditEntry(0, "test", "test")
TREE = [("441900", None, "city"), ("tangxia", "441900", "town"), ("humen", "441900", "town")]


def now() -> int:
    return time.time_ns() // 1_000_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LiveCity:
    """Engines, one picture, and the web server when `start` has been called."""

    def __init__(self, engines: Any, database_url: str) -> None:
        self.engine = make_engine(database_url)
        with self.engine.begin() as tx:
            for code, parent, level in TREE:
                values = {"code": code, "parent": parent, "level": level}
                tx.execute(text("INSERT INTO regions (code, name, parent, level) VALUES (:code, :code, :parent, :level)"), values)
        self.accounts = AccountRepository(self.engine)
        self.picture = RedisLivePicture(engines.redis, slot_ms=1)
        self.picture.redis.flushall()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        names = {"DATABASE_URL": database_url, "REDIS_URL": engines.redis, "MQTT_URL": engines.mqtt, "MQTT_NATS": "true"}
        self.environment = {**os.environ, **{f"CITYDECK_{name}": value for name, value in names.items()}}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "tests.api.live_app:server()", "--worker-class", "gevent"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--graceful-timeout", "15", "--no-control-socket", "--log-level", "warning"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                if requests.get(self.url + "/healthz", timeout=1).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise AssertionError("the web server did not start")

    def stop(self) -> float:
        """SIGTERM; the seconds until it was gone."""
        assert self.process
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.process = None
        return time.monotonic() - started

    def worker_pid(self) -> int:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def person(self, name: str, regions: frozenset[str] = frozenset(), departments: frozenset[str] = frozenset()) -> str:
        """A token of a new operator of this scope."""
        self.accounts.create(Account(name, name, "-", initial=False), ENTRY._replace(at=now()))
        self.set_scope(name, regions, departments)
        token, session = new_session(name, "web", "", now(), None)
        self.accounts.open_session(session._replace(expires_at=now() + 3_600_000), ENTRY)
        return token

    def set_scope(self, name: str, regions: frozenset[str], departments: frozenset[str]) -> None:
        scope = Scope(roles=frozenset({"operator"}), regions=regions, departments=departments)
        self.accounts.set_scope(name, scope, ENTRY._replace(at=now()))

    def write(self, **devices: float) -> None:
        """`town_device=value`: one reading each, and a frame."""
        records = {name: device(name.partition("_")[0], value) for name, value in devices.items()}
        assert self.picture.write(self.picture.epoch() or "", records, {}, {})
        time.sleep(0.005)
        self.picture.flush()


def device(region: str, value: float) -> dict[str, Any]:
    values = {"level": [now(), value, "good"]}
    return {"region": region, "department": "water", "kind": "water_level", "interval_s": 60, "online": True, "values": values}


class Reader:
    """One open /live."""

    def __init__(self, city: LiveCity, token: str, last: str = "", timeout: float = 5) -> None:
        headers = {"Authorization": f"Bearer {token}", **({"Last-Event-ID": last} if last else {})}
        self.answer = requests.get(city.url + "/live", headers=headers, stream=True, timeout=timeout)
        self.lines = self.answer.iter_lines(chunk_size=1)

    def blocks(self) -> Iterator[list[str]]:
        block: list[str] = []
        for line in self.lines:
            if line:
                block.append(line.decode())
            elif block:
                yield block
                block = []

    def events(self) -> Iterator[tuple[str, str, Any]]:
        """(event, id, data); the iterator ends with the stream."""
        for block in self.blocks():
            fields = dict(line.partition(":")[::2] for line in block)
            if "event" in fields:
                yield fields["event"].strip(), fields.get("id", "").strip(), json.loads(fields["data"])

    def close(self) -> None:
        self.answer.close()
