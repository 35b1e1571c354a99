"""SQL libraries against real servers: what they answer, and that no text in the configuration can write into them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, text

from config.strict import ConfigError
from config.topics import Landing, LibraryConfig, QueryConfig, TableConfig
from data_adapters.topics.reader import make_reader, reader_url
from data_adapters.topics.setup import Setup
from data_adapters.topics.sql import DRIVERS, SqlLibrary
from services.topic_ports import LibraryAway, QueryRefused
from tests.data_adapters.topics.mariadb import installed, mariadb

ZONE = ZoneInfo("Asia/Shanghai")
TABLE = TableConfig("attendance", fields={}, keys=("region", "day"), time="day", land=Landing(7, ("present",)))
MAKE = (
    "CREATE TABLE attendance (region varchar(12) NOT NULL, day date NOT NULL, present integer, share decimal(5,3), heard {moment} NULL,"
    " PRIMARY KEY (region, day))",
    "INSERT INTO attendance VALUES ('441900003', '2026-05-01', 100, 0.975, '2026-05-01 08:00:00'),"
    " ('441900003', '2026-05-02', 98, 0.96, NULL), ('441900004', '2026-05-01', 50, NULL, NULL)",
)


def ms(*day: int) -> int:
    return int(datetime(*day, tzinfo=ZONE).timestamp() * 1000)


@pytest.fixture(scope="module")
def maria(reachable_dir: Path) -> Iterator[str]:
    if not installed():
        pytest.skip("no mariadb-server-core and mariadb-client-core here (make libraries)")
    folder = reachable_dir / "maria"
    folder.mkdir()
    with mariadb(folder) as url:
        yield url


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def url(request: pytest.FixtureRequest) -> str:
    """A server with the table, under an account that may write all of it."""
    found: str = request.getfixturevalue({"postgresql": "database_url", "mariadb": "maria"}[request.param])
    moment = {"postgresql": "timestamp", "mariadb": "datetime"}[request.param]
    with _owner(found).begin() as tx:
        for statement in MAKE:
            tx.execute(text(statement.format(moment=moment)))
    return found


@cache
def _owner(url: str) -> Engine:
    scheme, _, rest = url.partition("://")
    return create_engine(f"{DRIVERS[scheme]}://{rest}", isolation_level="AUTOCOMMIT")


def library(url: str, queries: dict[str, dict[str, Any]] | None = None, **more: Any) -> SqlLibrary:
    made = tuple(
        QueryConfig(name, {"sql": one["sql"]}, one.get("time"), one.get("parameters", {})) for name, one in (queries or {}).items()
    )
    config = LibraryConfig("school", "学校", "School", "sql", "education", tables=(TABLE,), queries=made, **more)
    return SqlLibrary(Setup(config, {"url": url}))


def test_a_query_gives_rows_with_their_time_and_plain_values(url: str) -> None:
    sql = "SELECT day, present, share, heard FROM attendance WHERE region = :region AND day >= :since AND day < :until"
    asked = library(url, {"one": {"sql": sql, "time": "day", "parameters": {"region": "text"}}})
    answer = asked.ask("one", {"region": "441900003", "since": ms(2026, 5, 1), "until": ms(2026, 5, 2)})
    (row,) = answer.rows
    assert row.at == ms(2026, 5, 1)
    assert {name: row.values[name] for name in ("day", "present", "share")} == {"day": "2026-05-01", "present": 100, "share": 0.975}
    assert str(row.values["heard"]).startswith("2026-05-01T08:00:00")


def test_a_parameter_is_bound_and_never_read_as_sql(url: str) -> None:
    asked = library(url, {"one": {"sql": "SELECT * FROM attendance WHERE region = :region", "parameters": {"region": "text"}}})
    assert asked.ask("one", {"region": "x' OR '1'='1"}).rows == []
    assert len(asked.ask("one", {"region": "441900003"}).rows) == 2


@pytest.mark.parametrize(("name", "given_"), [("two", {}), ("one", {}), ("one", {"region": 5}), ("one", {"region": "x", "z": 1})])
def test_an_unknown_query_or_parameter_is_refused(url: str, name: str, given_: dict[str, Any]) -> None:
    asked = library(url, {"one": {"sql": "SELECT * FROM attendance WHERE region = :region", "parameters": {"region": "text"}}})
    with pytest.raises(QueryRefused):
        asked.ask(name, given_)


def test_a_table_is_fetched_by_its_time_and_its_totals_agree(url: str) -> None:
    asked = library(url)
    rows = asked.fetch("attendance", ms(2026, 5, 1), ms(2026, 5, 2)).rows
    assert sorted(str(row.values["region"]) for row in rows) == ["441900003", "441900004"]
    assert asked.totals("attendance", ms(2026, 5, 1), ms(2026, 5, 2), ["present"]) == (2, {"present": 150.0})


def test_the_library_says_which_columns_it_has(url: str) -> None:
    (seen,) = library(url).tables()
    assert [(column.name, column.type, column.key) for column in seen.columns] == [
        ("region", "text", True),
        ("day", "day", True),
        ("present", "whole", False),
        ("share", "number", False),
        ("heard", "moment", False),
    ]


def test_more_rows_than_the_limit_are_a_refusal_not_a_part(url: str) -> None:
    asked = library(url, {"all": {"sql": "SELECT * FROM attendance"}}, row_limit=2)
    with pytest.raises(QueryRefused, match="more than 2 rows"):
        asked.ask("all")


def test_a_slow_query_is_ended_by_the_server(url: str) -> None:
    slow = "SELECT pg_sleep(20)" if url.startswith("postgres") else "SELECT sleep(20) AS s FROM attendance a, attendance b"
    asked = library(url, {"slow": {"sql": slow}}, timeout_s=1.0)
    with pytest.raises(LibraryAway):
        asked.ask("slow")


def test_a_library_that_is_away_says_why_without_its_password(url: str) -> None:
    wrong = url.replace("127.0.0.1:", "127.0.0.1:1")[: url.rfind(":") + 2] + "1/school"
    with pytest.raises(LibraryAway) as told:
        library(wrong, {"one": {"sql": "SELECT 1 AS a"}}).ask("one")
    assert "only-the-tests" not in str(told.value)


WRITES = [
    "INSERT INTO attendance VALUES ('x', '2026-05-09', 1, NULL, NULL)",
    "DELETE FROM attendance",
    "DROP TABLE attendance",
    "UPDATE attendance SET present = 0",
    "TRUNCATE attendance",
    "CREATE TABLE attendance2 AS SELECT * FROM attendance",
    "SELECT * INTO attendance2 FROM attendance",
    "WITH gone AS (DELETE FROM attendance RETURNING *) SELECT * FROM gone",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT query_to_xml('DELETE FROM attendance', true, true, '')",
    "SELECT * FROM attendance INTO OUTFILE '/tmp/citydeck-written'",
    "SELECT 1) q INTO OUTFILE '/tmp/citydeck-written'",
    "SELECT lo_from_bytea(0, 'x')",
    "COMMIT",
    "SET TRANSACTION READ WRITE",
    "SELECT 1 AS a) q",
    "SELECT 1 AS a",
    "(SELECT 1 AS b",
]
JOINS = ["", ";", "; ", ")", ") q;", " UNION ", "\n", "--", "/*", "#", "\\", "'", " , ", "(", " COMMIT; "]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(WRITES), st.sampled_from(JOINS)), min_size=1, max_size=3))
def test_no_configured_text_can_write(url: str, parts: list[tuple[str, str]]) -> None:
    before = _state(url)
    _try(url, "".join(one + joint for one, joint in parts))
    assert _state(url) == before
    assert not Path("/tmp/citydeck-written").exists()


@pytest.mark.parametrize("sql", WRITES)
def test_no_single_write_goes_through_even_past_the_check_at_start(url: str, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_adapters.topics.sql._fit", lambda *_: None)
    before = _state(url)
    _try(url, sql)
    assert _state(url) == before
    assert not Path("/tmp/citydeck-written").exists()


def _try(url: str, sql: str) -> None:
    """Ask the library for such a text, however it is refused."""
    with suppress(ConfigError, QueryRefused, LibraryAway):
        library(url, {"evil": {"sql": sql}}, timeout_s=5.0).ask("evil")


def _state(url: str) -> list[Any]:
    with _owner(url).connect() as connection:
        rows = [tuple(row) for row in connection.execute(text("SELECT * FROM attendance ORDER BY region, day"))]
        tables = connection.execute(text("SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'attendance%'")).scalar()
    return [*rows, tables]


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "DELETE FROM attendance", "SELECT 1 -- x", "SELECT 1 /* x", ""])
def test_a_text_that_is_no_single_query_stops_the_start_with_its_name(sql: str) -> None:
    with pytest.raises(ConfigError, match=r"topics.yaml: school: queries: evil: sql"):
        library("postgresql://a:b@127.0.0.1/x", {"evil": {"sql": sql}})


def test_a_wrong_url_is_told_without_showing_it() -> None:
    with pytest.raises(ConfigError) as told:
        library("oracle9://u:only-the-tests@host/x")
    assert "only-the-tests" not in str(told.value) and "driver" in str(told.value)


def test_the_citys_reader_reads_its_schemas_and_nothing_else_of_the_city(engine: Engine, database_url: str) -> None:
    with engine.begin() as tx:
        tx.execute(text("CREATE SCHEMA lib_school CREATE TABLE lib_school.pupils (name text, born date)"))
        tx.execute(text("INSERT INTO lib_school.pupils VALUES ('一', '2020-01-01')"))
    make_reader(engine, database_url, ["lib_school"])
    make_reader(engine, database_url, ["lib_school"])
    queries = {"pupils": {"sql": "SELECT * FROM pupils"}, "users": {"sql": "SELECT * FROM public.users"}}
    made = tuple(QueryConfig(name, one) for name, one in queries.items())
    config = LibraryConfig("own", "本", "Own", "sql", "x", settings={"database": "city", "schema": "lib_school"}, queries=made)
    asked = SqlLibrary(Setup(config, {"url": reader_url(database_url)}))
    assert [row.values["name"] for row in asked.ask("pupils").rows] == ["一"]
    with pytest.raises(QueryRefused, match="permission denied"):
        asked.ask("users")
