"""Libraries in SQL databases, through SQLAlchemy. Read-only by construction:

a query is only ever the inside of `SELECT * FROM (…) q`, without `;` or comments; it is sent as one statement (PostgreSQL's extended
protocol, MySQL's without CLIENT.MULTI_STATEMENTS); in a read-only transaction that is rolled back; on a connection that is then closed.
PostgreSQL, MySQL and MariaDB end a statement at `timeout_s`. Others (Oracle, SQL Server, Dameng … by their URL) are untried: there
the first and the last hold, and the account must be one that may only read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, create_engine, func, inspect, select, table, text
from sqlalchemy import column as column_of
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from config.strict import Field, one_of, wrong
from config.strict import text as some_text
from config.topics import LibraryConfig, QueryConfig, TableConfig
from data_adapters.topics.asking import Asking, Span
from data_adapters.topics.columns import seen
from data_adapters.topics.setup import FILE, Setup
from data_adapters.topics.transaction import ReadOnly, Terms
from domain.event_time import to_datetime
from services.topic_ports import TableSeen, Totals, Value

SETTINGS: dict[str, Field] = {"schema": (some_text, None), "database": (one_of("city"), None)}
SECRETS = ("url",)
CONNECT_S = 5
DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
UNFIT = re.compile(r";|--|/\*|\0|\\")
"""What no query has in it: with none of these an early `)` can't hide what comes after it."""
PLACEHOLDER = re.compile(r"(?<![:\w]):(\w+)")


class SqlLibrary(Asking):
    """One schema of one database, by its URL with the password."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup.config)
        said = setup.read(SETTINGS, SECRETS)
        self._schema: str | None = said["schema"]
        for query in self.config.queries:
            _fit(self.code, query)
        self._engine = _engine(setup.config, setup.secrets["url"])
        self._terms = Terms(self.code, self._schema, self.zone, self.config.timeout_s)

    def tables(self) -> Sequence[TableSeen]:
        """As the port says."""
        with self._asking() as connection:
            looked = inspect(connection)
            there = {*looked.get_table_names(self._schema), *looked.get_view_names(self._schema)}
            return [seen(looked, name, self._schema) for name in self._tables if name in there]

    def totals(self, table: str, since: int, until: int, sums: Sequence[str]) -> Totals:
        """As the port says, in one statement of the library's own."""
        wanted = [func.count().label("rows_"), *(func.sum(column_of(name)).label(f"sum_{n}") for n, name in enumerate(sums))]
        with self._asking() as connection:
            row = connection.execute(self._of(self._known(table), Span(since, until), wanted)).mappings().one()
        return Totals(int(row["rows_"]), {name: float(row[f"sum_{n}"] or 0) for n, name in enumerate(sums)})

    def _query(self, query: QueryConfig, span: Span, parameters: Mapping[str, Value]) -> Iterable[Mapping[str, Any]]:
        asked = text(f"(\n{query.asks['sql']}\n) q")
        given = {**self._times(span), **self._bound(query, parameters)}
        named = set(PLACEHOLDER.findall(query.asks["sql"]))
        asked = asked.bindparams(**{name: value for name, value in given.items() if name in named})
        statement = select(text("*")).select_from(asked).limit(self.config.row_limit + 1)
        with self._asking() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def _bound(self, query: QueryConfig, parameters: Mapping[str, Value]) -> dict[str, Any]:
        """Moments become times of the library; everything else is what it is."""
        times = {name for name, kind in query.parameters.items() if kind == "moment"}
        return {name: self._time(value) if name in times and isinstance(value, int) else value for name, value in parameters.items()}

    def _table(self, table: TableConfig, span: Span) -> Iterable[Mapping[str, Any]]:
        statement = self._of(table, span, [text("*")]).limit(self.config.row_limit + 1)
        with self._asking() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def _of(self, found: TableConfig, span: Span, wanted: Sequence[Any]) -> Any:
        asked = select(*wanted).select_from(table(found.name, schema=self._schema))
        if found.time is None:
            return asked
        times = self._times(span)
        return asked.where(column_of(found.time) >= times["since"], column_of(found.time) < times["until"])

    def _times(self, span: Span) -> dict[str, datetime]:
        return {name: self._time(at) for name, at in span._asdict().items()}

    def _time(self, at: int) -> datetime:
        """In the library's zone; only PostgreSQL's times know theirs."""
        local = to_datetime(at).astimezone(self.zone)
        return local if self._engine.dialect.name == "postgresql" else local.replace(tzinfo=None)

    def _asking(self) -> ReadOnly:
        return ReadOnly(self._engine, self._terms)


def _fit(library: str, query: QueryConfig) -> None:
    """Raises ConfigError for a query that is none."""
    sql = query.asks.get("sql", "")
    if not re.match(r"\s*(select|with)\b", sql, re.IGNORECASE):
        raise wrong(FILE, f"{library}: queries: {query.name}", "sql", sql, "SELECT … or WITH …")
    if found := UNFIT.search(sql):
        raise wrong(FILE, f"{library}: queries: {query.name}", "sql", sql, f"one query without {found[0]!r} and without comments")


def _engine(config: LibraryConfig, said: str) -> Engine:
    """An engine that keeps no connection. Raises ConfigError, which never shows the URL."""
    try:
        url = make_url(said)
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        return create_engine(url, poolclass=NullPool, connect_args=_connecting(config, url))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        kind = type(error).__name__
        raise wrong(FILE, f"{config.code}: secrets", "url", "…", f"a database's URL whose driver is installed ({kind})") from None


def _connecting(config: LibraryConfig, url: URL) -> dict[str, Any]:
    longest = round(config.timeout_s)
    if url.drivername.startswith("postgresql"):
        return {"connect_timeout": CONNECT_S, "prepare_threshold": 0, "tcp_user_timeout": (longest + CONNECT_S) * 1000}
    if "pymysql" in url.drivername:
        return {"connect_timeout": CONNECT_S, "read_timeout": longest + CONNECT_S, "charset": "utf8mb4", "local_infile": False}
    return {}
