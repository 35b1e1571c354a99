"""What every test may use: one set of real engines per run, and a fresh database per test module."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from data_adapters.embedded import Embedded, Urls
from data_adapters.sql.database import make_engine, migrate


@pytest.fixture(scope="session")
def reachable_dir() -> Iterator[Path]:
    """A temporary folder that the database user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="citydeck-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def engines(reachable_dir: Path) -> Iterator[Urls]:
    """The URLs of PostgreSQL, Valkey and NATS, started once per run."""
    embedded = Embedded(reachable_dir / "engines", workers=1, want={"database", "redis", "mqtt"})
    yield embedded.start()
    embedded.stop()


@pytest.fixture(scope="module")
def database_url(engines: Urls) -> Iterator[str]:
    """A fresh, empty database for this module."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(engines.database, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{engines.database.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder that every user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="citydeck-embedded-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def started(place: Path) -> Iterator[tuple[Embedded, Urls]]:
    """A running set of its own, for tests that kill."""
    embedded = Embedded(place / "data", 1, {"database", "redis", "mqtt"})
    yield embedded, embedded.start()
    embedded.stop()


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """This module's database with all its tables."""
    made = make_engine(database_url)
    migrate(made)
    yield made
    made.dispose()
