"""A row becomes a message: device, time and values as the mapping says. Pure: no file, no clock, no broker."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from data_adapters.replay.mapping import FALSE_WORDS, TRUE_WORDS, MetricColumn, ReplayMapping, TimeColumn
from data_adapters.replay.table import Row

DEVICE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_UNITS = {"epoch_s": 1000, "epoch_ms": 1}


class Unreadable(ValueError):
    """A row that has no device, no time, or none that can be told; the text says which."""


class Recorded(NamedTuple):
    """One message before it is sent: epoch ms of the record, and its values as they go out."""

    device_id: str
    at: int
    values: dict[str, Any]

    @property
    def topic(self) -> str:
        """The native topic."""
        return f"city/v1/devices/{self.device_id}/telemetry"

    def payload(self, at: int) -> bytes:
        """The native telemetry with the time `at`."""
        return json.dumps({"at": at, "values": self.values}, separators=(",", ":")).encode()


def recorded(rows: Iterable[Row], mapping: ReplayMapping, count: Counter[str], complain: Any = None) -> Iterator[Recorded]:
    """The messages of `rows`. `count` counts rows, values, missing, empty and unreadable; `complain` gets a line for each unreadable."""
    for row in rows:
        count["rows"] += 1
        try:
            message = Recorded(
                _device(row, mapping), moment(row.cells.get(mapping.time.column, ""), mapping.time), _values(row, mapping, count)
            )
        except Unreadable as error:
            count["unreadable"] += 1
            if complain:
                complain(f"row {row.number}: {error}")
            continue
        if message.values:
            yield message
        else:
            count["empty"] += 1


def _device(row: Row, mapping: ReplayMapping) -> str:
    try:
        device_id = mapping.device.format_map(row.cells)
    except (KeyError, IndexError, ValueError) as error:
        raise Unreadable(f"device: {mapping.device!r} can't be filled in ({error})") from None
    if not DEVICE_ID.match(device_id):
        raise Unreadable(f"device: {device_id!r}: expected 1 to 128 of A-Z a-z 0-9 _ -")
    return device_id


def moment(cell: str, column: TimeColumn) -> int:
    """Epoch milliseconds of a cell.

    Raises Unreadable for what is no time, for one without an offset where the mapping names no zone, and for a local time that
    the zone has twice or not at all: nobody can know which was meant.
    """
    try:
        if column.format in EPOCH_UNITS:
            return int(Fraction(cell) * EPOCH_UNITS[column.format])
        found = datetime.fromisoformat(cell) if column.format == "iso" else datetime.strptime(cell, column.format)
    except (ValueError, ZeroDivisionError):
        raise Unreadable(f"time: {cell!r} is not {column.format}") from None
    if found.tzinfo is None:
        found = _in_zone(found, column)
    return (found - EPOCH) // timedelta(milliseconds=1)


def _in_zone(found: datetime, column: TimeColumn) -> datetime:
    if column.zone is None:
        raise Unreadable(f"time: {found.isoformat()} has no offset, and the mapping names no zone")
    first, second = (found.replace(tzinfo=column.zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise Unreadable(f"time: {found.isoformat()} is there twice or not at all in {column.zone.key}")
    return first


def _values(row: Row, mapping: ReplayMapping, count: Counter[str]) -> dict[str, Any]:
    values = {}
    for column in mapping.metrics:
        if any(row.cells.get(name) != cell for name, cell in column.where.items()):
            continue
        cell = row.cells.get(column.column, "").strip()
        if cell in mapping.missing:
            count["missing"] += 1
        else:
            count["values"] += 1
            values[column.metric] = value_of(cell, column, cell in mapping.no_data)
    return values


def value_of(cell: str, column: MetricColumn, no_data: bool = False) -> Any:
    """The value to send. A "no data" code, and a cell that is not what its kind says, go out as they are: ingest refuses them."""
    if column.kind == "text":
        return cell
    if column.kind == "bool":
        return True if cell.lower() in TRUE_WORDS else False if cell.lower() in FALSE_WORDS else cell
    try:
        number = Fraction(cell)
        return float(number if no_data else number * column.factor + column.offset)
    except (ValueError, ZeroDivisionError, OverflowError):
        return cell
