"""Tables that people export: CSV in UTF-8 with or without a BOM, UTF-16 with one, or GB 18030 (GBK, GB2312); comma, semicolon or tab.

The encoding is the first of these that reads the whole file without a fault; nothing is replaced.
"""

import csv
from io import StringIO

from domain.messages import Rejected

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MAX_CELL = 100_000
ENCODINGS = ("utf-8-sig", "gb18030")
SIXTEEN = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t，"
NAME = "列"


def decoded(payload: bytes) -> str | Rejected:
    """The text of a file. Never raises."""
    for encoding in ("utf-16",) if payload.startswith(SIXTEEN) else ENCODINGS:
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    return Rejected("bad_encoding", "neither UTF-8 nor GB 18030")


def rows(payload: bytes) -> list[dict[str, str]] | Rejected:
    """The rows under the names of the first line, cells trimmed; rows without any word are left out. Never raises."""
    if len(payload) > MAX_BYTES:
        return Rejected("too_large", f"{len(payload)} bytes, at most {MAX_BYTES}")
    text = decoded(payload)
    if isinstance(text, Rejected):
        return text
    if "\x00" in text:
        return Rejected("nul", "the table holds a NUL character")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        table = [[cell.strip() for cell in row] for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        return Rejected("bad_table", str(error)[:200])
    return _named([row for row in table if any(row)])


def _named(table: list[list[str]]) -> list[dict[str, str]] | Rejected:
    if len(table) < 2:
        return Rejected("bad_table", "a line of names and at least one row were expected")
    if len(table) > MAX_ROWS + 1:
        return Rejected("too_large", f"{len(table) - 1} rows, at most {MAX_ROWS}")
    names = [name or f"{NAME}{at}" for at, name in enumerate(table[0], 1)]
    if len(set(names)) != len(names):
        return Rejected("bad_table", "two columns have one name")
    if any(len(row) > len(names) for row in table[1:]):
        return Rejected("bad_table", "a row has more cells than there are names")
    return [dict(zip(names, [*row, *[""] * (len(names) - len(row))], strict=True)) for row in table[1:]]
