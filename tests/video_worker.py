"""Starts tests/video_app.py under gunicorn, as the city's web worker runs."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.media_servers import free_port, wait_for

ROOT = Path(__file__).resolve().parents[1]


class Worker:
    """A running worker."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def page(self, *cameras: str, wide: int = 320, moment: int | None = None) -> str:
        """The address of a page with a player for each camera; `moment`: of an alarm there."""
        return f"{self.url}/page?cameras={','.join(cameras)}&wide={wide}" + (f"&moment={moment}" if moment else "")

    def told(self, ahead_ms: int = 0) -> dict[str, list[str]]:
        """What the platform was asked for and told to stop, after the rounds of jobs.py have been made so far ahead of now."""
        with urllib.request.urlopen(f"{self.url}/told?now={time.time_ns() // 1_000_000 + ahead_ms}", timeout=10) as answer:
            return dict(json.load(answer))

    @contextmanager
    def silent_platform(self) -> Iterator[None]:
        """The platform is asked, and answers only after this."""
        urllib.request.urlopen(f"{self.url}/platform?answers=no", timeout=10).close()
        try:
            yield
        finally:
            urllib.request.urlopen(f"{self.url}/platform?answers=yes", timeout=10).close()

    def connections(self) -> set[str]:
        """How the connections stand that the worker still holds: ESTABLISHED, or CLOSE_WAIT where the browser has closed it."""
        held = (one.status for one in psutil.net_connections("tcp") if one.laddr and one.laddr.port == self.port)
        return {status for status in held if status in (psutil.CONN_ESTABLISHED, psutil.CONN_CLOSE_WAIT)}


@contextmanager
def video_worker(
    database: str, cameras: Mapping[str, Mapping[str, str]], roles: Sequence[str] = ("operator",), log: Any = None, **more: Any
) -> Iterator[Worker]:
    """A worker that plays these cameras (id -> way -> address), used by somebody with these roles; `more`: see tests/video_app.py."""
    port = free_port()
    said = json.dumps({"database": database, "cameras": cameras, "roles": list(roles), **more})
    command = [sys.executable, "-m", "gunicorn", "tests.video_app:app()", "--worker-class", "gevent", "--bind", f"127.0.0.1:{port}"]
    command += ["--graceful-timeout", "1", "--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "CITYDECK_TEST_VIDEO": said}, stdout=log, stderr=log)
    try:
        worker = Worker(port)
        wait_for(lambda: _answers(worker), 30)
        yield worker
    finally:
        process.terminate()
        process.wait(10)


def _answers(worker: Worker) -> bool:
    try:
        return bool(worker.told() is not None)
    except OSError:
        return False
