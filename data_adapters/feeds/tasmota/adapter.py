"""Tasmota: telemetry, state, last will, boot messages and switch positions (README.md beside this file)."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from config.strict import one_of
from data_adapters.feeds.measured import Measured, device_fault
from data_adapters.feeds.names import Names, name_fields
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.tasmota.topic import DEFAULT, FullTopic, Heard
from data_adapters.feeds.tasmota.vocabulary import (
    HOUSEKEEPING,
    INFO,
    NO_MEASUREMENT,
    RELAY,
    SENSORS,
    STATE,
    SWITCHED,
    UNITS,
    WORDS,
    Word,
)
from data_adapters.feeds.times import WITHOUT_TIME, by_receipt, by_text, zone
from domain.event_time import EventTime, NotATime
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

PRESENT = {b"Online": True, b"Offline": False}
OFFSET = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})\Z")
MAX_VALUES = 500
MAX_NESTED = 4
Read = Callable[[str, RawMessage], list[Output]]


class Told(NamedTuple):
    """One value of a message: `sensor` is where it stands ("" for the device itself), `name` its own name there."""

    sensor: str
    name: str
    value: Any

    @property
    def full(self) -> str:
        """As the settings and refusals name it."""
        return f"{self.sensor}.{self.name}" if self.sensor else self.name


class TasmotaFeed:
    """Reads each message by itself. Remembers nothing."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        read = setup.read(
            {
                "full_topic": (FullTopic, FullTopic(DEFAULT)),
                "zone": (zone, None),
                "sensors": (one_of("joined", "apart"), "joined"),
                "without_time": WITHOUT_TIME,
                **name_fields(setup.catalogue, UNITS),
            },
            secrets=(),
        )
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._topic: FullTopic = read["full_topic"]
        self._zone, self._without_time, self._apart = read["zone"], read["without_time"], read["sensors"] == "apart"
        self._told = {*read["metrics"], *read["ignore"]}
        self._bools = {name for name, one in read["metrics"].items() if (known := setup.catalogue.get(one.metric)) and known.kind == "bool"}
        self._names, self._measured = Names(setup.catalogue, read, UNITS), Measured(setup.catalogue, UNITS)
        state, sensor = self._reader(STATE, HOUSEKEEPING), self._reader(SENSORS, NO_MEASUREMENT)
        self._kinds: Mapping[tuple[str, str], Read] = {
            ("tele", "LWT"): self._presence,
            ("tele", "SENSOR"): sensor,
            ("tele", "STATE"): state,
            ("tele", "HASS_STATE"): _nothing,
            ("tele", "INFO1"): self._info,
            ("tele", "INFO2"): self._info,
            ("tele", "INFO3"): self._info,
            ("stat", "RESULT"): self._result,
            ("stat", "STATUS8"): self._reader(SENSORS, NO_MEASUREMENT, "StatusSNS"),
            ("stat", "STATUS10"): self._reader(SENSORS, NO_MEASUREMENT, "StatusSNS"),
            ("stat", "STATUS11"): self._reader(STATE, HOUSEKEEPING, "StatusSTS"),
        }

    def partition_key(self, topic: str) -> str:
        """The device."""
        heard = self._topic.read(topic)
        return heard.device if heard else ""

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Readings and presences; Rejected for what the README lists. Never raises."""
        heard = self._topic.read(message.topic)
        if heard is None:
            return [Rejected("bad_topic", "the topic has not the shape that `full_topic` says")], memory
        fault = device_fault(heard.device)
        return [fault] if fault else self._heard(heard, message), memory

    def _heard(self, heard: Heard, message: RawMessage) -> list[Output]:
        if heard.prefix == "cmnd":
            return [Rejected("command", "what somebody tells a device")]
        if heard.prefix == "stat" and RELAY.match(heard.kind):
            return self._relay(heard, message)
        read = self._kinds.get((heard.prefix, heard.kind))
        return read(heard.device, message) if read else [Rejected("not_handled", f"{heard.prefix}/…/{heard.kind[:60]} measures nothing")]

    def _presence(self, device_id: str, message: RawMessage) -> list[Output]:
        if message.payload not in PRESENT:
            return [Rejected("wrong_type", "`Online` or `Offline` was expected")]
        # It has no time of its own: one delivered again may be older than what is known.
        return [] if message.redelivered else [Presence(device_id, PRESENT[message.payload], message.received_at)]

    def _relay(self, heard: Heard, message: RawMessage) -> list[Output]:
        when = by_receipt(message, self._without_time)
        said = message.payload.decode(errors="replace")
        return [when] if isinstance(when, Rejected) else list(self._value(heard.device, Told("", heard.kind, said), {}, {}, when, message))

    def _result(self, device_id: str, message: RawMessage) -> list[Output]:
        """The answer to a command: switches and lights are positions, all else is none."""
        document = json_object(message.payload)
        if isinstance(document, Rejected):
            return [document]
        known = [Told("", name, value) for name, value in document.items() if RELAY.match(name) or name in STATE]
        when = by_receipt(message, self._without_time)
        if not known or isinstance(when, Rejected):
            return [when if known and isinstance(when, Rejected) else Rejected("not_handled", "the answer to a command that moves nothing")]
        return [output for one in known for output in self._value(device_id, one, STATE, {}, when, message)]

    def _info(self, device_id: str, message: RawMessage) -> list[Output]:
        document = json_object(message.payload)
        if isinstance(document, Rejected):
            return [document]
        inner = next((value for name, value in document.items() if name.startswith("Info") and isinstance(value, dict)), document)
        known = [Told("", name, value) for name, value in inner.items() if name in INFO]
        when = by_receipt(message, self._without_time)
        if not known or isinstance(when, Rejected):
            return [when] if known and isinstance(when, Rejected) else []
        return [output for one in known for output in self._value(device_id, one, INFO, {}, when, message)]

    def _reader(self, words: Mapping[str, Word], passed_over: frozenset[str], within: str = "") -> Read:
        """Reads the sensors or the state, `within` a member of the message."""

        def read(device_id: str, message: RawMessage) -> list[Output]:
            document: Any = json_object(message.payload)
            document = document.get(within) if within and isinstance(document, dict) else document
            if not isinstance(document, dict):
                return [document if isinstance(document, Rejected) else Rejected("wrong_type", f"the message has no object {within}")]
            when = self._when(document.get("Time"), message)
            if isinstance(when, Rejected):
                return [when]
            told = [one for one in _walk("", document, MAX_NESTED) if one.value is not None and one.name not in passed_over]
            told = [one for one in told if one.full not in passed_over]
            if len(told) > MAX_VALUES:
                return [Rejected("too_large", f"{len(told)} values, at most {MAX_VALUES}")]
            return [*self._values(device_id, told, words, document, when, message)]

        return read

    def _when(self, told: Any, message: RawMessage) -> EventTime | Rejected:
        if told is None:
            return by_receipt(message, self._without_time)
        if not isinstance(told, str):
            return Rejected("bad_time", "`Time` is a text")
        if self._zone is None and not OFFSET.search(told[10:]):
            return Rejected("no_zone", "`Time` is the device's local time, and the feed's setting `zone` doesn't say where that is")
        try:
            return by_text(told, message, self._clock_ahead_ms, self._zone)
        except NotATime as error:
            return Rejected("bad_time", str(error))

    def _values(
        self, device_id: str, told: list[Told], words: Mapping[str, Word], document: Mapping[str, Any], when: EventTime, message: RawMessage
    ) -> Iterator[Output]:
        """Two sensors that measure the same are never taken for one."""
        metrics = Counter(word.metric for one in told if not self._is_told(one) and (word := _word(one, words)))
        for one in told:
            word = _word(one, words)
            if not self._apart and word and not self._is_told(one) and metrics[word.metric] > 1:
                yield Rejected("ambiguous", f"{one.full[:80]}: several values of {word.metric}; see the setting `sensors`")
            else:
                yield from self._value(device_id, one, words, document, when, message)

    def _value(
        self, device_id: str, one: Told, words: Mapping[str, Word], document: Mapping[str, Any], when: EventTime, message: RawMessage
    ) -> Iterator[Output]:
        relay, word = RELAY.match(one.name), _word(one, words)
        part = (one.sensor or (one.name if relay and relay[1] else "")) if self._apart else ""
        named = f"{device_id}:{part}" if part else device_id
        said = (document.get(word.told_by) if word.told_by else word.unit) if word else None
        unit = said if isinstance(said, str) else None
        if word is None or self._is_told(one):
            name = one.name if one.name in self._told and one.full not in self._told else one.full
            value = WORDS.get(one.value, one.value) if name in self._bools and isinstance(one.value, str) else one.value
            yield from self._names.outputs(named, name, value, unit, when, message)
        elif relay and relay[1] and not self._apart:
            yield Rejected("ambiguous", f"{one.full[:80]}: one switch of several; see the setting `sensors`")
        else:
            value = WORDS.get(one.value, one.value) if relay and isinstance(one.value, str) else one.value
            yield self._measured.reading(named, word.metric, value, unit, when, message)

    def _is_told(self, one: Told) -> bool:
        return one.full in self._told or one.name in self._told


def _word(one: Told, words: Mapping[str, Word]) -> Word | None:
    if RELAY.match(one.full):
        return SWITCHED
    return words.get(one.full) or (words.get(one.name) if words is SENSORS else None)


def _walk(sensor: str, value: Any, levels: int) -> Iterator[Told]:
    """The single values of nested objects and lists; what is nested deeper than `levels` is one value, for others to refuse."""
    members = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else ()
    for name, inner in members:
        if isinstance(inner, dict | list) and levels > 1:
            yield from _walk(f"{sensor}.{name}" if sensor else str(name), inner, levels - 1)
        else:
            yield Told(sensor, str(name), inner)


def _nothing(_: str, message: RawMessage) -> list[Output]:
    """What repeats STATE and INFO for Home Assistant."""
    document = json_object(message.payload)
    return [document] if isinstance(document, Rejected) else []
