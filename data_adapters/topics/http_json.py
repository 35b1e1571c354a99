"""Libraries behind an HTTP interface that answers JSON. It is only ever asked with GET; what the rows are says a JMESPath expression."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin

from jmespath.exceptions import JMESPathError

from config.strict import Field, one_of, read_entry, wrong
from config.strict import text as some_text
from config.topics import QueryConfig, TableConfig, mapping
from data_adapters.topics.asking import Asking, Span
from data_adapters.topics.paging import PAGING_FIELDS, Paging, missing, path
from data_adapters.topics.picking import check_picks, picked
from data_adapters.topics.setup import FILE, Setup
from data_adapters.topics.values import text_of
from data_adapters.topics.web import SECRETS, SETTINGS, Page, WebSession
from domain.event_time import to_datetime
from services.topic_ports import ColumnSeen, LibraryAway, TableSeen, Value

FORMATS: dict[str, Callable[[datetime], str]] = {
    "ms": lambda at: str(round(at.timestamp() * 1000)),
    "s": lambda at: str(int(at.timestamp())),
    "iso": lambda at: at.isoformat(),
    "day": lambda at: at.date().isoformat(),
}
"""How the interface wants the moments between which it is asked."""
SOURCE_FIELDS: dict[str, Field] = {
    "path": (some_text, ""),
    "rows": (path, None),
    "parameters": (mapping, {}),
    "paging": (mapping, {}),
    "since": (some_text, ""),
    "until": (some_text, ""),
    "times": (one_of(*FORMATS), "iso"),
}
GUESSED = ((bool, "truth"), (int, "whole"), (float, "number"), (str, "text"))


class Source(NamedTuple):
    """Where a table is: the words of SOURCE_FIELDS."""

    path: str
    rows: Any
    parameters: Mapping[str, Any]
    paging: Paging
    since: str
    until: str
    times: str


class HttpJsonLibrary(Asking):
    """One interface; each of its tables says in `source` where it is and what its rows are."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup.config)
        self._web = WebSession(setup, setup.read(SETTINGS, optional=SECRETS))
        self._sources = {table.name: _source(self.code, table) for table in self.config.tables}
        check_picks(self.config)

    def tables(self) -> Sequence[TableSeen]:
        """Each table with the columns of its first page."""
        return [TableSeen(name, _columns(next(self._pages(source, None), []))) for name, source in self._sources.items()]

    def _query(self, query: QueryConfig, span: Span, parameters: Mapping[str, Value]) -> Iterable[Mapping[str, Any]]:
        return picked(self._table(self._tables[query.asks["table"]], span), query, parameters, self.zone)

    def _table(self, table: TableConfig, span: Span) -> Iterable[Mapping[str, Any]]:
        for page in self._pages(self._sources[table.name], span):
            yield from page

    def _pages(self, source: Source, span: Span | None) -> Iterator[list[Any]]:
        asked = {name: str(value) for name, value in source.parameters.items()}
        for name, word in (("since", source.since), ("until", source.until)):
            if word and span is not None:
                asked[word] = FORMATS[source.times](to_datetime(getattr(span, name)).astimezone(self.zone))
        try:
            yield from source.paging.pages(self._get, source.path, asked, lambda page: self._rows(source, page))
        except JMESPathError as error:
            raise LibraryAway(f"{self.code}: its answer doesn't fit the JMESPath ({type(error).__name__})") from None
        except LibraryAway as error:
            said = str(error)
            raise LibraryAway(said if said.startswith(f"{self.code}:") else f"{self.code}: {said}") from None

    def _get(self, place: str, parameters: Mapping[str, str]) -> Page:
        return self._web.get(urljoin(f"{self._web.url}/", place) if place.startswith("?") else place, parameters)

    def _rows(self, source: Source, page: Page) -> list[Any]:
        found = source.rows.search(page.document) if source.rows is not None else page.document
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise LibraryAway(f"{self.code}: `rows` finds no list of objects in its answer")
        return [dict(row) for row in found]


def _source(library: str, table: TableConfig) -> Source:
    where = f"{library}: tables: {table.name}: source"
    said = read_entry(FILE, where, table.source, SOURCE_FIELDS)
    paging = Paging(**read_entry(FILE, f"{where}: paging", said["paging"], PAGING_FIELDS))
    if name := missing(paging):
        raise wrong(FILE, f"{where}: paging", name, None, f"what {paging.kind!r} needs")
    return Source(**{**said, "paging": paging})


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[ColumnSeen]:
    """The columns of some rows, each by the first value that it has; structures are `other`."""
    found: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            if found.get(name, "") in ("", "text?"):
                found[name] = next((word for kind, word in GUESSED if isinstance(value, kind)), "other" if value is not None else "text?")
    return [ColumnSeen(text_of(name), word.rstrip("?")) for name, word in found.items()]
