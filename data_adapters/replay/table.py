"""Rows of a recorded file as cells of text, exactly as the file writes them: no number passes through a float on the way."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas

from data_adapters.replay.mapping import MappingError, ReplayMapping

CHUNK_ROWS = 10_000
STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\*)\]|\.")


class Row(NamedTuple):
    """One record: its number, from 1, and its cells."""

    number: int
    cells: Mapping[str, str]


def read_rows(file: Path, mapping: ReplayMapping) -> Iterator[Row]:
    """The rows of `file` in its order. Raises MappingError for what the file doesn't have, OSError when it can't be read."""
    return READERS[mapping.format_of(file)](file, mapping)


def _csv(file: Path, mapping: ReplayMapping) -> Iterator[Row]:
    number = 0
    try:
        chunks = pandas.read_csv(
            file,
            sep=mapping.delimiter,
            encoding=mapping.encoding,
            dtype=str,
            na_filter=False,
            chunksize=CHUNK_ROWS,
            encoding_errors="strict",
        )
        for chunk in chunks:
            names = [str(name).removeprefix("\ufeff") for name in chunk.columns]
            if not number:
                _need(file, mapping, set(names))
            for cells in chunk.itertuples(index=False, name=None):
                number += 1
                yield Row(number, dict(zip(names, cells, strict=True)))
    except (pandas.errors.ParserError, pandas.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise MappingError(f"{file.name}: after row {number}: {' '.join(str(error).split())}") from error


def _jsonl(file: Path, mapping: ReplayMapping) -> Iterator[Row]:
    with file.open(encoding=mapping.encoding) as lines:
        number = 0
        for line in lines:
            if line.strip():
                number += 1
                yield Row(number, _cells(_document(file, line), mapping, ()))


def _json(file: Path, mapping: ReplayMapping) -> Iterator[Row]:
    """The records of one JSON document: `records` says where they stand, `[*]` goes through a list."""
    if not mapping.records:
        raise MappingError(f"{file.name}: records: is missing, for example value.timeSeries[*].values[*].value[*]")
    document = _document(file, file.read_text(encoding=mapping.encoding))
    for number, places in enumerate(_places(document, _steps(mapping.records)), 1):
        yield Row(number, _cells(document, mapping, places))


READERS = {"csv": _csv, "jsonl": _jsonl, "json": _json}


def _need(file: Path, mapping: ReplayMapping, names: set[str]) -> None:
    wanted = {mapping.time.column, *(one.column for one in mapping.metrics), *(name for one in mapping.metrics for name in one.where)}
    for name in sorted(wanted - names):
        raise MappingError(f"{file.name}: there is no column {name!r}; there are {', '.join(sorted(names))}")


def _document(file: Path, text: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        raise MappingError(f"{file.name}: is not JSON: {error}") from error


def _cells(document: Any, mapping: ReplayMapping, places: tuple[int, ...]) -> dict[str, str]:
    """The cells that `columns` name; without `columns` every plain value of the record's top level."""
    if not mapping.columns:
        return {str(name): _cell(value) for name, value in document.items()} if isinstance(document, dict) else {}
    return {name: _cell(_at(document, _steps(path), places)) for name, path in mapping.columns.items()}


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _steps(path: str) -> list[str | int | None]:
    """`a.b[0].c[*]` as ["a", "b", 0, "c", None]; None stands for every element of a list."""
    if "".join(match[0] for match in STEP.finditer(path)) != path:
        raise MappingError(f"{path!r}: expected a path such as value.timeSeries[*].name")
    found = [match for match in STEP.finditer(path) if match[0] != "."]
    return [match[1] or (None if match[2] == "*" else int(match[2])) for match in found]


def _places(node: Any, steps: list[str | int | None], before: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """For each record the number of its element in every list that the path goes through."""
    if not steps:
        yield before
    elif steps[0] is None:
        for i, one in enumerate(node if isinstance(node, list) else ()):
            yield from _places(one, steps[1:], (*before, i))
    else:
        yield from _places(_step(node, steps[0]), steps[1:], before)


def _at(node: Any, steps: list[str | int | None], places: tuple[int, ...]) -> Any:
    left = iter(places)
    for step in steps:
        node = _step(node, next(left, 0) if step is None else step)
    return node


def _step(node: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return node[step] if isinstance(node, list) and step < len(node) else None
    return node.get(step) if isinstance(node, dict) else None
