"""Runs the city's processes: the engines, ingest, jobs, web and the demo; restarts what dies, and writes down who is who."""

import json
import logging
import os
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psutil

from config.settings import Settings
from data_adapters.embedded import Embedded, EmbeddedError, python_command
from data_adapters.engines.child import Child, stop_all
from data_adapters.engines.data_dir import write_private

LOG = logging.getLogger("citydeck")
ROOT = Path(__file__).resolve().parents[1]
POLL_S = 0.1
STOP_WITHIN_S = 4.5
GUNICORN = (
    "-m",
    "gunicorn",
    "app:web_app()",
    "--worker-class",
    "gevent",
    "--graceful-timeout",
    "3",
    "--timeout",
    "60",
    "--keep-alive",
    "5",
    "--no-control-socket",
)


class Supervisor:
    """The children of one city in one data directory. `settings` has absolute paths and the URLs of all three engines."""

    def __init__(self, settings: Settings, embedded: Embedded) -> None:
        self.settings = settings
        self.embedded = embedded
        self.children = city_children(settings)
        self._written: dict[str, Any] | None = None

    def run(self, announce: Callable[[str], None]) -> None:
        """Start everything and keep it running, for ever; `announce` is called once with the web URL when /readyz answers 200."""
        for child in self._all():
            child.start()
        announced, look_at = False, 0.0
        while True:
            changed = self.embedded.watch()
            changed = any([child.watch() for child in self._all()]) or changed
            if changed or time.monotonic() >= look_at:
                self._write_runtime()
                if not announced and is_ready(self.settings.web_url):
                    announce(self.settings.web_url)
                    announced = True
                look_at = time.monotonic() + (1.0 if announced else 0.25)
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Stop the children together; the engines are stopped by their owner, after them."""
        stop_all(self._all(), STOP_WITHIN_S)
        (self.settings.data_dir / "runtime.json").unlink(missing_ok=True)

    def runtime(self) -> dict[str, Any]:
        """What runtime.json says: where everything listens, and its pids; the web list begins with gunicorn's master."""
        pids: dict[str, Any] = {name: [child.pid for child in group if child.pid] for name, group in self.children.items()}
        pids["web"] += [pid for master in pids["web"] for pid in _descendants(master)]
        pids["jobs"] = next(iter(pids["jobs"]), None)
        if "demo" in pids:
            pids["demo"] = next(iter(pids["demo"]), None)
        return {
            "web": self.settings.web_url,
            "database": self.settings.database_url,
            "redis": self.settings.redis_url,
            "mqtt": _mqtt_parts(self.settings.mqtt_url or ""),
            "pids": {"app": os.getpid(), **pids, **self.embedded.processes()},
        }

    def _all(self) -> list[Child]:
        return [child for group in self.children.values() for child in group]

    def _write_runtime(self) -> None:
        runtime = self.runtime()
        if runtime != self._written:
            write_private(self.settings.data_dir / "runtime.json", json.dumps(runtime, indent=1))
            self._written = runtime


def city_children(settings: Settings) -> dict[str, list[Child]]:
    """The Python processes of a city, by their name in runtime.json."""
    commands: dict[str, list[tuple[str, ...]]] = {
        "ingest": [("ingest.py",)] * settings.ingest_workers,
        "jobs": [("jobs.py",)],
        "web": [(*GUNICORN, *_web_arguments(settings))],
        "demo": [("-m", "data_adapters.demo")] if settings.demo else [],
    }
    return {
        name: [_child(settings, name, number, command) for number, command in enumerate(group)] for name, group in commands.items() if group
    }


def check_port(settings: Settings) -> None:
    """Raises EmbeddedError when the web can't listen where it should."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise EmbeddedError(
                f"the web can't listen on {settings.host} port {settings.port} ({reason}): choose another with --port"
            ) from None


def is_ready(url: str) -> bool:
    """Whether /readyz answers 200. The certificate isn't checked: this program gave it to the server itself."""
    context = ssl._create_unverified_context() if url.startswith("https:") else None
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2, context=context) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _child(settings: Settings, name: str, number: int, arguments: tuple[str, ...]) -> Child:
    own = replace(settings, worker=number if name == "ingest" else 0)
    title = f"{name}-{number}" if name == "ingest" and settings.ingest_workers > 1 else name
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CITYDECK_")}
    return Child(
        name=title,
        command=python_command(sys.executable, settings.data_dir, arguments),
        log=settings.data_dir / "log" / f"{title}.log",
        environ={**kept, **own.to_environment(), "PYTHONUNBUFFERED": "1"},
        cwd=ROOT,
    )


def _web_arguments(settings: Settings) -> tuple[str, ...]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    tls = ("--certfile", str(settings.tls_cert), "--keyfile", str(settings.tls_key)) if settings.tls_cert else ()
    return ("--bind", f"{host}:{settings.port}", "--workers", str(settings.web_workers), *tls)


def _descendants(pid: int) -> list[int]:
    try:
        return sorted(process.pid for process in psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []


def _mqtt_parts(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
    return {"host": parts.hostname, "port": port, "username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
