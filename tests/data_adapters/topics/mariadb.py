"""A real MariaDB of the tests' own: Debian's mariadbd on a free loopback port, an ordinary process in a folder of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql

WITHIN_S = 30.0
PASSWORD = "only-the-tests"


def installed() -> bool:
    """Whether Debian's mariadb-server-core is there, and mariadb-client-core with what mariadb-install-db calls."""
    return all(map(_program, ("mariadbd", "mariadb-install-db", "my_print_defaults")))


@contextmanager
def mariadb(folder: Path) -> Iterator[str]:
    """The URL of an empty database `school`; the process ends with the block."""
    data, port, user = folder / "mariadb", _free_port(), "root" if os.geteuid() == 0 else ""
    as_user = [f"--user={user}"] if user else []
    install = [_program("mariadb-install-db"), "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", *as_user]
    subprocess.run([*install, "--skip-test-db"], check=True, capture_output=True, timeout=WITHIN_S)
    serve = [_program("mariadbd"), "--no-defaults", f"--datadir={data}", "--bind-address=127.0.0.1", f"--port={port}", *as_user]
    small = ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--skip-name-resolve", f"--socket={folder / 'm.sock'}"]
    with (folder / "mariadb.log").open("wb") as log:
        process = subprocess.Popen([*serve, *small], stdout=log, stderr=log)
    try:
        _wait(folder / "m.sock")
        yield f"mariadb://steward:{PASSWORD}@127.0.0.1:{port}/school"
    finally:
        process.kill()
        process.wait(WITHIN_S)


def _wait(sock: Path) -> None:
    until = time.monotonic() + WITHIN_S
    while True:
        try:
            with pymysql.connect(unix_socket=str(sock), user="root", autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE school CHARACTER SET utf8mb4")
                cursor.execute(f"CREATE USER steward@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
                cursor.execute("GRANT ALL ON *.* TO steward@'127.0.0.1' WITH GRANT OPTION")
                return
        except pymysql.err.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _program(name: str) -> str:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin") or ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
