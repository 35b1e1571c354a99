"""CSV in the encodings that Chinese offices write: UTF-8 with or without its mark, UTF-16 with its mark, GB 18030 (GBK is part of it)."""

import codecs
import csv
import io
from collections.abc import Iterator

from domain.imports import Sheet, UnfitFile

MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
UNMARKED = ("utf-8", "gb18030")
DELIMITERS = ",\t;|"
LONGEST_CELL = 32_768
MOST_COLUMNS = 500


def read_comma(content: bytes, _sheet: str = "") -> Sheet:
    """The first line that isn't empty is the heading; the delimiter is what it has most of. Raises UnfitFile."""
    said, encoding = _decoded(content)
    if "\0" in said:
        raise UnfitFile("not_a_table")
    first = next((line for line in said.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    rows = _rows(said, delimiter)
    heading = next(rows, (0, []))[1]
    if len(heading) > MOST_COLUMNS:
        raise UnfitFile("too_many_columns", str(MOST_COLUMNS))
    return Sheet(heading, rows, {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB 18030"}[encoding])


def _decoded(content: bytes) -> tuple[str, str]:
    tried = [encoding for mark, encoding in MARKED if content.startswith(mark)] or UNMARKED
    for encoding in tried:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnfitFile("unknown_encoding")


def _rows(said: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line that they begin in."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnfitFile("broken_line", f"{line}: {error}") from None
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1
