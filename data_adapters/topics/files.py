"""Libraries that are files: what people import (services/manual_import.py), or drop in a folder, is their tables. Fields are declared."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from config.strict import Field, read_entry, wrong
from config.strict import text as some_text
from config.topics import LibraryConfig, QueryConfig, TableConfig
from data_adapters.topics.asking import Asking, Span
from data_adapters.topics.picking import check_picks, picked
from data_adapters.topics.setup import FILE, Setup
from domain.imports import Wanted
from services.import_ports import FileTable, ImportStore
from services.topic_ports import ColumnSeen, LibraryAway, TableSeen, Value

PATTERN = re.compile(r"[^/\\]+\Z")


def pattern(raw: Any) -> str:
    """Which files of the folder, such as `pupils*.csv`. Raises ValueError."""
    if not isinstance(raw, str) or not PATTERN.match(raw) or ".." in raw:
        raise ValueError("a pattern of file names, without folders")
    return raw


SETTINGS: dict[str, Field] = {"folder": (some_text, "")}
SOURCE_FIELDS: dict[str, Field] = {"pattern": (pattern, ""), "sheet": (some_text, "")}


class FilesLibrary(Asking):
    """The rows of what was imported and not undone, of each record the newest."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup.config)
        self.file_tables = file_tables(setup)
        check_picks(self.config)
        self._store: ImportStore | None = setup.imports

    def tables(self) -> Sequence[TableSeen]:
        """As declared: a file has no types of its own."""
        return [
            TableSeen(one.table, [ColumnSeen(f.name, f.type, f.title, f.name in one.keys) for f in one.wanted]) for one in self.file_tables
        ]

    def _query(self, query: QueryConfig, span: Span, parameters: Mapping[str, Value]) -> Iterable[Mapping[str, Any]]:
        return picked(self._table(self._tables[query.asks["table"]], span), query, parameters, self.zone)

    def _table(self, table: TableConfig, span: Span) -> Iterable[Mapping[str, Any]]:
        if self._store is None:
            raise LibraryAway(f"{self.code}: imports are kept in the city's database, which isn't there")
        return self._store.records(self.code, table.name)


def file_tables(setup: Setup) -> list[FileTable]:
    """The tables of a files library, as import takes them. Raises ConfigError."""
    folder = setup.read(SETTINGS)["folder"]
    return [_file_table(setup.config, table, folder) for table in setup.config.tables]


def _file_table(config: LibraryConfig, table: TableConfig, folder: str) -> FileTable:
    where = f"{config.code}: tables: {table.name}"
    said = read_entry(FILE, f"{where}: source", table.source, SOURCE_FIELDS)
    if not table.fields:
        raise wrong(FILE, where, "fields", dict(table.fields), "the fields of its files, each with its type")
    if odd := [key for key in (*table.keys, *([table.time] if table.time else [])) if key not in table.fields]:
        raise wrong(FILE, where, "keys", odd[0], "one of its fields")
    wanted = tuple(Wanted(name, title, kind) for name, (title, kind) in table.fields.items())
    of = (config.code, table.name, table.zh or table.name, wanted, table.keys, ZoneInfo(config.zone), config.row_limit)
    return FileTable(*of, said["sheet"], folder if said["pattern"] else "", said["pattern"])
