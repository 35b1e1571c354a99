"""What the demo city says, and when: native topics (DESIGN: city/v1/devices/…), made from the demo pack. No network here."""

import heapq
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.cameras import is_on
from data_adapters.demo.chance import share
from data_adapters.demo.day import Sensor, values
from data_adapters.demo.troubles import silent, troubled
from data_adapters.demo.vehicles import Point, Vehicle, ignition, position

DAY_MS = 86_400_000
VEHICLE_MS = 5_000
IGNITION_MS = 60_000
"""How often a vehicle says whether its engine is on."""
STOPS = 12
CATCH_UP_MS = 10 * 60_000
TROUBLE_SLOT_MS = 5_000
"""Troubles come and go in steps of this."""
HISTORY_OF_CITY = ("water_level", "rain_gauge", "air_quality", "traffic_flow")
"""Kinds whose past day is told as well, so that trends have a past."""
HISTORY_DEVICES = {"traffic_flow": 10}
HISTORY_DEVICES_ELSE = 33
HISTORY_STEP = 2
"""Every second report of the past is told: within the bounds of any no-data rule."""


class Message(NamedTuple):
    """One publication. `body` is JSON-able, or text or bytes as they stand."""

    topic: str
    body: Mapping[str, Any] | str | bytes
    retain: bool = False

    @property
    def payload(self) -> bytes:
        """As it is sent."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))).encode()


class Play:
    """The demo's devices and when each of them speaks next; those of other systems (demo/platforms) are left to them."""

    def __init__(self, pack: Pack) -> None:
        devices = [found.device for found in pack.devices if "platform" not in found.attributes]
        placed = [Sensor(d.device_id, d.kind, d.lon, d.lat, d.interval_s) for d in devices if d.lon is not None and d.lat is not None]
        self.sensors = {sensor.device_id: sensor for sensor in placed if sensor.interval_s}
        self.cameras = [sensor.device_id for sensor in placed if sensor.kind == "camera"]
        self.vehicles = {d.device_id: Vehicle(d.device_id, stops_of(d.device_id, d.region, pack)) for d in devices if d.kind == "vehicle"}
        self._by_kind: dict[str, list[str]] = {}
        for sensor in self.sensors.values():
            self._by_kind.setdefault(sensor.kind, []).append(sensor.device_id)
        self._ids = sorted(self.sensors)
        self._next: list[tuple[int, str]] = []
        self._cameras_said: dict[str, str] = {}
        self._silent_of: dict[int, frozenset[str]] = {}
        self._last_words: set[str] = set()
        self._troubled: tuple[int, dict[str, tuple[str, float]]] = (-1, {})

    def start(self, since: int) -> None:
        """Every device speaks next at its own first moment after `since`."""
        self._next = [(self._following(device_id, since), device_id) for device_id in (*self.sensors, *self.vehicles)]
        heapq.heapify(self._next)

    def due(self, now: int, most: int) -> list[Message]:
        """At most `most` of the messages due up to `now`, oldest first.

        After an outage devices make up for what they missed, as real ones with a memory do, but only for CATCH_UP_MS.
        """
        messages: list[Message] = []
        while len(messages) < most and self._next and self._next[0][0] <= now:
            at, device_id = self._next[0]
            if at < now - CATCH_UP_MS:
                heapq.heapreplace(self._next, (self._following(device_id, now - CATCH_UP_MS), device_id))
                continue
            heapq.heapreplace(self._next, (at + self._step(device_id), device_id))
            if not self._is_silent(device_id, at):
                messages.append(self._message(device_id, at))
                messages += self._engine(device_id, at)
        return messages

    def said_until(self) -> int | None:
        """All that was due up to this moment has been given out; None before `start`."""
        return self._next[0][0] - 1 if self._next else None

    def forget_cameras(self) -> None:
        """Say the status of every camera again: the broker may have lost it."""
        self._cameras_said = {}

    def camera_changes(self, now: int) -> list[Message]:
        """The status of each camera that is another one than was said last; at first all of them."""
        messages = []
        for camera in self.cameras:
            word = "online" if is_on(camera, now) else "offline"
            if self._cameras_said.get(camera) != word:
                self._cameras_said[camera] = word
                messages.append(Message(f"city/v1/devices/{camera}/status", word, retain=True))
        return messages

    def history(self, now: int) -> Iterator[Message]:
        """The last 24 hours of some devices in coarse steps, device by device, newest first: whenever this is cut off,
        what has been told joins the present without a gap."""
        for kind in HISTORY_OF_CITY:
            ids = self._by_kind.get(kind, [])
            many = HISTORY_DEVICES.get(kind, HISTORY_DEVICES_ELSE)
            for device_id in ids[:: max(1, len(ids) // many)][:many]:
                step = HISTORY_STEP * self._step(device_id)
                latest = self._following(device_id, now) - self._step(device_id)
                for at in range(latest, now - DAY_MS, -step):
                    yield self._message(device_id, at)

    def _is_silent(self, device_id: str, at: int) -> bool:
        """The silent ones of a day speak once more, so that one sees how old their word is."""
        day = at // DAY_MS
        if day not in self._silent_of:
            self._silent_of, self._last_words = {day: silent(self._ids, day)}, set()
        if device_id not in self._silent_of[day]:
            return False
        spoken = device_id in self._last_words
        self._last_words.add(device_id)
        return spoken

    def _message(self, device_id: str, at: int) -> Message:
        if device_id in self.vehicles:
            place = position(self.vehicles[device_id], at)
            return Message(f"city/v1/devices/{device_id}/location", {"at": at, **place._asdict()})
        trouble = self._troubles(at // TROUBLE_SLOT_MS).get(device_id)
        return Message(f"city/v1/devices/{device_id}/telemetry", {"at": at, "values": values(self.sensors[device_id], at, trouble)})

    def _engine(self, device_id: str, at: int) -> list[Message]:
        if device_id not in self.vehicles or at // IGNITION_MS == (at - VEHICLE_MS) // IGNITION_MS:
            return []
        values = {"ignition": ignition(self.vehicles[device_id], at)}
        return [Message(f"city/v1/devices/{device_id}/telemetry", {"at": at, "values": values})]

    def _troubles(self, slot: int) -> dict[str, tuple[str, float]]:
        if self._troubled[0] != slot:
            self._troubled = (slot, troubled(self._by_kind, slot * TROUBLE_SLOT_MS))
        return self._troubled[1]

    def _step(self, device_id: str) -> int:
        sensor = self.sensors.get(device_id)
        return int(1000 * (sensor.interval_s or 0)) if sensor else VEHICLE_MS

    def _following(self, device_id: str, now: int) -> int:
        """The first moment after `now` at which the device speaks: devices of a kind don't speak all at once."""
        step = self._step(device_id)
        phase = int(share(device_id, "phase") * step)
        return (now - phase) // step * step + step + phase


def stops_of(device_id: str, region: str, pack: Pack) -> tuple[Point, ...]:
    """Some places of the vehicle's own region, for it to drive between."""
    here = [found.device for found in pack.devices if found.device.region == region]
    near: list[Point] = [(device.lon, device.lat) for device in here if device.lon is not None and device.lat is not None]
    return tuple(sorted(near, key=lambda point: share(device_id, point))[:STOPS])
