"""When an attribute was observed: its own time, else its entity's. Times without an offset are in the feed's zone: UTC, as the Smart Data
Models say (`dateObserved`: ISO 8601, UTC), unless the settings name another.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data_adapters.feeds.ngsi.entities import Attribute
from domain.event_time import EventTime, NotATime, parse_time, settle, to_ms
from domain.messages import RawMessage, Rejected

OBSERVED = ("dateObserved", "dateObservedTo", "observedAt", "TimeInstant", "dateLastValueReported", "dateIssued", "timestamp")
"""The attributes that say when an entity was observed, the first that is there counts."""
START, MODIFIED = "dateObservedFrom", ("dateModified", "modifiedAt")
BETWEEN = "/"
LONGEST = 64


class Span(NamedTuple):
    """When something was observed, epoch ms: `end` is the time of its value, `start` where it covers a while."""

    end: int
    start: int | None = None


def zone(raw: Any) -> ZoneInfo:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError("a time zone such as UTC or Asia/Shanghai") from None


class Times:
    """Reads times. `without_time` says what a value gets that has none: `reject`, or `received`: when its entity was last changed, else
    when it reached us."""

    def __init__(self, assumed: ZoneInfo, without_time: str, clock_ahead_ms: int) -> None:
        self._zone, self._late, self._clock_ahead_ms = assumed, without_time == "received", clock_ahead_ms

    def span(self, told: Iterable[Attribute]) -> Span | Rejected:
        """When the entity was observed."""
        values = {one.name: one.value for one in told}
        try:
            named = next((values[name] for name in OBSERVED if values.get(name) is not None), None)
            if named is None:
                return self._unobserved(values)
            found = self._span(named)
            start = values.get(START)
            return found if found.start is not None or start is None else found._replace(start=self._time(start))
        except NotATime as error:
            return Rejected("bad_time", str(error))

    def _unobserved(self, values: dict[str, Any]) -> Span | Rejected:
        modified = next((values[name] for name in MODIFIED if values.get(name) is not None), None)
        if self._late and modified is not None:
            return self._span(modified)
        return Rejected("no_time", "nobody says when it was observed")

    def when(self, one: Attribute, of_entity: Span | Rejected, message: RawMessage) -> EventTime | Rejected:
        """When this attribute was observed."""
        span = of_entity
        if one.at is not None:
            try:
                span = self._span(one.at)
            except NotATime as error:
                span = Rejected("bad_time", str(error))
        if isinstance(span, Span):
            return settle(span.end, message.received_at, self._clock_ahead_ms)
        if span.reason == "no_time" and self._late:
            return settle(message.received_at, message.received_at, self._clock_ahead_ms)
        return span

    def _span(self, raw: Any) -> Span:
        """A moment, or the interval "a/b", whose value is known at its end."""
        start, between, end = raw.partition(BETWEEN) if isinstance(raw, str) else (raw, "", "")
        return Span(self._time(end), self._time(start)) if between else Span(self._time(start))

    def _time(self, raw: Any) -> int:
        if not isinstance(raw, str) or len(raw) > LONGEST:
            raise NotATime("a time of NGSI is ISO 8601 text")
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            return parse_time(raw)
        if moment.tzinfo is not None:
            return parse_time(raw) if "T" in raw else to_ms(moment)
        try:
            return to_ms(moment.replace(tzinfo=self._zone))
        except OverflowError as error:
            raise NotATime(f"{raw!r} is no time: {error}") from error
