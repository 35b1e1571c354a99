"""Manual import 人工导入: what a cell says as a value of its field, and which rows can't be taken, with the reason. Nothing is guessed."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Value = str | int | float | bool | None
LONGEST = 4_000
WIDEST = 2**53
"""Whole numbers beyond it become floats, which count that far exactly."""
WHOLE = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)\Z")
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d+)?([eE][+-]?\d+)?\Z")
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))\Z")
TRUTHS = {"是": True, "true": True, "yes": True, "y": True, "1": True, "否": False, "false": False, "no": False, "n": False, "0": False}
MOST_ERRORS = 1_000


class Formula(NamedTuple):
    """A cell with a formula whose result the file doesn't hold."""

    text: str


class RowError(NamedTuple):
    """A row that can't be taken: its number in the file (the heading is 1), the column, what stands there, the reason's code."""

    row: int
    column: str
    value: str
    reason: str


class Row(NamedTuple):
    """A row that can: its number, what names it, and its values."""

    number: int
    record_key: str
    values: Mapping[str, Value]


class Sheet(NamedTuple):
    """What a file holds: the heading, the rows below it with their numbers, and the encoding that it was read in."""

    heading: Sequence[str]
    rows: Iterable[tuple[int, Sequence[Any]]]
    encoding: str = ""


class Wanted(NamedTuple):
    """A field that is wanted: its name in the table, its title, its type."""

    name: str
    title: str
    type: str


class Read(NamedTuple):
    """A file as rows that can be taken and errors; `error_count` also those beyond MOST_ERRORS."""

    rows: Sequence[Row]
    errors: Sequence[RowError]
    error_count: int
    encoding: str


class UnfitFile(ValueError):
    """The file can't be read at all. `reason` is a code, `detail` what it is about."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail


def read_sheet(sheet: Sheet, wanted: Sequence[Wanted], keys: Sequence[str], zone: ZoneInfo, most: int) -> Read:
    """The rows of a file as records of a table. Raises UnfitFile where the heading lacks a field or says one twice, or there are too many
    rows. A second row of the same key is an error; empty rows are passed over."""
    places = columns_of(sheet.heading, wanted)
    rows: list[Row] = []
    errors: list[RowError] = []
    count, seen = 0, dict[str, int]()
    for number, cells in sheet.rows:
        if all(is_empty(cell) for cell in cells):
            continue
        if len(rows) + count >= most:
            raise UnfitFile("too_many_rows", str(most))
        values, wrong = _row(number, cells, wanted, places, zone)
        record_key = "|".join(str(values.get(key)) for key in keys) if keys else str(number)
        wrong = wrong or _keyed(number, values, keys, record_key, seen)
        if wrong:
            count += 1
            errors += wrong[: max(0, MOST_ERRORS - len(errors))]
            continue
        seen[record_key] = number
        rows.append(Row(number, record_key, values))
    return Read(rows, errors, count, sheet.encoding)


def columns_of(heading: Sequence[str], wanted: Sequence[Wanted]) -> dict[str, int]:
    """Field -> which column it is in, by its name or its title; columns that nobody wants are left. Raises UnfitFile."""
    said = [unicodedata.normalize("NFKC", str(one or "")).strip().lower() for one in heading]
    places: dict[str, int] = {}
    for one in wanted:
        at = [n for n, text in enumerate(said) if text and text in (one.name.lower(), one.title.strip().lower())]
        if len(at) != 1:
            raise UnfitFile("column_missing" if not at else "column_twice", one.title or one.name)
        places[one.name] = at[0]
    return places


def _row(
    number: int, cells: Sequence[Any], wanted: Sequence[Wanted], places: Mapping[str, int], zone: ZoneInfo
) -> tuple[dict[str, Value], list[RowError]]:
    values: dict[str, Value] = {}
    wrong: list[RowError] = []
    for one in wanted:
        cell = cells[places[one.name]] if places[one.name] < len(cells) else None
        try:
            values[one.name] = read_cell(cell, one.type, zone)
        except ValueError as error:
            shown = cell.text if isinstance(cell, Formula) else str(cell)
            wrong.append(RowError(number, one.title or one.name, shown[:100], str(error)))
    return values, wrong


def _keyed(number: int, values: Mapping[str, Value], keys: Sequence[str], record_key: str, seen: Mapping[str, int]) -> list[RowError]:
    missing = next((key for key in keys if values.get(key) is None), None)
    if missing is not None:
        return [RowError(number, missing, "", "key_missing")]
    return [RowError(number, ", ".join(keys), record_key[:100], "key_twice")] if record_key in seen else []


def is_empty(cell: Any) -> bool:
    """Whether nothing stands there."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_cell(cell: Any, kind: str, zone: ZoneInfo) -> Value:
    """A cell as a value of this type (domain.catalogue.TYPES). Raises ValueError with the reason's code."""
    if isinstance(cell, Formula):
        raise ValueError("formula_without_value")
    if is_empty(cell):
        return None
    return CELLS[kind](cell, zone)


def _text(cell: Any, zone: ZoneInfo) -> Value:
    """A whole number in a text column is a code that a spreadsheet took for a number."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    said = (cell.isoformat() if isinstance(cell, date) else str(cell)).strip()
    if len(said) > LONGEST or "\0" in said:
        raise ValueError("text_too_long" if len(said) > LONGEST else "not_text")
    return said


def _whole(cell: Any, zone: ZoneInfo) -> Value:
    found = _number(cell, zone)
    if not isinstance(found, int | float) or float(found) != int(found) or abs(found) > 2**53:
        raise ValueError("not_whole")
    return int(found)


def _number(cell: Any, zone: ZoneInfo) -> Value:
    if isinstance(cell, bool | date):
        raise ValueError("not_number")
    if isinstance(cell, int | float):
        if cell != cell or abs(cell) == float("inf"):
            raise ValueError("not_number")
        return cell if abs(cell) <= WIDEST else _finite(cell)
    said = unicodedata.normalize("NFKC", str(cell)).strip()
    if not NUMBER.match(said) or not any(letter.isdigit() for letter in said):
        raise ValueError("not_number")
    found = _finite(said.replace(",", ""))
    return int(said.replace(",", "")) if WHOLE.match(said) and abs(found) <= WIDEST else found


def _finite(said: Any) -> float:
    """Raises ValueError beyond what a float holds."""
    try:
        found = float(said)
    except OverflowError:
        raise ValueError("not_number") from None
    if abs(found) == float("inf"):
        raise ValueError("not_number")
    return found


def _truth(cell: Any, zone: ZoneInfo) -> Value:
    said = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip().lower()
    if isinstance(cell, bool) or said in TRUTHS:
        return cell if isinstance(cell, bool) else TRUTHS[said]
    raise ValueError("not_truth")


def _day(cell: Any, zone: ZoneInfo) -> Value:
    """Year first: 05/06/2026 may be May or June."""
    if isinstance(cell, datetime):
        if (cell.hour, cell.minute, cell.second) != (0, 0, 0):
            raise ValueError("not_day")
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    parts = DAY.match(unicodedata.normalize("NFKC", str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)).strip())
    if parts is None:
        raise ValueError("not_day")
    year, month, day = (int(part) for part in parts.groups() if part)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ValueError("not_day") from None


def _moment(cell: Any, zone: ZoneInfo) -> Value:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime(cell.year, cell.month, cell.day)
    if not isinstance(cell, datetime):
        said = unicodedata.normalize("NFKC", str(cell)).strip().replace("/", "-")
        try:
            cell = datetime.fromisoformat(said)
        except ValueError:
            raise ValueError("not_moment") from None
    found: datetime = cell
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()


CELLS: Mapping[str, Callable[[Any, ZoneInfo], Value]] = {
    "text": _text,
    "whole": _whole,
    "number": _number,
    "truth": _truth,
    "day": _day,
    "moment": _moment,
    "other": _text,
}
