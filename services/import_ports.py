"""What manual import needs from outside. Times are epoch ms."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from domain.imports import Row, RowError, Sheet, Wanted
from services.topic_ports import Value

PREVIEW, KEPT, UNDONE, DROPPED = "preview", "kept", "undone", "dropped"


class FileTable(NamedTuple):
    """A table that files are imported into. `sheet`: which one of a workbook; `pattern`: which files of `folder` are taken by themselves
    (both empty: only what somebody uploads)."""

    library: str
    table: str
    title: str
    wanted: tuple[Wanted, ...]
    keys: tuple[str, ...]
    zone: ZoneInfo
    most_rows: int
    sheet: str = ""
    folder: str = ""
    pattern: str = ""


class Import(NamedTuple):
    """One file that was brought. `state`: preview (nothing of it counts yet), kept, undone, dropped (a preview that was thrown away)."""

    import_id: str
    library: str
    table: str
    file_name: str
    digest: str
    state: str
    imported_by: str
    at: int
    rows: int
    errors: Sequence[RowError]
    error_count: int
    encoding: str
    confirmed_at: int | None = None
    undone_at: int | None = None
    undone_by: str | None = None


class ImportStore(Protocol):
    """data_adapters/sql/import_repository.py."""

    def add(self, found: Import, rows: Sequence[Row]) -> None:
        """Keep a preview with its rows."""

    def find(self, import_id: str) -> Import | None: ...

    def rows_of(self, import_id: str, most: int) -> list[Row]:
        """The first rows of an import."""

    def turn(self, import_id: str, expected: str, state: str, by: str, now: int) -> bool:
        """Its next state; False when it is not in `expected` any more."""

    def newest(self, most: int) -> list[Import]:
        """The newest first."""

    def known(self, library: str, table: str, digest: str) -> bool:
        """Whether this very content was brought before, whatever became of it."""

    def records(self, library: str, table: str) -> list[Mapping[str, Value]]:
        """What a table holds now: of each record the one that was kept last."""


class Folder(Protocol):
    """Where files are dropped (data_adapters/topics/folder.py)."""

    def files(self, folder: str, pattern: str) -> Sequence[tuple[str, bytes]]:
        """Name and content of those that lie still and are not too large."""


class Opener(Protocol):
    """data_adapters/topics/reading."""

    def __call__(self, content: bytes, sheet: str = "") -> Sheet:
        """The table in a file. Raises domain.imports.UnfitFile."""
