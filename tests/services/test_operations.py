"""How the house stands is the system administrator's to read, from a real database and Redis, without any password."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.freshness import load_freshness
from config.settings import PREFIX, Settings
from data_adapters.embedded import Urls
from data_adapters.house_facts import HIDDEN, SystemFacts, shown
from data_adapters.live_frames import RedisFrames
from domain.access import ROLES, Actor, Forbidden
from services.operations import Operations
from services.state_of_affairs import StateOfAffairs
from tests.fake_people import FakeOperations

READS = ("failing", "feeds", "workers", "sizes", "versions", "settings")
SYSTEM = Actor("sys", frozenset({"system_admin"}))


@pytest.fixture
def operations(engine: Engine, engines: Urls, tmp_path: Path) -> Operations:
    settings = Settings(data_dir=tmp_path, database_url=str(engines.database), redis_url=str(engines.redis), port=9000)
    facts = SystemFacts(engine, RedisFrames(str(engines.redis)), settings, "abc")
    return Operations(facts, StateOfAffairs(FakeOperations(), {"disk": lambda: "full", "redis": lambda: None}, 1, load_freshness()))  # type: ignore[arg-type]


@pytest.mark.parametrize("read", READS)
def test_nobody_else_reads_how_the_house_stands(operations: Operations, read: str) -> None:
    for role in sorted(set(ROLES) - {"system_admin"}):
        with pytest.raises(Forbidden):
            getattr(operations, read)(Actor("x", frozenset({role})))


def test_feeds_workers_sizes_and_versions_are_those_of_the_running_engines(operations: Operations, engine: Engine) -> None:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE feed_health, ingest_progress"))
        tx.execute(text("INSERT INTO feed_health (feed, worker, stored, rejected) VALUES ('native', 0, 5, 1), ('native', 1, 6, 0)"))
        tx.execute(text("INSERT INTO ingest_progress VALUES (0, 1, now(), 0.5, now()), (7, 8, now(), 9, now())"))
    (feed,) = operations.feeds(SYSTEM)
    assert feed == ("native", None, 11, 0, 1)
    assert [(one.worker, one.lag_s) for one in operations.workers(SYSTEM)] == [(0, 0.5)], "a worker of another number is gone"
    sizes = operations.sizes(SYSTEM)
    assert sizes.database > 1_000_000 and sizes.redis > 0 and 0 < sizes.disk_free <= sizes.disk_total
    versions = operations.versions(SYSTEM)
    assert versions["CityDeck"] == "abc" and versions["PostgreSQL"].startswith("18") and versions["dash"]


def test_what_fails_is_named_with_its_reason(operations: Operations) -> None:
    assert operations.failing(SYSTEM)["disk"] == "full"


def test_every_setting_is_listed_as_it_was_read_and_no_password_with_it(operations: Operations, engines: Urls) -> None:
    held = {one.name: one for one in operations.settings(SYSTEM)}
    assert held[PREFIX + "PORT"] == (PREFIX + "PORT", "9000", True) and not held[PREFIX + "HOST"].given
    assert HIDDEN in held[PREFIX + "DATABASE_URL"].value
    password = str(engines.database).partition("://")[2].partition("@")[0].partition(":")[2]
    assert password and password not in str(held)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("redis://:s@cret@host:1/0", f"redis://:{HIDDEN}@host:1/0"),
        ("mqtt://city:secret@host", f"mqtt://city:{HIDDEN}@host"),
        ("mqtt://host:1883", "mqtt://host:1883"),
        (None, ""),
        (True, "true"),
        (30, "30"),
    ],
)
def test_the_password_of_a_url_is_hidden(value: object, written: str) -> None:
    assert shown(value) == written
