"""A city of real processes for trials: started by `python app.py`, killed part by part, stopped whatever happens."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis

from data_adapters.live_redis import RedisLivePicture

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("ingest", "jobs", "web", "database", "redis", "mqtt")
"""What can be killed besides app.py itself."""


def eventually(check: Callable[[], object], within_s: float, every_s: float = 0.1) -> bool:
    """Whether `check` came true in time; a city that doesn't answer yet counts as not yet."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with suppress(OSError, ValueError, KeyError, IndexError, psycopg.Error, psutil.Error, redis.RedisError):
            if check():
                return True
        time.sleep(every_s)
    return False


class RealCity:
    """One `python app.py --city PACK` in `folder`. The demo is on for its accounts; beside another city it says nothing."""

    def __init__(self, folder: Path, pack: Path, workers: int = 1, tls: tuple[Path, Path] | None = None) -> None:
        """`tls`: certificate and key files, for https; whoever asks must trust the certificate (SSL_CERT_FILE)."""
        self.folder, self.pack, self.workers, self.tls = folder, pack, workers, tls
        self.data, self.port = folder / "data", _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "RealCity":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def url(self) -> str:
        """Where its web listens."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start app.py, and don't wait."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CITYDECK_")}
        environ["CITYDECK_INGEST_WORKERS"], environ["CITYDECK_WEB_WORKERS"] = str(self.workers), "1"
        command = [sys.executable, "app.py", "--port", str(self.port), "--data-dir", str(self.data), "--city", str(self.pack)]
        command += ["--tls-cert", str(self.tls[0]), "--tls-key", str(self.tls[1])] if self.tls else []
        with open(self.folder / "app.log", "ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)

    def wait_ready(self, within_s: float = 60) -> "RealCity":
        """Until all parts run and /readyz answers 200. Raises AssertionError with what app.py said."""
        assert eventually(self.is_whole, within_s), (self.folder / "app.log").read_text()[-3000:]
        return self

    def is_whole(self) -> bool:
        """Whether every part has a living process and /readyz answers 200."""
        pids = self.pids()
        return all(pids[part] for part in PARTS) and len(pids["ingest"]) == self.workers and self.is_ready()

    def is_ready(self) -> bool:
        """Whether /readyz answers 200."""
        return self.answers("readyz")

    def answers(self, path: str) -> bool:
        """Whether the web answers `path` with 200."""
        with suppress(OSError, HTTPException), urllib.request.urlopen(f"{self.url}/{path}", timeout=3) as answer:
            return bool(answer.status == 200)
        return False

    def runtime(self) -> dict[str, Any]:
        """runtime.json of the app.py that runs now. Raises ValueError while it hasn't written one."""
        found: dict[str, Any] = json.loads((self.data / "runtime.json").read_text())
        if self.process is None or found["pids"]["app"] != self.process.pid:
            raise ValueError("this runtime.json was left by an app.py that is gone")
        return found

    def pids(self) -> dict[str, list[int]]:
        """Part -> pids of its living processes, the first one first."""
        assert self.process is not None
        listed = self.runtime()["pids"]
        family = {process.pid for process in psutil.Process(self.process.pid).children(recursive=True) if _lives(process)}
        found = {part: listed.get(part) or [] for part in PARTS}
        return {part: [pid for pid in (pids if isinstance(pids, list) else [pids]) if pid in family] for part, pids in found.items()}

    def kill(self, part: str, number: int = 0) -> bool:
        """SIGKILL a part: its first process, or another `number`; "app" is app.py. False when it is down already."""
        assert self.process is not None
        if part == "app":
            self.process.kill()
            self.process.wait()
            return True
        with suppress(OSError, ValueError, KeyError, psutil.Error):
            pids = self.pids()[part]
            if len(pids) > number:
                os.kill(pids[number], signal.SIGKILL)
                return True
        return False

    def stop(self, within_s: float = 20) -> int:
        """Ask app.py to stop, and wait; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within_s)

    def end(self) -> None:
        """Stop, also after a failure, and see that no process of this data directory is left."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill("app")
        left = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.pid != os.getpid() and any(str(self.data) in part for part in process.cmdline()):
                    process.kill()
                    left.append(process)
        psutil.wait_procs(left, 5)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the city's database, on a connection of their own; times in UTC."""
        with psycopg.connect(self.runtime()["database"], connect_timeout=5, options="-c timezone=UTC") as connection:
            return connection.execute(sql.encode()).fetchall()

    def has_picture(self) -> bool:
        """Whether Redis holds a picture that ingest has built since Redis started."""
        live = RedisLivePicture(self.runtime()["redis"])
        try:
            return live.epoch() is not None
        finally:
            live.redis.close()

    def account(self, role: str = "duty_officer") -> dict[str, str]:
        """Username and password of the demo's account for `role`."""
        return dict(json.loads((self.data / "accounts.json").read_text())[role])

    def picture(self) -> dict[str, Any]:
        """What /api/v1/picture shows to somebody who may see the whole city."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        login = urllib.request.Request(
            f"{self.url}/api/v1/session", json.dumps(self.account()).encode(), {"Content-Type": "application/json"}
        )
        opener.open(login, timeout=10).close()
        with opener.open(f"{self.url}/api/v1/picture", timeout=10) as answer:
            return dict(json.load(answer))


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
