"""What every test may use: one set of real engines per run, and a fresh database per test module."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import Engine

from data_adapters.embedded import Embedded, Urls
from data_adapters.sql.database import make_engine, migrate

# How long an example takes depends on what else the machine does: no test fails by the clock.
settings.register_profile("citydeck", deadline=None)
settings.load_profile("citydeck")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a browser or a killed process does depends on what else the machine does: such a test that fails is run once more.

    Each failure is printed with its traceback even where the second run passes, and more than a few in one run are failures all the same
    (`--max-suite-reruns` in pyproject.toml).
    """
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.flaky(reruns=1))


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
    urls = embedded.start()
    never_flush(str(urls.database))
    yield urls
    embedded.stop()


def never_flush(database_url: str) -> None:
    """Leave it to the kernel when data reach the disk: what a killed process wrote stays, and these data need not outlive the machine."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def template(engines: Urls) -> Iterator[str]:
    """A database with all its tables and nothing in them; copying it takes a fraction of what the migrations take."""
    with new_database(engines, "template1") as url:
        made = make_engine(url)
        migrate(made)
        made.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture(scope="module")
def database_url(engines: Urls, template: str) -> Iterator[str]:
    """A fresh database for this module, with all its tables."""
    with new_database(engines, template) as url:
        yield url


@contextmanager
def new_database(engines: Urls, template: str) -> Iterator[str]:
    """The URL of a copy of another database, which goes again afterwards."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(engines.database, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
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
    """Connections to this module's database."""
    made = make_engine(database_url)
    yield made
    made.dispose()
