"""A web worker for the benches: gunicorn as the city starts it, and people who may look."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from common import ROOT, settings_of
from sqlalchemy import Engine

from data_adapters.embedded import Urls
from data_adapters.sql.account_repository import AccountRepository
from services.account_ports import Account, AuditEntry, Scope
from services.accounts import new_session
from tests.chromium import ARGUMENTS, PROGRAM

ENTRY = AuditEntry(0, "bench", "bench")
BROWSER: dict[str, Any] = {"executable_path": PROGRAM, "args": list(ARGUMENTS)}


def now() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


def environment_of(urls: Urls) -> dict[str, str]:
    """What a part of the city finds in its environment."""
    return {**os.environ, **settings_of(urls).to_environment(), "CITYDECK_DATA_DIR": str(Path(ROOT, "var"))}


def people(engine: Engine, scopes: int, regions: Sequence[str] = ()) -> list[str]:
    """A token for one person of each of `scopes` disjoint scopes over `regions`; one scope sees everything."""
    accounts, tokens = AccountRepository(engine), []
    for n in range(scopes):
        name = f"screen-{scopes}-{n}"
        mine = frozenset(regions[n::scopes]) if scopes > 1 else frozenset[str]()
        accounts.create(Account(name, name, "-", initial=False), ENTRY._replace(at=now()))
        accounts.set_scope(name, Scope(roles=frozenset({"operator"}), regions=mine, departments=frozenset()), ENTRY._replace(at=now()))
        token, session = new_session(name, "web", "", now(), None)
        accounts.open_session(session._replace(expires_at=now() + 3_600_000), ENTRY)
        tokens.append(token)
    return tokens


@contextmanager
def web(
    environment: dict[str, str], app: str = "app:web_app()", worker: str = "gevent", path: str = "/healthz"
) -> Iterator[tuple[int, psutil.Process]]:
    """gunicorn with one worker, once `path` answers; yields its port and the worker's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", app, "--worker-class", worker, "--threads", "4", "--worker-connections", "2000"]
    command += ["--bind", f"127.0.0.1:{port}", "--graceful-timeout", "3", "--no-control-socket", "--keep-alive", "5"]
    command += ["--log-level", "warning"]
    master = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port, psutil.Process(master.pid).children()[0]
    finally:
        master.send_signal(signal.SIGTERM)
        master.wait(20)
