"""Files that people bring: what is in them whatever their encoding and kind, what they may not do, and that an import can be undone."""

import io
import os
import struct
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import Engine, text

from config.strict import ConfigError
from config.topics import LibraryConfig, QueryConfig, TableConfig
from data_adapters.sql.import_repository import ImportRepository
from data_adapters.topics.files import FilesLibrary
from data_adapters.topics.folder import LocalFolder
from data_adapters.topics.reading import LARGEST, excel, open_file
from data_adapters.topics.setup import Setup
from domain.access import Actor, Forbidden
from domain.imports import Formula, Sheet, UnfitFile
from services.import_ports import Import
from services.manual_import import DropFolder, ManualImport, NotImported

ZONE = ZoneInfo("Asia/Shanghai")
STEWARD, NOW = Actor("steward", frozenset({"data_steward"})), 1_777_600_000_000
ROWS = [["镇街", "日期", "实到人数"], ["莞城", "2026-05-01", "12"], ["东城", "2026-05-01", "30"]]
FIELDS = {"town": ("镇街", "text"), "day": ("日期", "day"), "present": ("实到人数", "whole")}


ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def comma(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding)


def workbook(rows: list[list[Any]]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def listed(sheet: Sheet) -> list[list[Any]]:
    return [list(sheet.heading), *(list(cells) for _, cells in sheet.rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encodings_that_offices_write(encoding: str, delimiter: str) -> None:
    assert listed(open_file(comma(ROWS, encoding, delimiter))) == ROWS


def test_a_quoted_cell_may_hold_lines_and_the_next_row_still_has_its_number() -> None:
    found = open_file(b'a,b\n"x\ny",1\nz,2\n')
    assert list(found.rows) == [(2, ["x\ny", "1"]), (4, ["z", "2"])]


def test_a_workbook_gives_values_dates_and_formulas_that_have_no_result() -> None:
    found = open_file(workbook([["day", "n", "sum"], [date(2026, 5, 1), 12, "=1+1"], [None, None, None], ["x", 1.5, "text"]]))
    rows = list(found.rows)
    assert [number for number, _ in rows] == [2, 4]
    assert rows[0][1][0].isoformat() == "2026-05-01T00:00:00" and rows[0][1][1] == 12 and rows[0][1][2] == Formula("=1+1")
    assert rows[1][1] == ["x", 1.5, "text"]


def test_a_parquet_file_is_read_with_its_types() -> None:
    out = io.BytesIO()
    pd.DataFrame({"镇街": ["莞城"], "日期": [date(2026, 5, 1)], "n": [1.5]}).to_parquet(out)
    assert listed(open_file(out.getvalue())) == [["镇街", "日期", "n"], ["莞城", date(2026, 5, 1), 1.5]]


def bomb(size: int, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b" " * size)
    return out.getvalue()


def lying_bomb() -> bytes:
    """Says that it unpacks to ten bytes."""
    content = bytearray(bomb(excel.MOST_UNPACKED + 10))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


def entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["a"], ["b"]]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            said = old.read(name)
            new.writestr(name, ENTITY + said if name == "xl/worksheets/sheet1.xml" else said)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"  \n ", "empty_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old_excel"),
        (b"%PDF-1.7", "not_a_table"),
        (b"PK\x03\x04broken", "not_a_table"),
        (b"PAR1broken", "not_a_table"),
        (b"a,b\n\xff\xff\xff\n", "unknown_encoding"),
        (b"a,b\n\x00,1\n", "not_a_table"),
        (b"x," * 600, "too_many_columns"),
        (b"x" * (LARGEST + 1), "too_large"),
        (bomb(excel.MOST_UNPACKED + 1), "bomb"),
        (entities(), "hostile"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",
)
def test_a_file_that_is_none_or_means_harm_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(UnfitFile) as told:
        listed(open_file(content))
    assert told.value.reason == reason


def test_an_archive_that_lies_about_its_size_is_not_believed() -> None:
    with pytest.raises(UnfitFile) as told:
        open_file(lying_bomb())
    assert told.value.reason in ("bomb", "not_a_table")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\xef\xbb\xbf", b"\xff\xfe", b"a,b\n"]))
def test_any_bytes_are_a_table_or_unfit(content: bytes, mark: bytes) -> None:
    try:
        listed(open_file(mark + content))
    except UnfitFile as error:
        assert error.reason


class Office:
    """A files library with its imports in a database."""

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        source = {"pattern": "pupils*.csv"} if folder else {}
        table = TableConfig("pupils", "学生出勤", fields=FIELDS, keys=("town", "day"), time="day", source=source)
        query = QueryConfig("of", {"table": "pupils", "where": {"town": "town"}, "columns": ["present"]}, parameters={"town": "text"})
        config = {"settings": {"folder": str(folder)} if folder else {}, "tables": (table,), "queries": (query,)}
        self.store = ImportRepository(engine)
        self.library = FilesLibrary(Setup(LibraryConfig("office", "文件", "Files", "files", "education", **config), {}, self.store))  # type: ignore[arg-type]
        self.imports = ManualImport(self.library.file_tables, self.store, open_file)
        self.told: list[Import] = []
        dropped = lambda found, now: self.told.append(found)  # noqa: E731
        self.dropped = DropFolder(self.library.file_tables, self.imports, self.store, LocalFolder(), 0.0, dropped)

    def brings(self, rows: list[list[str]]) -> str:
        return self.imports.preview(STEWARD, "office", "pupils", "pupils.csv", comma(rows), NOW).found.import_id

    def present(self) -> dict[str, Any]:
        rows = self.library.fetch("pupils", 0, 10**13).rows
        return {str(row.values["town"]): row.values["present"] for row in rows}


@pytest.fixture
def office(engine: Engine) -> Office:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE topic_imports CASCADE"))
    return Office(engine)


def test_nothing_counts_before_it_is_confirmed_and_an_undone_import_gives_back_what_was(office: Office) -> None:
    first = office.brings(ROWS)
    assert office.present() == {}
    office.imports.confirm(STEWARD, first, False, NOW)
    second = office.brings([ROWS[0], ["莞城", "2026-05-01", "99"]])
    office.imports.confirm(STEWARD, second, False, NOW + 1000)
    assert office.present() == {"莞城": 99, "东城": 30}
    assert [row.values for row in office.library.ask("of", {"town": "莞城"}).rows] == [{"present": 99}]
    office.imports.undo(STEWARD, second, NOW + 2000)
    assert office.present() == {"莞城": 12, "东城": 30}
    said = {one.import_id: (one.state, one.undone_by) for one in office.imports.imports(STEWARD)}
    assert said == {second: ("undone", "steward"), first: ("kept", None)}


def test_a_preview_shows_rows_and_errors_and_wrong_rows_are_left_out_only_when_told(office: Office) -> None:
    made = office.imports.preview(STEWARD, "office", "pupils", "a.csv", comma([*ROWS, ["石龙", "5月1日", "x"]], "gbk"), NOW)
    assert (made.found.rows, made.found.error_count, made.found.encoding) == (2, 1, "GB 18030")
    assert [(error.row, error.column, error.reason) for error in made.found.errors] == [
        (4, "日期", "not_day"),
        (4, "实到人数", "not_number"),
    ]
    with pytest.raises(NotImported, match="has_errors"):
        office.imports.confirm(STEWARD, made.found.import_id, False, NOW)
    office.imports.confirm(STEWARD, made.found.import_id, True, NOW)
    assert office.present() == {"莞城": 12, "东城": 30}
    assert office.imports.look(STEWARD, made.found.import_id).rows[0].values["town"] == "莞城"


def test_a_deed_happens_once_and_a_thrown_away_preview_stays_away(office: Office) -> None:
    one = office.brings(ROWS)
    office.imports.drop(STEWARD, one, NOW)
    for deed in (lambda: office.imports.confirm(STEWARD, one, False, NOW), lambda: office.imports.undo(STEWARD, one, NOW)):
        with pytest.raises(NotImported, match="gone_on"):
            deed()


def test_only_data_stewards_of_the_whole_city_import(office: Office) -> None:
    for actor in (Actor("watch", frozenset({"operator"})), Actor("part", frozenset({"data_steward"}), departments=frozenset({"water"}))):
        with pytest.raises(Forbidden):
            office.imports.preview(actor, "office", "pupils", "a.csv", comma(ROWS), NOW)
        with pytest.raises(Forbidden):
            office.imports.tables(actor)
    with pytest.raises(LookupError):
        office.imports.preview(STEWARD, "office", "unknown", "a.csv", comma(ROWS), NOW)


def drop(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    os.utime(folder / name, (time.time() - 60, time.time() - 60))


def test_a_dropped_file_is_taken_once_and_one_with_errors_waits_for_a_steward(office: Office, engine: Engine, tmp_path: Path) -> None:
    city = Office(engine, tmp_path)
    drop(tmp_path, "pupils-1.csv", comma(ROWS))
    drop(tmp_path, "pupils-2.csv", comma([ROWS[0], ["石龙", "x", "1"], ["石碣", "2026-05-01", "5"]]))
    drop(tmp_path, "pupils-3.csv", b"nothing of the kind")
    drop(tmp_path, "other.csv", comma([ROWS[0], ["常平", "2026-05-01", "1"]]))
    (tmp_path / "pupils-4.csv").write_bytes(comma([ROWS[0], ["虎门", "2026-05-01", "1"]]))
    (tmp_path / "pupils-5.csv").symlink_to("/etc/hostname")
    assert [city.dropped.round(NOW + n) for n in range(3)] == [3, 0, 0]
    assert city.present() == {"莞城": 12, "东城": 30}
    assert [one.file_name for one in city.told] == ["pupils-2.csv"]
    kept = next(one for one in city.imports.imports(STEWARD) if one.state == "kept")
    assert kept.imported_by == "folder"
    city.imports.undo(STEWARD, kept.import_id, NOW)
    assert city.dropped.round(NOW + 9) == 0 and city.present() == {}


def test_a_folder_that_is_not_there_is_said_once(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    folder = LocalFolder()
    big = tmp_path / "pupils.csv"
    with big.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert [folder.files(str(tmp_path), "*.csv") for _ in range(2)] == [[], []]
    assert len(caplog.records) == 1 and "too large" in caplog.text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"fields": {}}, "fields"),
        ({"keys": ("nobody",)}, "keys"),
        ({"source": {"pattern": "../x"}}, "pattern"),
        ({"source": {"odd": 1}}, "odd"),
    ],
)
def test_a_wrong_entry_stops_the_start_with_its_name(more: dict[str, Any], said: str) -> None:
    table = TableConfig("pupils", **{"fields": FIELDS, **more})
    with pytest.raises(ConfigError, match=f"topics.yaml: office: tables: pupils.*{said}"):
        FilesLibrary(Setup(LibraryConfig("office", "文件", "Files", "files", "education", tables=(table,))))
