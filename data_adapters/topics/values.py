"""What libraries answer, as plain values: text, numbers, truths, ISO days and moments; and the moment that a value means."""

import datetime
import math
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.event_time import to_ms
from services.topic_ports import Value

LONGEST_TEXT = 10_000
WIDEST = 2**63 - 1
"""Whole numbers beyond it, which no database column holds, become floats."""
FIRST_MS, LAST_MS = -2_208_988_800_000, 7_258_118_400_000
"""1900 and 2200: what lies outside is no moment of a department's."""


def plain(raw: Any, zone: ZoneInfo) -> Value:
    """A value as rows carry it. A moment without zone is one of the library's; what is no number (NaN) is nothing; bytes are text in UTF-8.

    Text is without NUL, which no database keeps.
    """
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, int):
        return raw if abs(raw) <= WIDEST else _wide(raw)
    if isinstance(raw, float | Decimal):
        return float(raw) if math.isfinite(raw) else None
    if isinstance(raw, datetime.datetime):
        return (raw if raw.tzinfo else raw.replace(tzinfo=zone)).isoformat()
    if isinstance(raw, datetime.date | datetime.time):
        return raw.isoformat()
    if isinstance(raw, datetime.timedelta):
        return raw.total_seconds()
    said = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    return text_of(said)


def text_of(said: str) -> str:
    """Text that a database keeps: no NUL, no half of a surrogate pair, not without end."""
    return said[:LONGEST_TEXT].replace("\0", "").encode("utf-8", "replace").decode()


def _wide(raw: int) -> float | None:
    try:
        return float(raw)
    except OverflowError:
        return None


def moment(value: Value, zone: ZoneInfo) -> int | None:
    """Epoch ms of a plain value in a `time` column: ISO text, a day (its midnight), a month `2026-05`, or a number of seconds or ms since
    1970. None for anything else, and for what lies outside 1900 to 2200."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        found = value if abs(value) > 1e11 else value * 1000
        return round(found) if FIRST_MS <= found <= LAST_MS else None
    said = value.strip()
    try:
        when = datetime.datetime.fromisoformat(f"{said}-01" if len(said) == 7 else said)
        at = to_ms(when if when.tzinfo else when.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None
    return at if FIRST_MS <= at <= LAST_MS else None
