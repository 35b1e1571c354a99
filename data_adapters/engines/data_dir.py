"""The data directory of one city: who may use it, who uses it now, and what was chosen once (ports, passwords)."""

import errno
import fcntl
import json
import os
import pwd
import secrets
import socket
import subprocess
from pathlib import Path
from typing import Any

PORTS = range(20_000, 32_000)
"""Below the range from which systems take ports for outgoing connections, so that a restarting engine finds its port free."""


class EmbeddedError(RuntimeError):
    """Something outside the program keeps it from starting; the message is one line for the person at the keyboard."""


class Unreachable(EmbeddedError):
    """The database user can't enter the data directory."""


class DataDir:
    """<data-dir>, held by at most one running program."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.user: pwd.struct_passwd | None = None
        self._lock: Any = None

    def prepare(self, for_database: bool) -> None:
        """Make the directory and check that it, and with `for_database` its database user, can be reached. Raises EmbeddedError."""
        existed = self.path.exists()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not existed:
                self.path.chmod(0o755)
            self.folder("log")
        except OSError as error:
            raise EmbeddedError(f"data directory {self.path} can't be used: {error.strerror or error}") from None
        if not for_database or os.geteuid() != 0:
            return
        self.user = self._database_user()
        if not runs_as(self.user, ["/bin/sh", "-c", 'cd "$0"', str(self.path)]):
            if not existed:
                self._remove_empty()
            raise Unreachable(
                f"data directory {self.path} can't be reached by {self.user.pw_name}, the user as whom root starts PostgreSQL: "
                "choose another with --data-dir, for instance /var/lib/citydeck"
            )

    def claim(self) -> None:
        """Hold the directory until release() or the end of this process. Raises EmbeddedError when another program holds it."""
        lock = open(self.path / "lock", "a+")  # noqa: SIM115 (held open on purpose)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise EmbeddedError(f"data directory {self.path} can't be locked: {error.strerror}") from None
            raise EmbeddedError(f"another CityDeck already runs in the data directory {self.path}") from None
        self._lock = lock

    @property
    def is_claimed(self) -> bool:
        """Whether this program holds the directory."""
        return self._lock is not None

    def release(self) -> None:
        """Let another program have the directory."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def folder(self, name: str) -> Path:
        """A private folder of ours inside the directory."""
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def engines(self) -> dict[str, Any]:
        """Ports and passwords, made at the first call and the same ever after, save for ports that another program has taken."""
        known = self._known()
        chosen = {name: known.get(name) or secrets.token_hex(16) for name in ("city", "database", "redis", "mqtt")}
        chosen["ports"] = _free_ports(known.get("ports", {}), ("database", "redis", "mqtt", "nats", "mqtt_closed"))
        if chosen != known:
            write_private(self.path / "engines.json", json.dumps(chosen, indent=1))
        return chosen

    def known_city(self) -> str:
        """The mark by which processes of this data directory know each other; it is in no other directory."""
        return str(self._known().get("city") or secrets.token_hex(16))

    def _known(self) -> dict[str, Any]:
        file = self.path / "engines.json"
        try:
            return dict(json.loads(file.read_text()))
        except FileNotFoundError:
            return {}
        except (ValueError, OSError) as error:
            raise EmbeddedError(f"{file} can't be read ({error}): restore it, or move the data directory away to start anew") from None

    def _database_user(self) -> pwd.struct_passwd:
        """The owner of the database that is here already, else postgres, else nobody."""
        home = self.path / "postgres"
        if home.exists() and home.stat().st_uid != 0:
            return pwd.getpwuid(home.stat().st_uid)
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise EmbeddedError("root can't run PostgreSQL itself, and this machine has neither a user postgres nor a user nobody")

    def _remove_empty(self) -> None:
        (self.path / "log").rmdir()
        self.path.rmdir()


def runs_as(user: pwd.struct_passwd, command: list[str]) -> bool:
    """Whether `command` succeeds as `user`. Only root may ask."""
    try:
        done = subprocess.run(
            command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", capture_output=True, timeout=30, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def write_private(file: Path, text: str) -> None:
    """Replace `file` in one step with `text`, readable for its owner only, and on disk when this returns."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(fresh, file)


def _free_ports(known: dict[str, int], names: tuple[str, ...]) -> dict[str, int]:
    ports: dict[str, int] = {}
    for name in names:
        port = known.get(name, 0)
        while port not in PORTS or port in ports.values() or not _is_free(port):
            port = secrets.choice(PORTS)
        ports[name] = port
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
