"""When something happened: reading a device's time, and what to do with one that cannot be right (DESIGN §3, Time)."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from domain.messages import Quality

DAY_MS = 86_400_000
OLDEST_MS = 20 * 365 * DAY_MS + 5 * DAY_MS
"""Twenty years, leap days included: what is older is no event time but a dead clock."""
NEWEST_MS = DAY_MS
MOST_MS = 10**16
RFC_3339 = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:)([0-9]{2})((?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2}))")
LEAP = "60"
"""A leap second is written as second 60; it counts as the one after it, as on a computer's clock."""


class NotATime(ValueError):
    """The text or number is no time at all."""


class EventTime(NamedTuple):
    """`source` is the device's own word, kept where `at` had to become the time of receipt."""

    at: int
    quality: Quality
    source: str | None


def parse_time(raw: object) -> int:
    """Epoch milliseconds from RFC 3339 text with an offset, or from a number of epoch milliseconds.

    Raises NotATime for anything else, text without an offset and booleans included.
    """
    if type(raw) is int and -MOST_MS <= raw <= MOST_MS:  # the usual one first: this runs for every message
        return raw
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise NotATime(f"a time is RFC 3339 text or epoch milliseconds, not {type(raw).__name__}")
    if isinstance(raw, str):
        return _from_text(raw)
    if raw != raw or abs(raw) > MOST_MS:
        raise NotATime(f"{raw} is no number of milliseconds")
    return int(raw)


def _from_text(raw: str) -> int:
    parts = RFC_3339.fullmatch(raw.upper()) if len(raw) <= 64 else None
    if parts is None:
        raise NotATime(f"{raw[:64]!r} is not RFC 3339 with an offset")
    start, second, rest = parts.groups()
    try:
        moment = datetime.fromisoformat(start + ("59" if second == LEAP else second) + rest)
    except ValueError as error:
        raise NotATime(f"{raw!r} is no time: {error}") from error
    return to_ms(moment) + (1000 if second == LEAP else 0)


def settle(at: int, received_at: int, clock_ahead_ms: int) -> EventTime:
    """The event time that is stored.

    Within -20 years and +1 day of receipt `at` stands; ahead of receipt by more than `clock_ahead_ms` it stands as suspect (a
    late one is no fault: devices send what they kept after a lost network). Outside, `at` becomes `received_at`, suspect.
    """
    if at < received_at - OLDEST_MS or at > received_at + NEWEST_MS:
        return EventTime(received_at, Quality.SUSPECT, str(at))
    if at > received_at + clock_ahead_ms:
        return EventTime(at, Quality.SUSPECT, None)
    return EventTime(at, Quality.GOOD, None)


def to_datetime(at: int) -> datetime:
    """A UTC datetime of epoch milliseconds, exact."""
    return datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)


def to_ms(moment: datetime) -> int:
    """Epoch milliseconds of an aware datetime, rounded down."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000
