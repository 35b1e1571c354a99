"""What a recorded table means: the YAML mapping of a replay, read strictly. Words and examples are in docs/replay.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".json": "json"}
KINDS = ("number", "text", "bool")
TRUE_WORDS = ("true", "1", "yes", "on")
FALSE_WORDS = ("false", "0", "no", "off")


class MappingError(ValueError):
    """The mapping can't be used; the text is one line naming file, key, value and what was expected."""


@dataclass(frozen=True)
class TimeColumn:
    """Where a row's time stands. `format` is iso, epoch_s, epoch_ms or a strptime pattern; `zone` holds for texts without an offset."""

    column: str
    format: str = "iso"
    zone: ZoneInfo | None = None


@dataclass(frozen=True)
class MetricColumn:
    """One metric: value = cell * factor + offset, for rows whose other cells are as `where` says."""

    metric: str
    column: str
    kind: str = "number"
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReplayMapping:
    """A whole mapping. `device` is a template over the row's cells; `missing` cells are gaps; `no_data` cells are sent as they are."""

    device: str
    time: TimeColumn
    metrics: tuple[MetricColumn, ...]
    missing: frozenset[str] = frozenset({""})
    no_data: frozenset[str] = frozenset()
    format: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    records: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def format_of(self, file: Path) -> str:
        """csv, jsonl or json: as the mapping says, else by the file's name. Raises MappingError."""
        found = self.format or FORMATS.get(file.suffix.lower())
        if found is None:
            raise MappingError(f"{file.name}: format: expected one of {', '.join(FORMATS.values())} in the mapping")
        return found


def read_mapping(path: Path) -> ReplayMapping:
    """The mapping in `path`. Raises MappingError."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"{path.name}: can't be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from error
    try:
        return parse_mapping(document)
    except MappingError as error:
        raise MappingError(f"{path.name}: {error}") from None


def parse_mapping(document: Any) -> ReplayMapping:
    """The mapping that a YAML document holds. Raises MappingError."""
    known = {"device", "time", "metrics", "missing", "no_data", "format", "delimiter", "encoding", "records", "columns"}
    entry = _keys("the mapping", document, known, {"device", "time", "metrics"})
    if not isinstance(entry["metrics"], dict) or not entry["metrics"]:
        raise MappingError(f"metrics: {entry['metrics']!r}: expected metric: {{column: …}}")
    optional = {key: _text(key, entry[key]) for key in ("format", "delimiter", "encoding", "records") if key in entry}
    if optional.get("format", "csv") not in FORMATS.values():
        raise MappingError(f"format: {optional['format']!r}: expected one of {', '.join(FORMATS.values())}")
    return ReplayMapping(
        device=_text("device", entry["device"]),
        time=_time(entry["time"]),
        metrics=tuple(_metric(str(name), one) for name, one in entry["metrics"].items()),
        missing=_cells("missing", entry.get("missing", [])) | {""},
        no_data=_cells("no_data", entry.get("no_data", [])),
        columns=_texts("columns", entry.get("columns", {})),
        **optional,
    )


def _time(document: Any) -> TimeColumn:
    entry = _keys("time", document, {"column", "format", "zone"}, {"column"})
    zone = None
    if "zone" in entry:
        try:
            zone = ZoneInfo(_text("time.zone", entry["zone"]))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise MappingError(f"time.zone: {entry['zone']!r}: expected a zone such as Asia/Shanghai") from None
    return TimeColumn(_text("time.column", entry["column"]), _text("time.format", entry.get("format", "iso")), zone)


def _metric(name: str, document: Any) -> MetricColumn:
    where = f"metrics.{name}"
    entry = _keys(where, document, {"column", "kind", "factor", "offset", "where"}, {"column"})
    kind = entry.get("kind", "number")
    if kind not in KINDS:
        raise MappingError(f"{where}.kind: {kind!r}: expected one of {', '.join(KINDS)}")
    numbers = {key: _fraction(f"{where}.{key}", entry[key]) for key in ("factor", "offset") if key in entry}
    if numbers and kind != "number":
        raise MappingError(f"{where}: a {kind} has no factor and no offset")
    column = _text(f"{where}.column", entry["column"])
    return MetricColumn(name, column, kind, where=_texts(f"{where}.where", entry.get("where", {})), **numbers)


def _keys(where: str, document: Any, known: set[str], needed: set[str]) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise MappingError(f"{where}: {document!r}: expected keys and values")
    for key in document:
        if key not in known:
            raise MappingError(f"{where}: {key}: expected one of {', '.join(sorted(known))}")
    for key in sorted(needed - document.keys()):
        raise MappingError(f"{where}: {key}: is missing")
    return document


def _text(where: str, raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise MappingError(f"{where}: {raw!r}: expected text")
    return raw


def _texts(where: str, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) and isinstance(value, str) for key, value in raw.items()):
        raise MappingError(f"{where}: {raw!r}: expected names and texts (quote numbers)")
    return raw


def _cells(where: str, raw: Any) -> frozenset[str]:
    if not isinstance(raw, list) or not all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in raw):
        raise MappingError(f"{where}: {raw!r}: expected a list of cells as the file writes them")
    return frozenset(str(one) for one in raw)


def _fraction(where: str, raw: Any) -> Fraction:
    try:
        return Fraction(str(raw))
    except (ValueError, ZeroDivisionError):
        raise MappingError(f"{where}: {raw!r}: expected a number, or a fraction such as 5/9") from None
