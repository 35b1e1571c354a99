"""Excel workbooks (openpyxl): the values that stand in the cells. A formula counts by the result that the file holds."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from domain.imports import Formula, Sheet, UnfitFile

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 500
PIECE = 1024 * 1024
BROKEN = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError)


def read_excel(content: bytes, name: str = "") -> Sheet:
    """One sheet of a workbook: its first row that isn't empty is the heading. Raises UnfitFile."""
    check_archive(content)
    try:
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        title = name or values.sheetnames[0]
        if title not in values.sheetnames:
            raise UnfitFile("no_such_sheet", title)
        rows = list(_rows(values[title], formulas[title]))
    except BROKEN as error:
        if isinstance(error, UnfitFile):
            raise
        raise UnfitFile("not_a_table", type(error).__name__) from None
    filled = [(number, cells) for number, cells in rows if any(cell not in (None, "") for cell in cells)]
    if not filled:
        raise UnfitFile("empty_file")
    return Sheet([str(cell or "") for cell in filled[0][1]], iter(filled[1:]), title)


def check_archive(content: bytes) -> None:
    """Unpack every part, piece by piece and no further than the limits: what an archive says of its own size is not believed. No part may
    declare a document type: that is where XML's entities come from. Raises UnfitFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise UnfitFile("bomb")
            left = MOST_UNPACKED
            for info in archive.infolist():
                left = _unpack(archive, info, left)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise UnfitFile("not_a_table", type(error).__name__) from None


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> int:
    with archive.open(info) as part:
        tail = b""
        while piece := part.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise UnfitFile("bomb")
            if b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                raise UnfitFile("hostile")
            tail = piece[-16:]
    return left


def _rows(values: Any, formulas: Any) -> Iterator[tuple[int, list[Any]]]:
    pairs = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    for number, (found, said) in enumerate(pairs, 1):
        if number > MOST_ROWS:
            raise UnfitFile("too_many_rows", str(MOST_ROWS))
        if len(found) > MOST_COLUMNS:
            raise UnfitFile("too_many_columns", str(MOST_COLUMNS))
        yield number, [_cell(value, formula) for value, formula in zip(found, said, strict=True)]


def _cell(value: Any, formula: Any) -> Any:
    """Errors such as #DIV/0! have no value either."""
    if formula.data_type == "f" and (value.value is None or value.data_type == "e"):
        return Formula(str(getattr(formula.value, "text", formula.value))[:100])
    return Formula(str(value.value)) if value.data_type == "e" else value.value
