"""GTFS Realtime: where the vehicles of public transport are, and how full (README.md beside this file)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config.strict import Field, one_of
from data_adapters.feeds.gtfs_realtime.envelope import feed_entity, feed_header, feed_message, vehicle_position
from data_adapters.feeds.gtfs_realtime.polling import POLL_FIELDS
from data_adapters.feeds.lists import SECRET
from data_adapters.feeds.measured import Measured, device_fault
from data_adapters.feeds.places import position
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.times import by_number
from data_adapters.feeds.topics import filled, template_names
from domain.event_time import EventTime, NotATime
from domain.messages import Memory, Output, RawMessage, Rejected

VERSIONS = ("2.0", "1.0", "2", "1")
DIFFERENTIAL = 1
NOT_HANDLED = {
    "trip_update": "trip updates: when a vehicle will be somewhere, nothing that was measured",
    "alert": "alerts: notices to passengers, nothing that was measured",
    "shape": "shapes: part of the timetable",
    "stop": "stops: part of the timetable",
    "trip_modifications": "trip modifications: part of the timetable",
}
NO_DATA = "NO_DATA_AVAILABLE"
CONGESTED = {"RUNNING_SMOOTHLY": False, "STOP_AND_GO": True, "CONGESTION": True, "SEVERE_CONGESTION": True}
"""CongestionLevel -> the metric `congested`. UNKNOWN_CONGESTION_LEVEL says nothing."""
NAMES = ("vehicle", "label", "plate", "entity")


class GtfsRealtimeFeed:
    """Parses feed messages. It remembers nothing between messages: each is the whole of what its producer knows."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(gtfs_fields(), [SECRET])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._measured = Measured(setup.catalogue)
        self._device: str = self._settings["device"]
        self._device_parts = template_names(self._device, NAMES)

    def partition_key(self, topic: str) -> str:
        """The topic: messages of one source stay in order. It names no vehicle."""
        return topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Positions and readings; Rejected for what the README lists. Never raises."""
        return self._parsed(message), memory

    def _parsed(self, message: RawMessage) -> list[Output]:
        found = feed_message(message.payload)
        if isinstance(found, Rejected):
            return [found]
        header = self._header(found.header)
        if isinstance(header, Rejected):
            return [header]
        outputs: list[Output] = []
        others: Counter[str] = Counter()
        for raw in found.entity:
            entity = feed_entity(raw)
            if isinstance(entity, Rejected):
                outputs.append(entity)
            elif not entity.is_deleted:
                others.update(kind for kind in NOT_HANDLED if entity.HasField(kind))
                outputs += self._entity(entity, header.timestamp, message)
        return outputs + [Rejected("not_handled", f"{number} {NOT_HANDLED[kind]}") for kind, number in others.items()]

    def _header(self, raw: bytes) -> Any | Rejected:
        header = feed_header(raw)
        if isinstance(header, Rejected):
            return header
        if header.gtfs_realtime_version not in VERSIONS:
            return Rejected("bad_version", f"GTFS Realtime is read in version 1.0 and 2.0, not {header.gtfs_realtime_version!r:.40}")
        if header.incrementality == DIFFERENTIAL and self._settings["differential"] == "reject":
            return Rejected("not_handled", "DIFFERENTIAL: what that means is not specified; the setting `differential` says to take it")
        return header

    def _entity(self, entity: Any, published: int, message: RawMessage) -> list[Output]:
        if not entity.HasField("vehicle"):
            told = any(entity.HasField(kind) for kind in NOT_HANDLED)
            return [] if told else [Rejected("nothing_measured", f"the entity {_text(entity.id)[:80]!r} tells nothing")]
        vehicle = vehicle_position(entity.vehicle)
        if isinstance(vehicle, Rejected):
            return [vehicle]
        device_id = self._device_id(vehicle.vehicle, entity)
        if isinstance(device_id, Rejected):
            return [device_id]
        when = self._when(vehicle.timestamp, published, message)
        if isinstance(when, Rejected):
            return [when._replace(detail=f"{device_id}: {when.detail}")]
        outputs: list[Output] = [_place(device_id, vehicle.position, when, message)] if vehicle.HasField("position") else []
        outputs += [self._measured.reading(device_id, metric, raw, unit, when, message) for metric, raw, unit in _values(vehicle)]
        return outputs or [Rejected("nothing_measured", f"{device_id} has neither a position nor a value")]

    def _device_id(self, told: Any, entity: Any) -> str | Rejected:
        """By the setting `device`. A text that is no UTF-8 comes as bytes."""
        parts = {"vehicle": told.id, "label": told.label, "plate": told.license_plate, "entity": _text(entity.id)}
        missing = [name for name in self._device_parts if not parts[name] or isinstance(parts[name], bytes)]
        if missing:
            return Rejected("bad_device", f"the entity {_text(entity.id)[:80]!r} doesn't tell its vehicle: {missing[0]}")
        device_id = filled(self._device, parts)
        return device_fault(device_id) or device_id

    def _when(self, measured: int, published: int, message: RawMessage) -> EventTime | Rejected:
        """POSIX seconds; 0 is a time that was never set."""
        stamp = measured or (published if self._settings["without_time"] == "header" else 0)
        if not stamp:
            return Rejected("no_time", "nobody says when the vehicle was there")
        try:
            return by_number(stamp, message, self._clock_ahead_ms)
        except NotATime as error:
            return Rejected("bad_time", str(error))


def gtfs_fields() -> dict[str, Field]:
    """The settings, those of the poller included."""
    return {
        **POLL_FIELDS,
        "device": (_device, "{vehicle}"),
        "differential": (one_of("reject", "take"), "reject"),
        "without_time": (one_of("header", "reject"), "header"),
    }


def _device(raw: Any) -> str:
    if not template_names(raw, NAMES):
        raise ValueError(f"text with at least one of {', '.join(f'{{{name}}}' for name in NAMES)}")
    return str(raw)


def _place(device_id: str, told: Any, when: EventTime, message: RawMessage) -> Output:
    if told.latitude == told.longitude == 0:
        return Rejected("no_fix", f"{device_id}: 0, 0 is what a receiver tells that knows no place")
    fields: Mapping[str, str] = {"lon": "longitude", "lat": "latitude", "speed": "speed", "course": "bearing"}
    return position(device_id, {ours: _number(told, theirs) for ours, theirs in fields.items()}, when, message)


def _number(told: Any, field: str) -> float | None:
    """To 7 decimals (a centimetre): a float of 32 bits has no more."""
    return round(getattr(told, field), 7) if told.HasField(field) else None


def _values(vehicle: Any) -> Iterator[tuple[str, object, str]]:
    """Metric, value, unit."""
    if vehicle.HasField("occupancy_percentage"):
        yield "passenger_load", vehicle.occupancy_percentage, "%"
    if vehicle.HasField("occupancy_status"):
        status = vehicle.OccupancyStatus.Name(vehicle.occupancy_status)
        if status != NO_DATA:
            yield "occupancy_status", status, ""
    if vehicle.HasField("congestion_level"):
        level = vehicle.CongestionLevel.Name(vehicle.congestion_level)
        if level in CONGESTED:
            yield "congested", CONGESTED[level], ""
    if vehicle.position.HasField("odometer"):
        yield "odometer", vehicle.position.odometer, "m"


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ""
