"""The Things Stack v3: the messages of its Application Server, over MQTT, webhook or from its storage (README.md beside this file)."""

import re
from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType
from typing import Any

from data_adapters.feeds.lorawan.uplinks import MAX_VALUES, Uplinks, best, first_time, lorawan_fields, number_of, position
from data_adapters.feeds.measured import Measured
from data_adapters.feeds.names import Meaning
from data_adapters.feeds.payloads import json_value
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import EventTime
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

TOPIC = re.compile(r"v3/([^/]+)/devices/([^/]+)/")
MAX_BYTES = 1024 * 1024
MAX_MESSAGES = 1000
TOO_LARGE = Rejected("too_large", f"at most {MAX_BYTES} bytes and {MAX_MESSAGES} messages")
STORED = b'{"result"'
"""How each line begins that the storage integration answers with."""
NORMALIZED = MappingProxyType(
    {
        "air.temperature": Meaning("temperature", "°C"),
        "air.relativeHumidity": Meaning("humidity", "%"),
        "air.pressure": Meaning("air_pressure", "hPa"),
        "air.co2": Meaning("co2", "ppm"),
        "air.lightIntensity": Meaning("illuminance", "lx"),
        "wind.speed": Meaning("wind_speed", "m/s"),
        "wind.direction": Meaning("wind_bearing", "°"),
        "soil.temperature": Meaning("soil_temperature", "°C"),
        "soil.moisture": Meaning("soil_moisture", "%"),
        "water.leak": Meaning("leak"),
        "action.motion.detected": Meaning("motion"),
        "battery": Meaning("battery_voltage", "V"),
    }
)
"""What The Things Stack itself fixes: the names and units of its normalized payload."""
NOT_MEASURED = {
    "downlink_sent": "tells that a downlink left the network",
    "downlink_failed": "tells that a downlink failed",
    "downlink_queued": "tells that a downlink waits",
    "downlink_queue_invalidated": "tells that waiting downlinks must be made anew",
    "service_data": "is what a service behind the network said of its own",
}
Handler = Callable[[str, dict[str, Any], dict[str, Any], RawMessage], list[Output]]


class TtnFeed:
    """Parses The Things Stack's messages; what a message is, its own content says. It remembers nothing between messages."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        settings = setup.read(lorawan_fields(setup), [])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._decoded, self._measured = Uplinks(setup, settings), Measured(setup.catalogue)
        self._normalized = Uplinks(setup, settings, NORMALIZED)
        self._kinds: dict[str, Handler] = {
            "uplink_message": self._uplink,
            "uplink_normalized": self._uplink,
            "join_accept": self._join,
            "location_solved": self._location,
            "downlink_ack": lambda *told: self._answered(True, *told),
            "downlink_nack": lambda *told: self._answered(False, *told),
        }

    def partition_key(self, topic: str) -> str:
        """Application and device: what one device says stays in order."""
        match = TOPIC.match(topic)
        return f"{match[1]}/{match[2]}" if match else ""

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Readings, positions and presences; Rejected for what the README lists. Never raises."""
        return [output for one in _messages(message.payload) for output in self._parsed(one, message)], memory

    def _parsed(self, said: object, message: RawMessage) -> list[Output]:
        if isinstance(said, Rejected):
            return [said]
        if not isinstance(said, dict):
            return [Rejected("wrong_type", "a message is a JSON object")]
        device_id = _device(said.get("end_device_ids"))
        if isinstance(device_id, Rejected):
            return [device_id]
        if said.get("simulated") is True:
            return [Rejected("simulated", "somebody made this message by hand in the network server")]
        for kind, words in NOT_MEASURED.items():
            if kind in said:
                return [Rejected("not_measured", f"{kind} {words}")]
        kind = next((kind for kind in self._kinds if isinstance(said.get(kind), dict)), "")
        if not kind:
            return [Rejected("wrong_type", f"a message has one of {', '.join(self._kinds)}")]
        return self._kinds[kind](device_id, said, said[kind], message)

    def _uplink(self, device_id: str, said: dict[str, Any], uplink: dict[str, Any], message: RawMessage) -> list[Output]:
        when = self._when([uplink.get("received_at"), said.get("received_at")], message)
        if isinstance(when, Rejected):
            return [when]
        return self._link(device_id, uplink, when, message) + self._content(device_id, said, uplink, when, message)

    def _content(self, device_id: str, said: dict[str, Any], uplink: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        normalized = uplink.get("normalized_payload")
        if normalized:
            measurements = normalized if isinstance(normalized, list) else [normalized]
            if len(measurements) > MAX_VALUES:
                return [Rejected("too_large", f"{len(measurements)} measurements, at most {MAX_VALUES}")]
            return [output for one in measurements for output in self._measurement(device_id, one, when, message)]
        if isinstance(uplink.get("decoded_payload"), dict) and uplink["decoded_payload"]:
            return self._decoded.decoded(device_id, uplink["decoded_payload"], when, message)
        if not uplink.get("frm_payload"):
            return []
        return self._decoded.raw(device_id, _models(said, uplink), uplink["frm_payload"], uplink.get("f_port"), when, message)

    def _measurement(self, device_id: str, one: object, when: EventTime, message: RawMessage) -> list[Output]:
        """One object of the normalized payload; it may bring a time of its own."""
        if not isinstance(one, dict):
            return [Rejected("wrong_type", "a normalized payload holds objects")]
        own = self._when([one["time"]], message) if "time" in one else when
        if isinstance(own, Rejected):
            return [own]
        return self._normalized.decoded(device_id, {name: value for name, value in one.items() if name != "time"}, own, message)

    def _link(self, device_id: str, uplink: dict[str, Any], when: EventTime, message: RawMessage) -> list[Output]:
        heard = best(uplink.get("rx_metadata"), number_of)
        if heard is None:
            return []
        return [
            self._measured.reading(device_id, metric, value, unit, when, message)
            for metric, value, unit in (("signal_strength", heard[0], "dBm"), ("signal_noise", heard[1], "dB"))
            if value is not None
        ]

    def _join(self, device_id: str, said: dict[str, Any], _: dict[str, Any], message: RawMessage) -> list[Output]:
        return [] if message.redelivered else [Presence(device_id, True, message.received_at)]

    def _location(self, device_id: str, said: dict[str, Any], solved: dict[str, Any], message: RawMessage) -> list[Output]:
        when = self._when([said.get("received_at")], message)
        if isinstance(when, Rejected):
            return [when]
        place = solved.get("location")
        if not isinstance(place, dict):
            return [Rejected("wrong_type", "`location_solved` has a `location`")]
        return [position(device_id, place.get("longitude"), place.get("latitude"), when, message)]

    def _answered(self, yes: bool, device_id: str, said: dict[str, Any], _: dict[str, Any], message: RawMessage) -> list[Output]:
        when = self._when([said.get("received_at")], message)
        if isinstance(when, Rejected):
            return [when]
        return [self._measured.reading(device_id, "downlink_acknowledged", yes, "", when, message)]

    def _when(self, times: Sequence[object], message: RawMessage) -> EventTime | Rejected:
        return first_time(times, message.received_at, self._clock_ahead_ms)


def _messages(payload: bytes) -> Iterator[object]:
    """The messages of a payload: one; or those that the storage integration answers with, a list or one a line, each in `result`."""
    lines = payload.strip().split(b"\n") if payload.lstrip().startswith(STORED) else [payload]
    if len(payload) > MAX_BYTES or len(lines) > MAX_MESSAGES:
        yield TOO_LARGE
        return
    pieces = lines if all(line.startswith(STORED) for line in lines) else [payload]
    for piece in pieces:
        found = json_value(piece, MAX_BYTES)
        told = found if isinstance(found, list) else [found]
        for one in told if len(told) <= MAX_MESSAGES else [TOO_LARGE]:
            yield one.get("result", one) if isinstance(one, dict) else one


def _device(identifiers: object) -> str | Rejected:
    """The DevEUI; for a device without one, application and device."""
    if isinstance(identifiers, dict):
        eui, device, application = identifiers.get("dev_eui"), identifiers.get("device_id"), identifiers.get("application_ids")
        if isinstance(eui, str) and re.fullmatch(r"[0-9A-Fa-f]{16}", eui):
            return eui.lower()
        named = application.get("application_id") if isinstance(application, dict) else None
        if isinstance(device, str) and isinstance(named, str):
            return f"{named}:{device}"
    return Rejected("bad_device", "`end_device_ids` has a DevEUI, or a device_id with its application_id")


def _models(said: dict[str, Any], uplink: dict[str, Any]) -> list[str]:
    """Under what names a decoder may stand: brand/model, the application, application:device."""
    version, identifiers = uplink.get("version_ids"), said["end_device_ids"]
    named = f"{version.get('brand_id')}/{version.get('model_id')}" if isinstance(version, dict) else None
    application = identifiers.get("application_ids")
    held = application.get("application_id") if isinstance(application, dict) else None
    return [name for name in (named, f"{held}:{identifiers.get('device_id')}", held) if isinstance(name, str)]
