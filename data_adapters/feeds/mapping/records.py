"""What one record of a message says, by the settings of its kind."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from data_adapters.feeds.mapping.paths import Item, Path, Scope, Unreadable
from data_adapters.feeds.mapping.settings import Record, Value
from data_adapters.feeds.measured import Measured, device_fault, float_of
from data_adapters.feeds.names import Names
from data_adapters.feeds.places import position
from data_adapters.feeds.times import by_number, by_receipt, by_text
from data_adapters.feeds.topics import filled
from data_adapters.feeds.units import converter
from domain.event_time import EventTime, NotATime
from domain.messages import Output, Presence, RawMessage, Rejected
from domain.metrics import MetricCatalogue

NUMBER = re.compile(r"\s*[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?\s*\Z")
EPOCHS = {"epoch_s": 1.0, "epoch_ms": 1000.0}


class Reader:
    """Reads records of one kind. `units` spells the units that messages bring."""

    def __init__(self, record: Record, catalogue: MetricCatalogue, units: Mapping[str, str], clock_ahead_ms: int) -> None:
        self.record, self._clock_ahead_ms = record, clock_ahead_ms
        self._measured = Measured(catalogue, units)
        self._names = Names(catalogue, record.pairs.names, units) if record.pairs else None
        self._to_m_s = converter(record.position["speed"][1], "m/s") if record.position and record.position["speed"] else None

    def outputs(self, scope: Scope, item: Item, parts: Mapping[str, str], message: RawMessage) -> list[Output]:
        """Everything the record says; one Rejected where it can't be read at all. Never raises."""
        try:
            if self.record.only and not _true(scope.find(self.record.only, item)):
                return []
            device_id = self._device(scope, item, parts)
            presence = list(self._presence(device_id, scope, item, message))
            when = self._when(scope, item, message)
            if isinstance(when, Rejected):
                return presence or [when]
            return [*presence, *self._said(device_id, scope, item, when, message)]
        except Unreadable as error:
            return [Rejected("unreadable", str(error))]
        except NotATime as error:
            return [Rejected("bad_time", str(error))]

    def _said(self, device_id: str, scope: Scope, item: Item, when: EventTime, message: RawMessage) -> Iterator[Output]:
        fault = device_fault(device_id)
        if fault:
            yield fault
            return
        for value in self.record.values:
            raw = scope.find(value.path, item)
            if not self._is_missing(raw):
                yield self._reading(device_id, value, raw, scope, item, when, message)
        yield from self._paired(device_id, scope, item, when, message)
        yield from self._position(device_id, scope, item, when, message)

    def _device(self, scope: Scope, item: Item, parts: Mapping[str, str]) -> str:
        named = {name: scope.find(asked, item) for name, asked in self.record.names.items()}
        for name, found in named.items():
            if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
                raise Unreadable(f"the name `{name}` of the device is neither text nor a whole number")
        return filled(self.record.device, {**parts, **{name: str(found)[:200] for name, found in named.items()}})

    def _when(self, scope: Scope, item: Item, message: RawMessage) -> EventTime | Rejected:
        asked, told, zone = self.record.time
        if asked is None:
            return by_receipt(message, "received")
        raw = scope.find(asked, item)
        if raw is None or raw == "":
            return Rejected("no_time", f"`{asked.text}` gives no time")
        if told in EPOCHS:
            number = float_of(_number(raw, True))
            if number is None:
                raise NotATime(f"{str(raw)[:40]!r} is no number")
            return by_number(number / EPOCHS[told], message, self._clock_ahead_ms)
        if not isinstance(raw, str | int) or isinstance(raw, bool):
            raise NotATime(f"a text was expected, not {type(raw).__name__}")
        return by_text(str(raw)[:65], message, self._clock_ahead_ms, zone, None if told == "iso" else told)

    def _reading(self, device_id: str, value: Value, raw: Any, scope: Scope, item: Item, when: EventTime, message: RawMessage) -> Output:
        unit = scope.find(value.unit, item) if isinstance(value.unit, Path) else value.unit
        if not isinstance(unit, str):
            return Rejected("no_unit", f"{value.metric.name}: the message says no unit")
        plain = _number(raw, value.text) if value.metric.kind == "number" else _worded(value, raw)
        return self._measured.reading(device_id, value.metric.name, plain, unit, when, message)

    def _paired(self, device_id: str, scope: Scope, item: Item, when: EventTime, message: RawMessage) -> Iterator[Output]:
        pairs = self.record.pairs
        if pairs is None or self._names is None:
            return
        for pair in scope.several(pairs.each, item):
            name, raw = scope.find(pairs.name, pair), scope.find(pairs.value, pair)
            unit = scope.find(pairs.unit, pair) if pairs.unit else None
            if not isinstance(name, str):
                yield Rejected("bad_metric", f"`{pairs.name.text}` gives no name")
            elif not self._is_missing(raw):
                yield from self._names.outputs(device_id, name, raw, unit if isinstance(unit, str) else None, when, message)

    def _position(self, device_id: str, scope: Scope, item: Item, when: EventTime, message: RawMessage) -> Iterator[Output]:
        asked = self.record.position
        if asked is None:
            return
        said = {name: scope.find(asked[name], item) for name in ("lon", "lat", "course") if asked[name]}
        if all(self._is_missing(said[name]) for name in ("lon", "lat")):
            return
        speed = scope.find(asked["speed"][0], item) if asked["speed"] else None
        number = float_of(speed)
        said["speed"] = self._to_m_s(number) if self._to_m_s and number is not None else speed
        yield position(device_id, {name: None if self._is_missing(one) else one for name, one in said.items()}, when, message)

    def _presence(self, device_id: str, scope: Scope, item: Item, message: RawMessage) -> Iterator[Output]:
        asked = self.record.presence
        raw = scope.find(asked["path"], item) if asked else None
        if asked is None or self._is_missing(raw):
            return
        online, offline = (_is_one(raw, asked[side]) for side in ("online", "offline"))
        fault = device_fault(device_id)
        if fault or online == offline:
            yield fault or Rejected("wrong_type", f"{str(raw)[:40]!r} is neither online nor offline")
        else:
            yield Presence(device_id, online, message.received_at)

    def _is_missing(self, raw: Any) -> bool:
        return raw is None or _is_one(raw, self.record.missing)


def _true(found: Any) -> bool:
    """As JMESPath has it: false, null and what is empty are not true; 0 is."""
    return not (found is None or found is False or found in ("", [], {}))


def _is_one(raw: Any, of: tuple[Any, ...]) -> bool:
    """JSON's true is not 1."""
    return any(raw == one and isinstance(raw, bool) == isinstance(one, bool) for one in of)


def _number(raw: Any, text: bool) -> Any:
    if text and isinstance(raw, str):
        return float(raw) if NUMBER.match(raw) else raw
    return raw


def _worded(value: Value, raw: Any) -> Any:
    """The bool that the settings' words mean; anything else as it is, for the metric to judge."""
    if not value.is_true and not value.is_false:
        return raw
    said = _is_one(raw, value.is_true), _is_one(raw, value.is_false)
    return said[0] if said[0] != said[1] else raw if isinstance(raw, str) else None
