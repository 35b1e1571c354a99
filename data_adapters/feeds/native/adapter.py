"""CityDeck's own MQTT topics: `city/v1/devices/{device_id}/telemetry|status|location` (README.md beside this file)."""

import re
import sys
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.places import position
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import EventTime, NotATime, parse_time, settle
from domain.messages import Memory, Output, Presence, RawMessage, Reading, Rejected

TOPIC = re.compile(r"city/v1/devices/([A-Za-z0-9_-]{1,128})/(telemetry|status|location)\Z")
METRIC = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}\Z")
MAX_BYTES = 256 * 1024
MAX_VALUES = 1000
MAX_TEXT = 4096
MAX_DEPTH = 8
MOST = sys.float_info.max
NUMBERS = (float, int)
"""Of exactly these types: True is an int too, and no number."""


class NativeFeed:
    """Parses the native topics. Stateless: memory passes through untouched."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        setup.read({})
        self.name = setup.name
        self.topics: Sequence[str] = setup.topics
        catalogue = self._catalogue = setup.catalogue
        self._clock_ahead_ms = setup.clock_ahead_ms
        self._plain = {m.name: (_or(m.low, -MOST), _or(m.high, MOST)) for m in catalogue if m.kind == "number"}
        self._kinds: dict[str, Callable[[str, RawMessage], list[Output]]] = {
            "telemetry": self._telemetry,
            "status": self._status,
            "location": self._location,
        }

    def partition_key(self, topic: str) -> str:
        """The device id: what one device says stays in order."""
        match = TOPIC.match(topic)
        return match[1] if match else ""

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Readings, a position or a presence; Rejected for what the README lists. Never raises."""
        match = TOPIC.match(message.topic)
        if match is None:
            return [Rejected("bad_topic", "device ids are 1 to 128 of A-Z a-z 0-9 _ -")], memory
        if len(message.payload) > MAX_BYTES:
            return [Rejected("too_large", f"{len(message.payload)} bytes, at most {MAX_BYTES}")], memory
        return self._kinds[match[2]](match[1], message), memory

    def _telemetry(self, device_id: str, message: RawMessage) -> list[Output]:
        document = json_object(message.payload, MAX_BYTES, MAX_DEPTH)
        if isinstance(document, Rejected):
            return [document]
        when = self._when(document, message.received_at)
        if isinstance(when, Rejected):
            return [when]
        values = document.get("values")
        if not isinstance(values, dict) or not values or len(values) > MAX_VALUES:
            return [Rejected("wrong_type", f"`values` is an object of 1 to {MAX_VALUES} metrics")]
        return self._readings(device_id, values, when, message)

    def _readings(self, device_id: str, values: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        """A reading or a refusal for each value. The usual one, a number in the range of a known metric, is made without a call."""
        plain, (at, quality, source), (_, _, received_at, _, redelivered) = self._plain, when, message
        made: list[Output] = []
        for metric, raw in values.items():
            bounds = plain.get(metric)
            if bounds is not None and type(raw) in NUMBERS and bounds[0] <= raw <= bounds[1]:
                made.append(Reading(device_id, metric, at, float(raw), None, quality, received_at, source, redelivered))
            else:
                made.append(self._other_reading(device_id, metric, raw, when, message))
        return made

    def _other_reading(self, device_id: str, metric: str, raw: object, when: EventTime, message: RawMessage) -> Output:
        """What is not a number in the range of a known metric: bools, text, unknown metrics, and all that is refused."""
        if not METRIC.match(metric):
            return Rejected("bad_metric", f"{metric[:80]!r} is no metric name")
        if isinstance(raw, str) and "\x00" in raw:
            return Rejected("nul", f"{metric}: the text holds a NUL character")
        value, text = _value(raw)
        if value is None and text is None:
            return Rejected("wrong_type", f"{metric}: a value is a number, true, false or text of at most {MAX_TEXT} characters")
        known = self._catalogue.get(metric)
        if known is not None:
            fault = known.fault(raw)
            if fault is not None:
                return Rejected(fault.reason, fault.detail)
        return Reading(device_id, metric, when.at, value, text, when.quality, message.received_at, when.source, message.redelivered)

    def _status(self, device_id: str, message: RawMessage) -> list[Output]:
        if message.payload in (b"online", b"offline"):
            # A status has no time of its own. One that is delivered again may be older than what is known: it is passed over, for
            # the broker gives the retained, newest one at every subscription.
            return [] if message.redelivered else [Presence(device_id, message.payload == b"online", message.received_at)]
        return [Rejected("wrong_type", "a status is `online` or `offline`")]

    def _location(self, device_id: str, message: RawMessage) -> list[Output]:
        document = json_object(message.payload, MAX_BYTES, MAX_DEPTH)
        if isinstance(document, Rejected):
            return [document]
        when = self._when(document, message.received_at)
        if isinstance(when, Rejected):
            return [when]
        return [position(device_id, document, when, message)]

    def _when(self, document: dict[str, Any], received_at: int) -> EventTime | Rejected:
        if "at" not in document:
            return Rejected("no_time", "`at` is missing")
        try:
            return settle(parse_time(document["at"]), received_at, self._clock_ahead_ms)
        except NotATime as error:
            return Rejected("bad_time", str(error))


def _or(bound: float | None, otherwise: float) -> float:
    return otherwise if bound is None else bound


def _value(raw: object) -> tuple[float | None, str | None]:
    if isinstance(raw, bool):
        return (1.0 if raw else 0.0), None
    if isinstance(raw, int | float):
        try:
            number = float(raw)
        except OverflowError:
            return None, None
        return (number, None) if isfinite(number) else (None, None)
    if isinstance(raw, str) and len(raw) <= MAX_TEXT and _encodable(raw):
        return None, raw
    return None, None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
