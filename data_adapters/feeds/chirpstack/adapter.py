"""ChirpStack v4: the events of a LoRaWAN network server, over MQTT or HTTP (README.md beside this file)."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from data_adapters.feeds.lorawan.uplinks import Uplinks, best, first_time, lorawan_fields, number_of, position
from data_adapters.feeds.measured import Measured, float_of
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import EventTime
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

EVENT = re.compile(r"(?:.*/)?(\w+)\Z")
DEVICE = re.compile(r".*?application/[^/]+/device/([0-9A-Fa-f]{16})/")
DEV_EUI = re.compile(r"[0-9A-Fa-f]{16}\Z")
NOT_MEASURED = {
    "txack": "tells that a gateway has sent a downlink, nothing that was measured",
    "integration": "is what another integration said of its own",
}
Handler = Callable[[str, dict[str, Any], EventTime, RawMessage], list[Output]]


class ChirpstackFeed:
    """Parses ChirpStack's events in JSON. It remembers nothing between messages."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        settings = setup.read(lorawan_fields(setup), [])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._uplinks, self._measured = Uplinks(setup, settings), Measured(setup.catalogue)
        self._events: dict[str, Handler] = {
            "up": self._up,
            "join": self._join,
            "status": self._status,
            "ack": self._ack,
            "log": self._log,
            "location": self._location,
        }

    def partition_key(self, topic: str) -> str:
        """The DevEUI: what one device says stays in order."""
        match = DEVICE.match(topic)
        return match[1].lower() if match else ""

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Readings, positions and presences; Rejected for what the README lists. Never raises."""
        return self._parsed(message), memory

    def _parsed(self, message: RawMessage) -> list[Output]:
        match = EVENT.match(message.topic)
        event = match[1] if match else ""
        if event in NOT_MEASURED:
            return [Rejected("not_measured", f"{event} {NOT_MEASURED[event]}")]
        if event not in self._events:
            return [Rejected("bad_topic", f"a topic ends on an event ({', '.join(self._events)}), not on {event[:40]!r}")]
        said = json_object(message.payload)
        if isinstance(said, Rejected):
            return [said]
        device_id = _device(said)
        if isinstance(device_id, Rejected):
            return [device_id]
        when = first_time([said.get("time")], message.received_at, self._clock_ahead_ms)
        return [when] if isinstance(when, Rejected) else self._events[event](device_id, said, when, message)

    def _up(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        return self._link(device_id, said, when, message) + self._content(device_id, said, when, message)

    def _content(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        if isinstance(said.get("object"), dict) and said["object"]:
            return self._uplinks.decoded(device_id, said["object"], when, message)
        if not said.get("data"):
            return []
        info = said["deviceInfo"]
        models = [info[key] for key in ("deviceProfileName", "deviceProfileId") if isinstance(info.get(key), str)]
        return self._uplinks.raw(device_id, models, said["data"], said.get("fPort"), when, message)

    def _link(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        heard = best(said.get("rxInfo"), number_of)
        if heard is None:
            return []
        return [
            self._measured.reading(device_id, metric, value, unit, when, message)
            for metric, value, unit in (("signal_strength", heard[0], "dBm"), ("signal_noise", heard[1], "dB"))
            if value is not None
        ]

    def _join(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        return [] if message.redelivered else [Presence(device_id, True, message.received_at)]

    def _status(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        """What JSON leaves out is zero or false, as ChirpStack's messages are defined (protobuf's JSON mapping)."""
        told: list[tuple[str, object, str]] = [
            ("link_margin", said.get("margin", 0), "dB"),
            ("external_power", said.get("externalPowerSource", False), ""),
        ]
        if not (said.get("externalPowerSource") or said.get("batteryLevelUnavailable")):
            told.append(("battery", said.get("batteryLevel", 0), "%"))
        return [self._measured.reading(device_id, metric, value, unit, when, message) for metric, value, unit in told]

    def _ack(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        return [self._measured.reading(device_id, "downlink_acknowledged", said.get("acknowledged", False), "", when, message)]

    def _log(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        words = [str(said.get(key, default)) for key, default in (("level", "INFO"), ("code", "UNKNOWN"), ("description", ""))]
        return [self._measured.reading(device_id, "network_log", " ".join(words).strip(), "", when, message)]

    def _location(self, device_id: str, said: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        place = said.get("location")
        if not isinstance(place, dict) or float_of(place.get("latitude")) is None:
            return [Rejected("wrong_type", "a location has `location` with latitude and longitude")]
        return [position(device_id, place.get("longitude"), place.get("latitude"), when, message)]


def _device(said: dict[str, Any]) -> str | Rejected:
    info = said.get("deviceInfo")
    found = info.get("devEui") if isinstance(info, dict) else None
    if not isinstance(found, str) or not DEV_EUI.match(found):
        return Rejected("bad_device", "`deviceInfo.devEui` is a DevEUI: 16 hexadecimal digits")
    return found.lower()
