"""Manual import 人工导入: a file is previewed, confirmed and can be undone; files dropped in a folder go the same way by themselves.

Nothing of a preview counts. What was confirmed with errors leaves the wrong rows out, and only when somebody said so.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.imports import Row, UnfitFile, read_sheet
from services.import_ports import DROPPED, KEPT, PREVIEW, UNDONE, FileTable, Folder, Import, ImportStore, Opener

log = logging.getLogger("citydeck.topics")
SHOWN_ROWS, SHOWN_IMPORTS = 20, 100
LONGEST_NAME = 200
FOLDER = "folder"
"""Who imported what was dropped in a folder."""


class NotImported(ValueError):
    """Why nothing was imported; `reason` is a code."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail


class Preview(NamedTuple):
    """What would be imported: the file with its errors, and its first rows."""

    found: Import
    rows: Sequence[Row]


class ManualImport:
    """`tables`: those that files may be brought for."""

    def __init__(self, tables: Sequence[FileTable], store: ImportStore, opened: Opener) -> None:
        self._tables = {(one.library, one.table): one for one in tables}
        self._store, self._opened = store, opened

    def tables(self, actor: Actor) -> list[FileTable]:
        """What can be imported. Raises Forbidden."""
        _steward(actor)
        return list(self._tables.values())

    def imports(self, actor: Actor) -> list[Import]:
        """What was brought, the newest first. Raises Forbidden."""
        _steward(actor)
        return self._store.newest(SHOWN_IMPORTS)

    def preview(self, actor: Actor, library: str, table: str, file_name: str, content: bytes, now: int) -> Preview:
        """Read a file and say what is in it; nothing counts yet. Raises Forbidden, LookupError for no such table, NotImported."""
        _steward(actor)
        return self.take(self._table(library, table), actor.username, file_name, content, now)

    def take(self, table: FileTable, by: str, file_name: str, content: bytes, now: int) -> Preview:
        """As `preview`, for whoever already may. Raises NotImported."""
        try:
            read = read_sheet(self._opened(content, table.sheet), table.wanted, table.keys, table.zone, table.most_rows)
        except UnfitFile as error:
            raise NotImported(error.reason, error.detail) from None
        name, digest = file_name[-LONGEST_NAME:], hashlib.sha256(content).hexdigest()
        of = (str(uuid7(now)), table.library, table.table, name, digest, PREVIEW, by, now)
        found = Import(*of, len(read.rows), read.errors, read.error_count, read.encoding)
        self._store.add(found, read.rows)
        return Preview(found, read.rows[:SHOWN_ROWS])

    def look(self, actor: Actor, import_id: str) -> Preview:
        """An import again. Raises Forbidden, LookupError."""
        _steward(actor)
        found = self._find(import_id)
        return Preview(found, self._store.rows_of(import_id, SHOWN_ROWS))

    def confirm(self, actor: Actor, import_id: str, skip_errors: bool, now: int) -> Import:
        """From now on its rows count. Raises Forbidden, LookupError, NotImported (also where there are errors and nobody said to leave
        those rows out)."""
        _steward(actor)
        found = self._find(import_id)
        if found.error_count and not skip_errors:
            raise NotImported("has_errors", str(found.error_count))
        if not found.rows:
            raise NotImported("no_rows")
        return self._turned(import_id, PREVIEW, KEPT, actor, now)

    def drop(self, actor: Actor, import_id: str, now: int) -> Import:
        """Throw a preview away. Raises as `confirm`."""
        _steward(actor)
        return self._turned(import_id, PREVIEW, DROPPED, actor, now)

    def undo(self, actor: Actor, import_id: str, now: int) -> Import:
        """Its rows count no more; what stood there before stands there again. Raises as `confirm`."""
        _steward(actor)
        return self._turned(import_id, KEPT, UNDONE, actor, now)

    def _turned(self, import_id: str, expected: str, state: str, actor: Actor, now: int) -> Import:
        self._find(import_id)
        if not self._store.turn(import_id, expected, state, actor.username, now):
            raise NotImported("gone_on")
        return self._find(import_id)

    def _table(self, library: str, table: str) -> FileTable:
        found = self._tables.get((library, table))
        if found is None:
            raise LookupError(f"{library}.{table}")
        return found

    def _find(self, import_id: str) -> Import:
        found = self._store.find(import_id)
        if found is None:
            raise LookupError(import_id)
        return found


class DropFolder:
    """Takes files that are dropped in folders, in jobs.py: without errors they count at once; others wait for a data steward."""

    def __init__(
        self,
        tables: Sequence[FileTable],
        imports: ManualImport,
        store: ImportStore,
        folder: Folder,
        every_s: float,
        tell: Callable[[Import, int], object],
    ) -> None:
        self._tables = [table for table in tables if table.folder and table.pattern]
        self._imports, self._store, self._folder, self._every_ms, self._tell = imports, store, folder, round(every_s * 1000), tell
        self._due_at = 0
        self._refused: dict[str, str] = {}

    def round(self, now: int) -> int:
        """Look, when it is due; returns how many files were new."""
        if now < self._due_at:
            return 0
        self._due_at = now + self._every_ms
        return sum(self._look(table, now) for table in self._tables)

    def _look(self, table: FileTable, now: int) -> int:
        new = 0
        for name, content in self._folder.files(table.folder, table.pattern):
            digest = hashlib.sha256(content).hexdigest()
            if digest not in self._refused and not self._store.known(table.library, table.table, digest):
                new += self._take(table, name, content, digest, now)
        return new

    def _take(self, table: FileTable, name: str, content: bytes, digest: str, now: int) -> int:
        try:
            found = self._imports.take(table, FOLDER, name, content, now).found
        except NotImported as error:
            self._refused[digest] = str(error)
            log.warning("%s.%s: the file %s is not imported: %s", table.library, table.table, name, error)
            return 1
        if found.error_count or not found.rows:
            self._tell(found, now)
        else:
            self._store.turn(found.import_id, PREVIEW, KEPT, FOLDER, now)
        return 1


def _steward(actor: Actor) -> None:
    if not actor.may("steward_data") or actor.departments or actor.regions:
        raise Forbidden("steward_data")
