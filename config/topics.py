"""Reads topics.yaml: the city's topic libraries, their tables and queries (docs/add-a-library.md). Strictly, as config/strict.py says."""

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from config.feeds import plain_settings, secret_references
from config.strict import (
    FOLDER,
    REQUIRED,
    ConfigError,
    Field,
    at_least_one,
    one_of,
    read_entries,
    read_entry,
    text,
    whole,
    wrong,
    yes_or_no,
)
from domain.catalogue import CYCLES, LAYERS, SHARES, TYPES, Claim, TwoSources, sources

CODE = re.compile(r"[a-z][a-z0-9_]{0,47}\Z")
COLUMN = re.compile(r"\w[\w .%/()（）-]{0,62}\Z")
FIGURE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")
MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Entry:
    """What the catalogue says of a table; a library's own `catalogue` gives what its tables leave out."""

    category: str = "其他"
    carrier: str = "电子"
    record_form: str = "数据库表"
    storage: str = "部门数据库"
    format: str = "数据库"
    share: str = "conditional"
    condition: str = ""
    way: str = "接口"
    open: bool = False
    cycle: str = "daily"
    version: str = "1.0"
    published_on: str = ""
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Landing:
    """What of a table is fetched into the landing library: rows of the last `days` (None: all), compared at night by the sums of `sums`."""

    days: float | None = None
    sums: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableConfig:
    """One table. `fields`: column -> (title, type), where declared; `keys` name a row; `time` its moment; `source`: where an adapter finds
    it (a file's pattern, a path, a JMESPath), as its README says."""

    name: str
    zh: str = ""
    summary: str = ""
    entry: Entry = Entry()
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    time: str | None = None
    land: Landing | None = None
    source: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class QueryConfig:
    """One query: what it asks is the adapter's (`sql`, `table`, `promql`); `parameters` -> type; `figures` column -> figure."""

    name: str
    asks: Mapping[str, Any]
    time: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LibraryConfig:
    """One library of this city. `demo`: there only while the demo plays; `every_s`: how often jobs.py asks it."""

    code: str
    zh: str
    en: str
    kind: str
    provider: str
    layer: str = "topic"
    provider_code: str = ""
    demo: bool = False
    enabled: bool = True
    every_s: float = 3600.0
    timeout_s: float = 30.0
    row_limit: int = 100_000
    zone: str = "Asia/Shanghai"
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[TableConfig, ...] = ()
    queries: tuple[QueryConfig, ...] = ()

    @property
    def claims(self) -> list[Claim]:
        """The figures whose source this library says it is."""
        return [Claim(figure, self.code, query.name, column) for query in self.queries for column, figure in query.figures.items()]


def words(raw: Any) -> tuple[str, ...]:
    """A list of texts, none twice."""
    if not isinstance(raw, list) or not all(isinstance(one, str) and one for one in raw) or len(set(raw)) != len(raw):
        raise ValueError("a list of texts, none twice")
    return tuple(raw)


def day(raw: Any) -> str:
    """A day; YAML reads 2026-01-05 as one already."""
    try:
        raw = datetime.date.fromisoformat(raw) if isinstance(raw, str) else raw
    except ValueError:
        raw = None
    if not isinstance(raw, datetime.date) or isinstance(raw, datetime.datetime):
        raise ValueError("a day such as 2026-01-05")
    return raw.isoformat()


def mapping(raw: Any) -> Mapping[str, Any]:
    """Names with what belongs to them."""
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
        raise ValueError("names with values")
    return raw


ENTRY_FIELDS: dict[str, Field] = {
    "class": (text, Entry.category),
    **{name: (text, getattr(Entry, name)) for name in ("carrier", "record_form", "storage", "format", "way", "version")},
    "share": (one_of(*SHARES), Entry.share),
    "condition": (text, ""),
    "open": (yes_or_no, False),
    "cycle": (one_of(*CYCLES), Entry.cycle),
    "published_on": (day, ""),
    "related": (words, ()),
}
FIELD_FIELDS: dict[str, Field] = {"zh": (text, ""), "type": (one_of(*TYPES), "text")}
LAND_FIELDS: dict[str, Field] = {"days": (lambda raw: None if raw is None else at_least_one(raw), None), "sums": (words, ())}
TABLE_FIELDS: dict[str, Field] = {
    **{key: (read, None) for key, (read, _) in ENTRY_FIELDS.items()},
    "zh": (text, ""),
    "summary": (text, ""),
    "fields": (mapping, {}),
    "keys": (words, ()),
    "time": (text, None),
    "land": (mapping, None),
    "source": (mapping, {}),
}
QUERY_FIELDS: dict[str, Field] = {
    "sql": (text, None),
    "table": (text, None),
    "columns": (words, None),
    "where": (mapping, None),
    "promql": (text, None),
    "step_s": (at_least_one, None),
    "time": (text, None),
    "parameters": (mapping, {}),
    "figures": (mapping, {}),
}
ASKS = ("sql", "table", "columns", "where", "promql", "step_s")


def fields(kinds: Collection[str]) -> dict[str, Field]:
    """The keys of a library's entry."""
    return {
        "zh": (text, REQUIRED),
        "en": (text, REQUIRED),
        "kind": (one_of(*kinds), REQUIRED),
        "provider": (text, REQUIRED),
        "provider_code": (text, ""),
        "layer": (one_of(*LAYERS), "topic"),
        "demo": (yes_or_no, False),
        "enabled": (yes_or_no, True),
        "every_s": (at_least_one, 3600.0),
        "timeout_s": (at_least_one, 30.0),
        "row_limit": (whole(1, MOST_ROWS), 100_000),
        "zone": (text, "Asia/Shanghai"),
        "settings": (plain_settings, {}),
        "secrets": (secret_references, {}),
        "catalogue": (mapping, {}),
        "tables": (mapping, {}),
        "queries": (mapping, {}),
    }


def load_topics(kinds: Collection[str], demo: bool, folder: Path = FOLDER) -> list[LibraryConfig]:
    """The libraries that are asked: enabled, and the demo's only where it plays. Everything is checked all the same. Raises ConfigError,
    also where two queries claim one figure."""
    path = folder / "topics.yaml"
    every = [_library(path, code, **one) for code, one in read_entries(path, lambda _: fields(kinds)).items()]
    asked = [one for one in every if one.enabled and (demo or not one.demo)]
    try:
        sources(claim for one in asked for claim in one.claims)
    except TwoSources as error:
        raise ConfigError(f"topics.yaml: {error}") from None
    return asked


def _library(path: Path, code: str, catalogue: Any, tables: Any, queries: Any, **said: Any) -> LibraryConfig:
    if not CODE.match(code):
        raise wrong(path, code, "name", code, "a small letter and up to 47 more of a-z 0-9 _")
    entry = partial(read_entry, path)
    own = _entry(entry(f"{code}: catalogue", catalogue, ENTRY_FIELDS), Entry())
    made = tuple(_table(path, f"{code}: tables: {name}", name, raw, own) for name, raw in tables.items())
    asked = tuple(_query(path, f"{code}: queries: {name}", name, raw) for name, raw in queries.items())
    return LibraryConfig(code=code, tables=made, queries=asked, **said)


def _entry(said: Mapping[str, Any], default: Entry) -> Entry:
    found = {("category" if key == "class" else key): said[key] for key in ENTRY_FIELDS if said[key] is not None}
    return Entry(**{**vars(default), **found})


def _table(path: Path, where: str, name: str, raw: Any, own: Entry) -> TableConfig:
    said = read_entry(path, where, _mapping(path, where, raw), TABLE_FIELDS)
    columns = {one: read_entry(path, f"{where}: {one}", _mapping(path, where, more), FIELD_FIELDS) for one, more in said["fields"].items()}
    land = None if said["land"] is None else Landing(**read_entry(path, f"{where}: land", said["land"], LAND_FIELDS))
    for column in (*columns, *said["keys"], *([said["time"]] if said["time"] else []), *(land.sums if land else ())):
        if not COLUMN.match(column):
            raise wrong(path, where, "column", column, "a column's name")
    declared = {one: (more["zh"], more["type"]) for one, more in columns.items()}
    return TableConfig(name, said["zh"], said["summary"], _entry(said, own), declared, said["keys"], said["time"], land, said["source"])


def _query(path: Path, where: str, name: str, raw: Any) -> QueryConfig:
    said = read_entry(path, where, _mapping(path, where, raw), QUERY_FIELDS)
    if not CODE.match(name):
        raise wrong(path, where, "name", name, "a small letter and up to 47 more of a-z 0-9 _")
    for column, figure in said["figures"].items():
        if not isinstance(figure, str) or not FIGURE.match(figure):
            raise wrong(path, where, f"figures: {column}", figure, "a figure's name, of a-z 0-9 _ with dots")
    for parameter, kind in said["parameters"].items():
        if parameter in ("since", "until") or kind not in TYPES:
            raise wrong(path, where, f"parameters: {parameter}", kind, f"one of {', '.join(TYPES)}; since and until are always there")
    asks = {key: said[key] for key in ASKS if said[key] is not None}
    return QueryConfig(name, asks, said["time"], said["parameters"], said["figures"])


def _mapping(path: Path, where: str, raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise wrong(path, where, "entry", raw, "names with values")
    return raw
