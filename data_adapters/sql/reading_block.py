"""Readings as one block of PostgreSQL's binary COPY format, which its server takes in without parsing numbers and times.

The format: https://www.postgresql.org/docs/18/sql-copy.html (Binary Format). Times are microseconds since 2000-01-01T00:00:00Z.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache

from domain.messages import Reading

FIELDS = struct.pack("!h", 8)
HEADER, TRAILER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0), struct.pack("!h", -1)
NULL = struct.pack("!i", -1)
EPOCH_2000_MS = 946_684_800_000

_time = struct.Struct("!iq").pack
_float = struct.Struct("!id").pack


def reading_block(readings: Sequence[Reading]) -> bytes:
    """The rows of `readings` for COPY: device_id, metric, at, value, text_value, quality, received_at, source_at."""
    return b"".join([HEADER, *map(_row, readings), TRAILER])


def _row(reading: Reading) -> bytes:
    device_id, metric, at, value, text, quality, received_at, source_at, _ = reading
    return (
        FIELDS
        + _name(device_id)
        + _name(metric)
        + _time(8, (at - EPOCH_2000_MS) * 1000)
        + (NULL if value is None else _float(8, value))
        + (NULL if text is None else _text(text))
        + _name(quality)
        + _time(8, (received_at - EPOCH_2000_MS) * 1000)
        + (NULL if source_at is None else _text(source_at))
    )


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("!i", len(encoded)) + encoded


_name = lru_cache(maxsize=100_000)(_text)
"""The same few names come again and again."""
