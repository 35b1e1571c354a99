"""Traccar: positions and events that its server forwards as JSON (README.md beside this file)."""

from collections.abc import Iterator, Sequence
from typing import Any

from config.strict import Field, not_negative, one_of
from data_adapters.feeds.measured import device_fault, float_of
from data_adapters.feeds.names import Names, name_fields
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.places import position
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.times import by_text
from data_adapters.feeds.topics import filled, template_names
from data_adapters.feeds.traccar.events import ATTRIBUTES, NOT_MEASURED, PRESENCE
from domain.event_time import EventTime, NotATime, parse_time, settle
from domain.messages import Memory, Output, Position, Presence, RawMessage, Rejected

KNOT = 1852 / 3600
"""In m/s, exact by definition."""
MAX_ATTRIBUTES = 500
PARTS = {"unique_id": "uniqueId", "name": "name"}
ACCURACY = "accuracy"


class TraccarFeed:
    """Parses what Traccar forwards. It remembers nothing between messages."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(traccar_fields(setup), [])
        self.name, self._catalogue, self._clock_ahead_ms = setup.name, setup.catalogue, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._names = Names(setup.catalogue, self._settings)
        self._device: str = self._settings["device"]
        self._device_parts = template_names(self._device, PARTS)
        self._said = {*self._settings["metrics"], *self._settings["ignore"]}

    def partition_key(self, topic: str) -> str:
        """The feed: a device's events stay in order with its positions. The topic names no device."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Positions, readings and presences; Rejected for what the README lists. Never raises."""
        return self._parsed(message), memory

    def _parsed(self, message: RawMessage) -> list[Output]:
        said = json_object(message.payload)
        if isinstance(said, Rejected):
            return [said]
        event, place = (said.get(key) if isinstance(said.get(key), dict) else None for key in ("event", "position"))
        if event is None and place is None:
            return [Rejected("wrong_type", "Traccar forwards an object with `position` or `event`, and `device`")]
        device_id = self._device_id(said.get("device"))
        if isinstance(device_id, Rejected):
            return [device_id]
        outputs: list[Output] = [] if event is None else self._event(device_id, event, message)
        outputs += [] if place is None else self._position(device_id, place, message)
        return list(dict.fromkeys(outputs))  # an event and its position say the same

    def _device_id(self, device: Any) -> str | Rejected:
        found = device if isinstance(device, dict) else {}
        parts = {ours: one for ours, theirs in PARTS.items() if isinstance(one := found.get(theirs), str) and one}
        missing = [name for name in self._device_parts if name not in parts]
        if missing:
            return Rejected("bad_device", f"`device.{PARTS[missing[0]]}` names the device, and is missing")
        device_id = filled(self._device, parts)
        return device_fault(device_id) or device_id

    def _event(self, device_id: str, event: dict[str, Any], message: RawMessage) -> list[Output]:
        kind = event.get("type")
        if not isinstance(kind, str) or kind not in {*PRESENCE, *ATTRIBUTES, *NOT_MEASURED}:
            return [Rejected("unknown_event", f"nobody knows an event of type {kind!r:.60}")]
        if kind in NOT_MEASURED:
            return [Rejected("not_measured", f"{kind}: {NOT_MEASURED[kind]}")]
        if kind in PRESENCE:
            return [] if message.redelivered else [Presence(device_id, PRESENCE[kind], message.received_at)]
        when = self._when(event, "eventTime", message)
        if isinstance(when, Rejected):
            return [when]
        name, value = ATTRIBUTES[kind]
        own = event.get("attributes")
        raw = own.get(name) if value is None and isinstance(own, dict) else value
        return self._value(device_id, name, raw, when, message)

    def _position(self, device_id: str, said: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        """The place by the time of its fix, if it is a new one; what else the device told by its own."""
        if said.get("outdated") is not True:
            yield from self._fix(device_id, said, message)
        values = said.get("attributes")
        if not isinstance(values, dict) or not values:
            return
        when = self._when(said, "deviceTime", message)
        if len(values) > MAX_ATTRIBUTES:
            yield Rejected("too_large", f"{len(values)} attributes, at most {MAX_ATTRIBUTES}")
        elif isinstance(when, Rejected):
            yield when
        else:
            for name, raw in values.items():
                yield from self._value(device_id, name, raw, when, message)

    def _fix(self, device_id: str, said: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        when = self._when(said, "fixTime", message)
        place = when if isinstance(when, Rejected) else self._place(device_id, said, when, message)
        yield place
        if isinstance(place, Position) and not isinstance(when, Rejected) and said.get(ACCURACY) and ACCURACY in self._settings["metrics"]:
            yield from self._value(device_id, ACCURACY, said[ACCURACY], when, message)

    def _value(self, device_id: str, name: str, raw: object, when: EventTime, message: RawMessage) -> list[Output]:
        """Traccar's `motion`, `power`, `distance` are other things than the metrics of these names: only the settings say what is what."""
        if name not in self._said and self._catalogue.get(name) is not None:
            return [Rejected("unknown_metric", f"the setting `metrics` doesn't say what Traccar's attribute {name[:60]!r} is")]
        return self._names.outputs(device_id, name, raw, None, when, message)

    def _place(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> Output:
        if said.get("valid") is not True and self._settings["invalid"] == "reject":
            return Rejected("no_fix", f"{device_id}: the receiver calls its own fix not valid")
        lon, lat, speed, accuracy = (said.get(name) for name in ("longitude", "latitude", "speed", ACCURACY))
        if float_of(lon) == float_of(lat) == 0:
            return Rejected("no_fix", f"{device_id}: 0, 0 is what a receiver tells that knows no place")
        most, metres = self._settings["max_accuracy_m"], float_of(accuracy)
        if most is not None and metres is not None and metres > most:
            return Rejected("inaccurate", f"{device_id}: true to {metres:g} m, and the setting max_accuracy_m says {most:g}")
        knots = float_of(speed)
        fields = {"lon": lon, "lat": lat, "speed": speed if knots is None else knots * KNOT, "course": said.get("course")}
        return position(device_id, fields, when, message)

    def _when(self, said: dict[str, Any], key: str, message: RawMessage) -> EventTime | Rejected:
        """RFC 3339 text or epoch milliseconds, as Traccar's versions have it."""
        raw = said.get(key)
        if raw is None and self._settings["without_time"] == "server":
            raw = said.get("serverTime")
        if raw is None:
            return Rejected("no_time", f"`{key}` is missing")
        try:
            if isinstance(raw, str):
                return by_text(raw, message, self._clock_ahead_ms)
            return settle(parse_time(raw), message.received_at, self._clock_ahead_ms)
        except NotATime as error:
            return Rejected("bad_time", f"{key}: {error}")


def traccar_fields(setup: FeedSetup) -> dict[str, Field]:
    """The settings."""
    return {
        **name_fields(setup.catalogue),
        "device": (_device, "{unique_id}"),
        "invalid": (one_of("reject", "take"), "reject"),
        "without_time": (one_of("reject", "server"), "reject"),
        "max_accuracy_m": (not_negative, None),
    }


def _device(raw: Any) -> str:
    if not template_names(raw, PARTS):
        raise ValueError(f"text with at least one of {', '.join(f'{{{name}}}' for name in PARTS)}")
    return str(raw)
