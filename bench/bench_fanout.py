"""Fan-out: 500 screens on one web worker, in 1, 10 and 100 scopes: how long a frame takes to reach a screen, and what a screen costs.

    python bench/bench_fanout.py [--quick] [--screens 500] [--seconds 15]

10,000 devices in 100 regions, 2,000 changes a second in 4 frames a second. Each screen is an open /live of the real web application
behind gunicorn with one gevent worker; delivery is from the making of the frame (Redis' clock) to its last byte in the screen's socket.
The ratio beside it: bytes that a screen of one of n scopes gets, to those of a screen that sees everything.
"""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from common import ROOT, engines, options, quantile, report, settings_of
from sqlalchemy import Engine, text

from data_adapters.live_redis import RedisLivePicture
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.database import make_engine
from services.account_ports import Account, AuditEntry, Scope
from services.accounts import new_session

DEVICES, REGIONS, CHANGES_A_FRAME = 10_000, 100, 500
TARGET_MS = 250
FRAME_AT = re.compile(rb'"at":(\d+)')
ENTRY = AuditEntry(0, "bench", "bench")


def now() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


class Screen:
    """One open /live: frames, bytes and how late each frame was."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.late: list[int] = []
        self.bytes, self.counting = 0, False

    async def watch(self) -> None:
        """Read until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 26)
        writer.write(f"GET /live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n\r\n".encode())
        delta = False
        while line := await reader.readline():
            if self.counting:
                self.bytes += len(line)
            if line.startswith(b"event:"):
                delta = b"delta" in line
            elif delta and line.startswith(b"data:") and self.counting and (found := FRAME_AT.search(line)):
                self.late.append(now() - int(found[1]))


def people(engine: Engine, scopes: int) -> list[str]:
    """A token for one person of each of `scopes` disjoint scopes."""
    accounts, tokens = AccountRepository(engine), []
    for n in range(scopes):
        name = f"screen-{scopes}-{n}"
        mine = frozenset(f"r{region}" for region in range(REGIONS) if region % scopes == n) if scopes > 1 else frozenset()
        accounts.create(Account(name, name, "-", initial=False), ENTRY)
        accounts.set_scope(name, Scope(roles=frozenset({"operator"}), regions=mine, departments=frozenset()), ENTRY._replace(at=now()))
        token, session = new_session(name, "web", "", now(), None)
        accounts.open_session(session._replace(expires_at=now() + 3_600_000), ENTRY)
        tokens.append(token)
    return tokens


def record(n: int, value: float) -> dict[str, Any]:
    """A device as the picture holds it."""
    return {"region": f"r{n % REGIONS}", "department": "water", "kind": "water_level", "interval_s": 60, "online": True} | {
        "values": {"water_level": [now(), value, "good"]}
    }


@contextmanager
def web(environment: dict[str, str]) -> Any:
    """gunicorn with one gevent worker; yields its port and the worker's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "app:web_app()", "--worker-class", "gevent", "--worker-connections", "2000"]
    command += ["--bind", f"127.0.0.1:{port}", "--graceful-timeout", "3", "--no-control-socket", "--log-level", "warning"]
    master = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port, psutil.Process(master.pid).children()[0]
    finally:
        master.send_signal(signal.SIGTERM)
        master.wait(20)


async def trial(
    picture: RedisLivePicture, port: int, worker: psutil.Process, tokens: list[str], screens: int, seconds: float
) -> dict[str, float]:
    """Open the screens, let the city change, close them."""
    epoch, turn, shown = picture.epoch() or "", 0, [Screen(port, tokens[n % len(tokens)]) for n in range(screens)]
    tasks = []
    for screen in shown:
        tasks.append(asyncio.create_task(screen.watch()))
        await asyncio.sleep(0.005)
    await asyncio.sleep(3)
    before, started = worker.cpu_times(), time.monotonic()
    for screen in shown:
        screen.counting = True
    while time.monotonic() - started < seconds:
        next_at = time.monotonic() + 0.25
        changed = {f"d{n % DEVICES}": record(n % DEVICES, float(turn)) for n in range(turn * CHANGES_A_FRAME, (turn + 1) * CHANGES_A_FRAME)}
        await asyncio.to_thread(_put, picture, epoch, changed)
        turn += 1
        await asyncio.sleep(max(0.0, next_at - time.monotonic()))
    await asyncio.sleep(0.5)
    took, after = time.monotonic() - started, worker.cpu_times()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return _figures(shown, after.user + after.system - before.user - before.system, took)


def _put(picture: RedisLivePicture, epoch: str, changed: dict[str, Any]) -> None:
    if not picture.write(epoch, changed, {}, {}):
        raise RuntimeError("the picture has another epoch")
    picture.flush()


def _figures(screens: list[Screen], cpu_s: float, took: float) -> dict[str, float]:
    late = [ms for screen in screens for ms in screen.late]
    return {
        "p95_ms": quantile(late, 0.95),
        "median_ms": quantile(late, 0.5),
        "frames_a_screen": round(len(late) / len(screens), 1),
        "screens_without_a_frame": sum(not screen.late for screen in screens),
        "kb_s_a_screen": round(sum(screen.bytes for screen in screens) / len(screens) / took / 1000, 2),
        "cpu_ms_s_a_screen": round(cpu_s / took / len(screens) * 1000, 3),
        "worker_cpu": round(cpu_s / took, 2),
    }


def main() -> None:
    """The same screens in 1, 10 and 100 scopes."""
    chosen = options(__doc__ or "", screens=500, seconds=15.0)
    screens, seconds = (50, 4.0) if chosen.quick else (chosen.screens, chosen.seconds)
    with engines() as urls:
        engine = make_engine(urls.database or "")
        with engine.begin() as tx:
            insert = text("INSERT INTO regions (code, name, parent, level) VALUES (:code, :code, :parent, :level)")
            tx.execute(insert, {"code": "city", "parent": None, "level": "city"})
            tx.execute(insert, [{"code": f"r{n}", "parent": "city", "level": "town"} for n in range(REGIONS)])
        picture = RedisLivePicture(urls.redis or "")
        picture.rebuild("bench", {f"d{n}": record(n, 0.0) for n in range(DEVICES)}, {}, {})
        found = {}
        for scopes in (1, 10, 100):
            tokens = people(engine, scopes)
            environment = {**os.environ, **settings_of(urls).to_environment(), "CITYDECK_DATA_DIR": str(Path(ROOT, "var"))}
            with web(environment) as (port, worker):
                found[scopes] = asyncio.run(trial(picture, port, worker, tokens, screens, seconds))
        engine.dispose()
    everything = found[1]["kb_s_a_screen"]
    report(
        "fanout",
        screens=screens,
        slow_lane=False,
        **{f"scopes_{scopes}": figures for scopes, figures in found.items()},
        bytes_to_everything={scopes: round(figures["kb_s_a_screen"] / everything, 4) for scopes, figures in found.items()},
        target_ms=TARGET_MS,
        met=all(figures["p95_ms"] <= TARGET_MS and not figures["screens_without_a_frame"] for figures in found.values()),
    )


if __name__ == "__main__":
    main()
