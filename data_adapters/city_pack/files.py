"""Reading the files of a pack as text, tables and trees: sizes, encodings and columns, before anybody looks at the meaning."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from data_adapters.city_pack.contents import Problem

LARGEST_MB = {"city.yaml": 1, "regions.geojson": 64, "devices.csv": 64, "places.csv": 64, "units.csv": 16, "resources.csv": 16}
CELL_LIMIT = 4_000


class Row(NamedTuple):
    """A row of a table: its number (the header is row 1) and its cells, blanks stripped."""

    number: int
    cells: dict[str, str]


def read_text(folder: Path, name: str, problems: list[Problem]) -> str | None:
    """The file's text (UTF-8, with or without BOM), or None and a problem."""
    path = folder / name
    try:
        size = path.stat().st_size
        if size > LARGEST_MB[name] * 1_000_000:
            problems.append(Problem(name, None, "", "", f"at most {LARGEST_MB[name]} MB; the file has {size / 1e6:.0f} MB"))
            return None
        raw = path.read_bytes()
    except OSError as error:
        problems.append(Problem(name, None, "", "", f"a readable file ({error.strerror or error})"))
        return None
    return _decoded(raw, name, problems)


def _decoded(raw: bytes, name: str, problems: list[Problem]) -> str | None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem(name, row, "", "", f"UTF-8 text; {_encoding_hint(raw)}"))
        return None
    if "\x00" in text:
        problems.append(Problem(name, text.count("\n", 0, text.index("\x00")) + 1, "", "", "text without NUL characters"))
        return None
    return text


def _encoding_hint(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "this looks like UTF-16: save it again as UTF-8"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "save it again as UTF-8"
    return "this looks like GB18030/GBK (Excel on a Chinese system): save it again as CSV UTF-8"


def read_yaml(folder: Path, name: str, problems: list[Problem]) -> dict[str, Any] | None:
    """The file's mapping, or None and a problem."""
    text = read_text(folder, name, problems)
    if text is None:
        return None
    try:
        tree = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problems.append(Problem(name, mark.line + 1 if mark else None, "", "", f"YAML ({getattr(error, 'problem', None) or error})"))
        return None
    if not isinstance(tree, dict):
        problems.append(Problem(name, 1, "", str(tree), "a mapping with name, code, …"))
        return None
    return tree


def read_features(folder: Path, name: str, problems: list[Problem]) -> list[Any]:
    """The features of a GeoJSON FeatureCollection; empty with a problem when it is none."""
    text = read_text(folder, name, problems)
    if text is None:
        return []
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        problems.append(Problem(name, error.lineno, "", "", f"JSON ({error.msg})"))
        return []
    except (RecursionError, ValueError) as error:
        problems.append(Problem(name, None, "", "", f"JSON ({error})"))
        return []
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list) or not features:
        problems.append(Problem(name, None, "features", "", "a GeoJSON FeatureCollection with at least one feature"))
        return []
    return features


def read_table(folder: Path, name: str, required: tuple[str, ...], problems: list[Problem]) -> list[Row]:
    """The rows of a CSV file that has all `required` columns; every ragged row is a problem of its own."""
    text = read_text(folder, name, problems)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if _header_fits(header, required, name, problems):
            return list(_rows(reader, header, name, problems))
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, "", "", f"CSV ({error})"))
    return []


def _header_fits(header: list[str], required: tuple[str, ...], name: str, problems: list[Problem]) -> bool:
    missing = [column for column in required if column not in header]
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if missing:
        problems.append(Problem(name, 1, ", ".join(missing), ",".join(header), f"the columns {','.join(required)}"))
    if twice:
        problems.append(Problem(name, 1, ", ".join(twice), ",".join(header), "each column once"))
    return not missing and not twice


def _rows(reader: Iterator[list[str]], header: list[str], name: str, problems: list[Problem]) -> Iterator[Row]:
    for cells in reader:
        number = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(Problem(name, number, "", ",".join(cells), f"{len(header)} cells as in the header; it has {len(cells)}"))
            continue
        too_long = next((column for column, cell in zip(header, cells, strict=True) if len(cell) > CELL_LIMIT), None)
        if too_long:
            problems.append(Problem(name, number, too_long, "", f"at most {CELL_LIMIT} characters"))
            continue
        yield Row(number, {column: cell.strip() for column, cell in zip(header, cells, strict=True)})
