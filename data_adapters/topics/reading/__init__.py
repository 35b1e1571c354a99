"""Opening files that people bring: CSV, Excel and Parquet, each told by what is in it and not by its name. Bounded, and without harm."""

from collections.abc import Callable, Mapping

from data_adapters.topics.reading.comma import read_comma
from data_adapters.topics.reading.excel import read_excel
from data_adapters.topics.reading.parquet import read_parquet
from domain.imports import Sheet, UnfitFile

LARGEST = 20 * 1024 * 1024
MARKS: Mapping[bytes, Callable[[bytes, str], Sheet]] = {b"PK\x03\x04": read_excel, b"PAR1": read_parquet}
REFUSED = {b"\xd0\xcf\x11\xe0": "old_excel", b"%PDF": "not_a_table", b"PK\x05\x06": "not_a_table", b"\x1f\x8b": "not_a_table"}
"""What begins so is refused by name: .xls of before 2007 (or an encrypted workbook), PDF, an empty archive, gzip."""


def open_file(content: bytes, sheet: str = "") -> Sheet:
    """The table in a file; `sheet` names one of a workbook (empty: its first). Raises UnfitFile."""
    if not content.strip():
        raise UnfitFile("empty_file")
    if len(content) > LARGEST:
        raise UnfitFile("too_large", f"{LARGEST // 1024 // 1024} MB")
    for mark, reason in REFUSED.items():
        if content.startswith(mark):
            raise UnfitFile(reason)
    found = next((read for mark, read in MARKS.items() if content.startswith(mark)), read_comma)
    return found(content, sheet)
