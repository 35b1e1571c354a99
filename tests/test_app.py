"""`python app.py` as a person at the keyboard meets it: ready, whole again after kills, gone after Ctrl-C."""

import json
import os
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

import app
from config.settings import Settings, SettingsError
from data_adapters.certificates import make_certificate
from data_adapters.embedded import Unreachable

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow
STOPPED_S = 60.0
"""Whoever is not gone by then hangs; how long a busy machine takes is nobody's fault."""


class Running:
    """One `python app.py` and what it said."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data, self.port = data, free_port()
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CITYDECK_")}
        command = [sys.executable, "app.py", "--port", str(self.port), "--data-dir", str(data), *arguments]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ, preexec_fn=hears_ctrl_c
        )
        self.said: list[str] = []
        self.complained: list[str] = []
        self._readers = [
            threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True),
            threading.Thread(target=lambda: self.complained.extend(self.process.stderr), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def wait_ready(self) -> "Running":
        assert eventually(lambda: bool(self.said) or self.process.poll() is not None, 60) and self.said, self.complained
        return self

    def runtime(self) -> dict[str, Any]:
        return json.loads((self.data / "runtime.json").read_text())

    def wait_end(self, within_s: float) -> int:
        code = self.process.wait(within_s)
        for reader in self._readers:
            reader.join(5)
        return code


def hears_ctrl_c() -> None:
    """As at a keyboard; what a script starts in its background is deaf to it, and so is all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(check: Callable[[], bool], within_s: float = 60.0) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.1)
    return False


def belongs(process: psutil.Process, data: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and any(str(data) in part for part in process.cmdline())
    except psutil.Error:
        return False


def family(data: Path) -> set[int]:
    """Pids of all processes that have this data directory on their command line."""
    return {process.pid for process in psutil.process_iter() if belongs(process, data)}


def answers(running: Running, path: str, trusting: ssl.SSLContext) -> bool:
    try:
        with urllib.request.urlopen(f"https://localhost:{running.port}/{path}", timeout=2, context=trusting) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory that doesn't exist yet, where the database user can enter; whoever still runs in it is ended."""
    folder = Path(tempfile.mkdtemp(prefix="citydeck-app-"))
    folder.chmod(0o755)
    yield folder / "data"
    for pid in family(folder):
        psutil.Process(pid).kill()
    shutil.rmtree(folder, ignore_errors=True)


def test_city_comes_up_over_tls_heals_and_leaves_nothing_behind(data):
    certificate, key = make_certificate("localhost", data.parent / "tls", datetime.now(UTC))
    running = Running(data, "--no-demo", "--tls-cert", str(certificate), "--tls-key", str(key)).wait_ready()
    assert running.said == [f"ready https://127.0.0.1:{running.port}\n"]
    trusting = ssl.create_default_context(cafile=str(certificate.with_name("ca.pem")))
    assert answers(running, "healthz", trusting)
    assert stat.S_IMODE((data / "runtime.json").stat().st_mode) == 0o600
    before = running.runtime()
    assert set(before) == {"web", "database", "redis", "mqtt", "pids"} and set(before["mqtt"]) == {"host", "port", "username", "password"}
    pids = before["pids"]
    for victim in (pids["ingest"][0], pids["jobs"], pids["web"][0], pids["database"]):
        os.kill(victim, signal.SIGKILL)

    def healed() -> bool:
        now = running.runtime()["pids"]
        return bool(now["ingest"] and now["jobs"] and now["web"] and "database" in now) and not {
            now["ingest"][0],
            now["jobs"],
            now["web"][0],
            now["database"],
        } & {pids["ingest"][0], pids["jobs"], pids["web"][0], pids["database"]}

    assert eventually(healed) and eventually(lambda: answers(running, "readyz", trusting))
    running.process.send_signal(signal.SIGINT)
    assert running.wait_end(STOPPED_S) == 0
    assert not family(data)
    assert not (data / "runtime.json").exists()


@pytest.mark.long
def test_next_start_stops_what_a_killed_app_left_and_goes_on(data):
    first = Running(data, "--no-demo").wait_ready()
    stopped = psutil.Process(first.runtime()["pids"]["ingest"][0])
    stopped.suspend()
    first.process.kill()
    first.wait_end(STOPPED_S)
    second = Running(data, "--no-demo").wait_ready()
    assert belongs(stopped, data) is False
    third = Running(data, "--no-demo")
    assert third.wait_end(STOPPED_S) == 1
    assert third.complained == [f"citydeck: another CityDeck already runs in the data directory {data}\n"]
    second.process.send_signal(signal.SIGTERM)
    assert second.wait_end(STOPPED_S) == 0
    assert not family(data)


def test_port_in_use_is_one_clear_line(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = Running(data, "--no-demo", "--port", str(taken.getsockname()[1]))
        assert running.wait_end(STOPPED_S) == 1
    assert len(running.complained) == 1 and "--port" in running.complained[0]
    assert not family(data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as another user")
def test_default_data_dir_that_the_database_cannot_reach_gives_way_and_says_so(data, monkeypatch, capsys):
    closed, instead = data.parent / "closed", data.parent / "instead"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(app, "FALLBACK_DATA_DIR", instead)
    settings = Settings(data_dir=closed / "var", redis_url="redis://elsewhere", mqtt_url="mqtt://elsewhere")
    with pytest.raises(Unreachable):
        app.start_engines(settings, fall_back=False)
    found, embedded = app.start_engines(settings, fall_back=True)
    embedded.stop()
    assert found.data_dir == instead and found.database_url and found.redis_url == "redis://elsewhere"
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_command_line_wins_over_the_environment_and_is_checked_alike(tmp_path):
    settings = app.read_settings(
        ["--port", "9001", "--no-demo", "--data-dir", "here"], {"CITYDECK_PORT": "9000", "CITYDECK_CITY": str(tmp_path)}
    )
    assert (settings.port, settings.demo, settings.city, settings.data_dir) == (9001, False, tmp_path, Path("here").absolute())
    with pytest.raises(SettingsError, match=r"^CITYDECK_PORT: "):
        app.read_settings(["--port", "http"], {})
