"""When a value was measured, for feeds whose devices tell it in their own way, or don't.

A value without a time is refused, unless the feed's setting `without_time: received` says that its time of receipt will do. Even then
nobody knows when a retained message was said, and one that is delivered again was received later than it might have been: `suspect`.
"""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.strict import Field, one_of
from domain.event_time import EventTime, NotATime, parse_time, settle, to_ms
from domain.messages import Quality, RawMessage, Rejected

WITHOUT_TIME: Field = (one_of("reject", "received"), "reject")
MAX_TEXT = 64
A_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")
MAX_SECONDS = 10**13


def zone(raw: Any) -> ZoneInfo | None:
    """A zone in a setting, null for none. Raises ValueError."""
    if raw is None:
        return None
    try:
        return ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ValueError("a zone such as Asia/Shanghai") from None


def by_receipt(message: RawMessage, without_time: str) -> EventTime | Rejected:
    """The time of a value that brings none."""
    if without_time != "received":
        return Rejected("no_time", "the value has no time, and the feed's setting without_time doesn't say that receipt will do")
    if message.retained:
        return Rejected("no_time", "nobody knows when a retained value without a time was said")
    return EventTime(message.received_at, Quality.SUSPECT if message.redelivered else Quality.GOOD, None)


def by_number(seconds: float, message: RawMessage, clock_ahead_ms: int) -> EventTime:
    """Of seconds since 1970. Raises NotATime."""
    if seconds != seconds or abs(seconds) > MAX_SECONDS:
        raise NotATime(f"{seconds} is no number of seconds")
    return settle(round(seconds * 1000), message.received_at, clock_ahead_ms)


def by_text(text: str, message: RawMessage, clock_ahead_ms: int, local: ZoneInfo | None = None, pattern: str | None = None) -> EventTime:
    """Of a text: RFC 3339 or ISO 8601 (or strptime's `pattern`), in the zone `local` where it has no offset of its own.

    An hour that the clocks of `local` run through twice or never is suspect. Raises NotATime, also where there is no zone to read it in.
    """
    if len(text) > MAX_TEXT:
        raise NotATime(f"{text[:MAX_TEXT]!r}… is no time")
    if pattern is None and not A_MOMENT.match(text):
        raise NotATime(f"{text!r} is no date with a time of day")
    try:
        moment = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        # Seconds 60 and other turns of RFC 3339 that Python's own reader doesn't know.
        return settle(parse_time(text), message.received_at, clock_ahead_ms)
    if moment.tzinfo is None and local is None:
        raise NotATime(f"{text!r} has no offset, and the feed's settings name no zone")
    try:
        twice = moment.tzinfo is None and _is_odd(moment, local)
        when = settle(to_ms(moment.replace(tzinfo=moment.tzinfo or local).astimezone(UTC)), message.received_at, clock_ahead_ms)
    except (OverflowError, ValueError) as error:
        raise NotATime(f"{text!r} is no time: {error}") from None
    return when._replace(quality=Quality.SUSPECT) if twice else when


def _is_odd(moment: datetime, local: ZoneInfo | None) -> bool:
    first, second = (moment.replace(tzinfo=local, fold=fold).utcoffset() for fold in (0, 1))
    return first != second
