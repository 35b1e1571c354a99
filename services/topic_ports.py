"""What topic libraries 专题库 are to the services: other systems' databases, files and interfaces, asked only by configured queries.

Times are epoch ms UTC unless a name says otherwise. Nothing here can write into a library: a `TopicLibrary` has no way to say so.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

Value = str | int | float | bool | None
"""What a field of a row can hold. Days are ISO text (`2026-05-01`), moments ISO text with offset, exact decimals become floats."""


class LibraryAway(Exception):
    """The library can't be reached, took too long, or answers what can't be used; the text says why, and holds no secret."""


class QueryRefused(Exception):
    """The library understood and won't answer this query, or it isn't a configured one; the text says why."""


class TopicRow(NamedTuple):
    """One row. `at`: its own time, from the column that the query or table names as `time`; None when it names none."""

    at: int | None
    values: Mapping[str, Value]


class Answer(NamedTuple):
    """What a query, or a table, gave: never cut short (more rows than the library's `row_limit` are a refusal)."""

    library: str
    query: str
    rows: Sequence[TopicRow]
    asked_at: int
    took_ms: int


class Totals(NamedTuple):
    """How many rows a table has, and what the columns asked for add up to."""

    rows: int
    sums: Mapping[str, float]


class ColumnSeen(NamedTuple):
    """A column as the library itself describes it. `type` is one of domain.catalogue.TYPES; `comment` may be empty."""

    name: str
    type: str
    comment: str = ""
    key: bool = False


class TableSeen(NamedTuple):
    """A table, or what a file or an interface offers as one, with its columns."""

    name: str
    columns: Sequence[ColumnSeen]
    comment: str = ""


class TopicLibrary(Protocol):
    """One library (data_adapters/topics/*.py). Asking is read-only by construction, bounded in time and in rows."""

    code: str

    def ask(self, query: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """The rows of a configured query. `parameters` are bound, never pasted: those that the query's entry declares, and for every query
        `since` and `until` (epoch ms, from 1970 to now when left out; inside SQL they are moments of the library's zone).

        Raises QueryRefused for an unknown query, an unknown or missing parameter, or too many rows; LibraryAway.
        """

    def fetch(self, table: str, since: int, until: int) -> Answer:
        """A configured table's rows whose `time` lies in [since, until); all of them where it names no time. Raises as `ask`."""

    def totals(self, table: str, since: int, until: int, sums: Sequence[str]) -> Totals:
        """Count and sums of what `fetch` would give, reckoned by the library itself where it can. Raises as `ask`."""

    def tables(self) -> Sequence[TableSeen]:
        """The tables that the configuration names and the library has, with the columns that are really there. Raises LibraryAway."""


class Libraries(Protocol):
    """All libraries of the city by their code: what indicators ask."""

    def ask(self, library: str, query: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """As TopicLibrary.ask; QueryRefused also for an unknown library."""
