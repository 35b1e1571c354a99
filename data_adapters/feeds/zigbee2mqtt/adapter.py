"""Zigbee2MQTT: what devices, groups and the bridge publish below one base topic (README.md beside this file)."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from config.strict import one_of
from data_adapters.feeds.measured import Measured, device_fault, float_of
from data_adapters.feeds.names import Names, name_fields
from data_adapters.feeds.payloads import json_object, json_value
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.times import WITHOUT_TIME, by_number, by_receipt, by_text
from data_adapters.feeds.zigbee2mqtt.bridge import EVENTS, MAX_BYTES, remember_devices, remember_groups
from data_adapters.feeds.zigbee2mqtt.properties import BRIGHTEST, NO_MEASUREMENT, PRESETS, UNITS, VOLTAGES, Known, Preset
from domain.event_time import EventTime, NotATime
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

STATES = {"online": True, "offline": False}
COMMAND = re.compile(r"(?:.+/)?(?:set|get)(?:/.+)?\Z")
BASE = re.compile(r"[^/+#\s]+(?:/[^/+#\s]+)*\Z")
MAX_VALUES = 500
Parsed = tuple[list[Output], Memory]


class Zigbee2MqttFeed:
    """Remembers the devices' definitions, which tell units and words; one memory a base topic."""

    remembers = True

    def __init__(self, setup: FeedSetup) -> None:
        read = setup.read(
            {
                "base": (_base, "zigbee2mqtt"),
                "device": (one_of("friendly_name", "ieee_address"), "friendly_name"),
                "without_time": WITHOUT_TIME,
                **name_fields(setup.catalogue, UNITS),
            },
            secrets=(),
        )
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._base, self._by_address, self._without_time = read["base"], read["device"] == "ieee_address", read["without_time"]
        self._told = {*read["metrics"], *read["ignore"]}
        self._names, self._measured = Names(setup.catalogue, read, UNITS), Measured(setup.catalogue, UNITS)
        self._bridge: dict[str, Callable[[RawMessage, Memory], Parsed]] = {
            "state": self._bridge_state,
            "devices": self._devices,
            "groups": self._groups,
            "event": self._event,
        }

    def partition_key(self, topic: str) -> str:
        """The base topic: a device is understood by what the bridge said before."""
        return str(self._base)

    def parse(self, message: RawMessage, memory: Memory) -> Parsed:
        """Readings and presences; Rejected for what the README lists. Never raises."""
        base, _, name = message.topic.partition(f"{self._base}/")
        if base or not name:
            return [Rejected("bad_topic", f"not below {self._base}/")], memory
        if name.startswith("bridge/"):
            kind = name.removeprefix("bridge/")
            read = self._bridge.get(kind)
            return read(message, memory) if read else ([Rejected("not_handled", f"bridge/{kind[:60]} measures nothing")], memory)
        if COMMAND.match(name) and name not in memory.get("devices", {}):
            return [Rejected("command", "what somebody tells a device")], memory
        device, _, last = name.rpartition("/")
        if last == "availability" and device:
            return self._once([self._presence(self._id(device, memory), message)], message), memory
        return self._state(name, message, memory), memory

    def _bridge_state(self, message: RawMessage, memory: Memory) -> Parsed:
        return self._once([self._presence(self._base, message)], message), memory

    def _devices(self, message: RawMessage, memory: Memory) -> Parsed:
        return _remembered(json_value(message.payload, MAX_BYTES), memory, remember_devices)

    def _groups(self, message: RawMessage, memory: Memory) -> Parsed:
        return _remembered(json_value(message.payload), memory, remember_groups)

    def _event(self, message: RawMessage, memory: Memory) -> Parsed:
        document = json_object(message.payload)
        if isinstance(document, Rejected):
            return [document], memory
        kind, data = document.get("type"), document.get("data")
        if not isinstance(kind, str) or kind not in EVENTS or not isinstance(data, dict):
            return [Rejected("not_handled", f"an event of the type {str(kind)[:60]!r}")], memory
        online, device_id = EVENTS[kind], data.get("ieee_address" if self._by_address else "friendly_name")
        if online is None:
            return [], memory
        if not isinstance(device_id, str):
            return [Rejected("wrong_type", "the event names no device")], memory
        return self._once([device_fault(device_id) or Presence(device_id, online, message.received_at)], message), memory

    def _presence(self, device_id: str | Rejected, message: RawMessage) -> Output:
        if isinstance(device_id, Rejected):
            return device_id
        said = message.payload.decode(errors="replace")
        if said not in STATES:
            document = json_object(message.payload)
            said = str(document.get("state")) if isinstance(document, dict) else ""
        if said not in STATES:
            return Rejected("wrong_type", "`online`, `offline` or an object whose `state` is one of them was expected")
        return device_fault(device_id) or Presence(device_id, STATES[said], message.received_at)

    @staticmethod
    def _once(outputs: list[Output], message: RawMessage) -> list[Output]:
        """Presences have no time of their own: one delivered again may be older than what is known."""
        return [one for one in outputs if not (message.redelivered and isinstance(one, Presence))]

    def _id(self, name: str, memory: Memory) -> str | Rejected:
        """The device's id, by its friendly name or its address; a group's is its name."""
        if not self._by_address or name in memory.get("groups", ()):
            return name
        known = memory.get("devices", {}).get(name)
        return known[0] if known else Rejected("unknown_device", f"bridge/devices has told no address of {name[:60]!r} yet")

    def _state(self, name: str, message: RawMessage, memory: Memory) -> list[Output]:
        device_id, document = self._id(name, memory), json_object(message.payload)
        if isinstance(device_id, Rejected) or isinstance(document, Rejected):
            return [next(one for one in (document, device_id) if isinstance(one, Rejected))]
        fault = device_fault(device_id)
        if fault or len(document) > MAX_VALUES:
            return [fault or Rejected("too_large", f"{len(document)} properties, at most {MAX_VALUES}")]
        when = self._when(document.get("last_seen"), message)
        if isinstance(when, Rejected):
            return [when]
        device = memory.get("devices", {}).get(name)
        known = memory["definitions"][device[1]] if device else {}
        return [
            output
            for key, raw in document.items()
            if raw is not None
            for output in self._outputs(device_id, key, raw, Known(*known[key]) if key in known else None, when, message)
        ]

    def _when(self, told: Any, message: RawMessage) -> EventTime | Rejected:
        if told is None or told == "":
            return by_receipt(message, self._without_time)
        number = float_of(told)
        try:
            if number is not None:
                return by_number(number / 1000, message, self._clock_ahead_ms)
            return by_text(str(told), message, self._clock_ahead_ms)
        except NotATime as error:
            return Rejected("bad_time", f"last_seen: {error}")

    def _outputs(self, device_id: str, key: str, raw: Any, known: Known | None, when: EventTime, message: RawMessage) -> Iterator[Output]:
        """What becomes of one property: by the settings, by the table of presets, or refused by name."""
        said, unit = _meant(key, raw, known), known.unit if known else None
        preset = None if key in self._told else _preset(known.name if known else key, unit)
        if preset is not None:
            part = f"{device_id}:{known.endpoint}" if known and known.endpoint else device_id
            scaled, spoken = _scaled(preset, said, unit or preset.unit, known)
            yield self._measured.reading(part, preset.metric, scaled, spoken, when, message)
        elif key in self._told or not (key in NO_MEASUREMENT or (known and known.config)):
            yield from self._names.outputs(device_id, key, said, unit, when, message)


def _remembered(document: Any, memory: Memory, remember: Callable[[object, Memory], Memory | Rejected]) -> Parsed:
    after = document if isinstance(document, Rejected) else remember(document, memory)
    return ([after], memory) if isinstance(after, Rejected) else ([], after)


def _preset(name: str, unit: str | None) -> Preset | None:
    if name == "voltage":
        return Preset(VOLTAGES[unit], unit) if unit in VOLTAGES else Preset("supply_voltage", None)
    return PRESETS.get(name)


def _meant(key: str, raw: Any, known: Known | None) -> Any:
    """True and false for the words that the definition has for them; without one, for those of `state`."""
    words = (known.on, known.off) if known else ("ON", "OFF") if key == "state" else (None, None)
    for word, meant in zip(words, (True, False), strict=True):
        if type(raw) is type(word) and raw == word:
            return meant
    return raw


def _scaled(preset: Preset, raw: Any, unit: str | None, known: Known | None) -> tuple[Any, str | None]:
    """Brightness is told from 0 to what the definition calls the most."""
    number = float_of(raw)
    if preset.metric != "brightness" or unit is not None or number is None:
        return raw, unit
    return number * 100 / (known.most if known and known.most else BRIGHTEST), "%"


def _base(raw: Any) -> str:
    if not isinstance(raw, str) or not BASE.match(raw):
        raise ValueError("a base topic, such as zigbee2mqtt")
    return raw
