"""What one ingest worker knows of its devices' present: the records of the live picture, newest `at` first in every metric."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain.messages import Position, Presence, Reading
from domain.registry import Device

Record = dict[str, Any]


class LiveState:
    """Device records and vehicle positions, as DESIGN §4 shows them. Values follow `at`, never arrival."""

    def __init__(self) -> None:
        self.devices: dict[str, Record] = {}
        self.vehicles: dict[str, Record] = {}

    def place(self, devices: Mapping[str, Device]) -> None:
        """Take the register as it is now: new devices appear, moved ones change place, those taken out of it disappear."""
        for device_id, device in devices.items():
            record = self.devices.setdefault(device_id, {"online": None, "values": {}})
            record.update(region=device.region, department=device.department, kind=device.kind, interval_s=device.interval_s)
            if device_id in self.vehicles:
                self.vehicles[device_id].update(region=device.region, department=device.department)
        for gone in self.devices.keys() - devices.keys():
            del self.devices[gone]
            self.vehicles.pop(gone, None)

    def part(self, mine: Callable[[str], bool]) -> "LiveState":
        """The same records of those devices that `mine` accepts."""
        some = LiveState()
        some.devices = {device_id: record for device_id, record in self.devices.items() if mine(device_id)}
        some.vehicles = {device_id: record for device_id, record in self.vehicles.items() if mine(device_id)}
        return some

    def apply(
        self, readings: Iterable[Reading], positions: Iterable[Position], presences: Iterable[Presence]
    ) -> tuple[dict[str, Record], dict[str, Record]]:
        """Bring what is newer; returns the changed device records and vehicle records. Unregistered devices have none."""
        changed: dict[str, Record] = {}
        moved: dict[str, Record] = {}
        for reading in readings:
            record = self.devices.get(reading.device_id)
            if record is None:
                continue
            held = record["values"].get(reading.metric)
            if held is None or held[0] <= reading.at:
                shown = reading.text_value if reading.value is None else reading.value
                record["values"][reading.metric] = [reading.at, shown, str(reading.quality)]
                changed[reading.device_id] = record
        for presence in presences:
            record = self.devices.get(presence.device_id)
            if record is not None:
                record["online"] = presence.online
                changed[presence.device_id] = record
        for position in positions:
            record = self.devices.get(position.device_id)
            before = self.vehicles.get(position.device_id)
            if record is not None and (before is None or before["at"] <= position.at):
                moved[position.device_id] = self.vehicles[position.device_id] = _vehicle(position, record)
        return changed, moved


def _vehicle(position: Position, record: Record) -> Record:
    return {
        "region": record["region"],
        "department": record["department"],
        "at": position.at,
        "lon": position.lon,
        "lat": position.lat,
        "speed": position.speed,
        "course": position.course,
    }
