"""What every kind of library shares: configured queries only, parameters checked, rows bounded, values made plain."""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from config.topics import LibraryConfig, QueryConfig, TableConfig
from data_adapters.topics.values import moment, plain, text_of
from services.topic_ports import Answer, LibraryAway, QueryRefused, TableSeen, TopicRow, Totals, Value

KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "whole": (int,),
    "number": (int, float),
    "truth": (bool,),
    "day": (str,),
    "moment": (int, float, str),
    "other": (str, int, float, bool),
}


class Span(NamedTuple):
    """What is asked about: [since, until), epoch ms."""

    since: int
    until: int


class Asking(ABC):
    """The TopicLibrary port but for how it is asked (services/topic_ports.py)."""

    def __init__(self, config: LibraryConfig) -> None:
        self.config, self.code, self.zone = config, config.code, ZoneInfo(config.zone)
        self._queries = {query.name: query for query in config.queries}
        self._tables = {table.name: table for table in config.tables}

    @abstractmethod
    def _query(self, query: QueryConfig, span: Span, parameters: Mapping[str, Value]) -> Iterable[Mapping[str, Any]]:
        """The rows of a query, at most one more than the limit. Raises QueryRefused, LibraryAway."""

    @abstractmethod
    def _table(self, table: TableConfig, span: Span) -> Iterable[Mapping[str, Any]]:
        """The rows of a table in the span, or more than those. Raises QueryRefused, LibraryAway."""

    @abstractmethod
    def tables(self) -> Sequence[TableSeen]:
        """As the port says."""

    def ask(self, query: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """As the port says."""
        found = self._queries.get(query)
        if found is None:
            raise QueryRefused(f"{self.code} has no query {query!r}")
        given = dict(parameters or {})
        span = _span(given.pop("since", 0), given.pop("until", now_ms()))
        _check(found, given)
        return self._answer(query, lambda: self._query(found, span, given), found.time)

    def fetch(self, table: str, since: int, until: int) -> Answer:
        """As the port says."""
        found, span = self._known(table), Span(since, until)
        answer = self._answer(table, lambda: self._table(found, span), found.time)
        if found.time is None:
            return answer
        return answer._replace(rows=[row for row in answer.rows if row.at is None or since <= row.at < until])

    def totals(self, table: str, since: int, until: int, sums: Sequence[str]) -> Totals:
        """As the port says; here from the rows themselves."""
        return totals_of(self.fetch(table, since, until).rows, sums)

    def _known(self, table: str) -> TableConfig:
        found = self._tables.get(table)
        if found is None:
            raise QueryRefused(f"{self.code} has no table {table!r}")
        return found

    def _answer(self, name: str, rows: Any, time_column: str | None) -> Answer:
        asked_at, began, limit = now_ms(), time.monotonic(), self.config.row_limit
        found: list[TopicRow] = []
        try:
            for raw in rows():
                if len(found) == limit:
                    raise QueryRefused(f"{self.code}.{name} gives more than {limit} rows (row_limit)")
                found.append(self._row(raw, name, time_column))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise LibraryAway(f"{self.code}.{name}: its answer can't be used ({type(error).__name__})") from error
        return Answer(self.code, name, found, asked_at, round((time.monotonic() - began) * 1000))

    def _row(self, raw: Mapping[str, Any], name: str, time_column: str | None) -> TopicRow:
        values = {text_of(str(column)): plain(value, self.zone) for column, value in raw.items()}
        if time_column is None:
            return TopicRow(None, values)
        if time_column not in values:
            raise LibraryAway(f"{self.code}.{name} has no column {time_column!r}, its time")
        return TopicRow(moment(values[time_column], self.zone), values)


def totals_of(rows: Sequence[TopicRow], sums: Sequence[str]) -> Totals:
    """Count and sums of rows; what is no number adds nothing."""
    return Totals(len(rows), {column: sum(_number(row.values.get(column)) for row in rows) for column in sums})


def now_ms() -> int:
    """The wall clock, epoch ms."""
    return time.time_ns() // 1_000_000


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _span(since: Value, until: Value) -> Span:
    if isinstance(since, bool) or isinstance(until, bool) or not isinstance(since, int | float) or not isinstance(until, int | float):
        raise QueryRefused("since and until are epoch ms")
    if not 0 <= since <= until < 10**14:
        raise QueryRefused("since and until are epoch ms, since before until")
    return Span(int(since), int(until))


def _check(query: QueryConfig, given: Mapping[str, Value]) -> None:
    if odd := sorted(set(given) ^ set(query.parameters)):
        raise QueryRefused(f"{query.name} takes {', '.join(query.parameters) or 'no parameters'}, and {odd[0]!r} is unknown or missing")
    for name, value in given.items():
        kinds = KINDS[query.parameters[name]]
        if value is not None and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
            raise QueryRefused(f"{query.name}: {name} is not {query.parameters[name]}")
