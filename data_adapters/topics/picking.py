"""Queries over rows that an adapter already holds (files, interfaces): `table`, `columns` to keep, `where` column -> parameter."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from config.strict import wrong
from config.topics import LibraryConfig, QueryConfig
from data_adapters.topics.setup import FILE
from data_adapters.topics.values import plain
from services.topic_ports import Value


def check_picks(config: LibraryConfig) -> None:
    """Each query names one of the library's tables, and parameters that it has. Raises ConfigError."""
    tables = {table.name for table in config.tables}
    for query in config.queries:
        where = f"{config.code}: queries: {query.name}"
        if query.asks.get("table") not in tables:
            raise wrong(
                FILE, where, "table", query.asks.get("table"), f"one of {', '.join(sorted(tables)) or 'its tables, and it has none'}"
            )
        for column, parameter in query.asks.get("where", {}).items():
            if parameter not in query.parameters:
                raise wrong(FILE, where, f"where: {column}", parameter, "one of the query's parameters")


def picked(
    rows: Iterable[Mapping[str, Any]], query: QueryConfig, parameters: Mapping[str, Value], zone: ZoneInfo
) -> Iterator[Mapping[str, Any]]:
    """The rows where every column of `where` equals its parameter, with the columns asked for."""
    wanted = {column: parameters[parameter] for column, parameter in query.asks.get("where", {}).items()}
    columns = query.asks.get("columns")
    for row in rows:
        if all(plain(row.get(column), zone) == value for column, value in wanted.items()):
            yield row if columns is None else {column: row.get(column) for column in columns}
