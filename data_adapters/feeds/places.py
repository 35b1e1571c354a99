"""Where a device says it is, checked: degrees of WGS 84 (or of the feed's datum, converted behind it), m/s, degrees from north."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.event_time import EventTime
from domain.messages import Position, RawMessage, Rejected


class Bounds(NamedTuple):
    """What a number of a location must be."""

    low: float
    high: float
    unit: str
    required: bool

    def fault(self, name: str, raw: object) -> Rejected | None:
        """Why `raw` is not taken, or None."""
        if raw is None and not self.required:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            return Rejected("wrong_type", f"`{name}` is a number")
        if not self.low <= raw <= self.high:
            return Rejected("out_of_range", f"`{name}` is {self.low:g} to {self.high:g} {self.unit}")
        return None


LOCATION = {
    "lon": Bounds(-180, 180, "degrees (WGS 84)", True),
    "lat": Bounds(-90, 90, "degrees (WGS 84)", True),
    "speed": Bounds(0, 150, "m/s", False),
    "course": Bounds(0, 360, "degrees", False),
}


def position(device_id: str, said: Mapping[str, Any], when: EventTime, message: RawMessage) -> Position | Rejected:
    """Of what was said under the names of LOCATION."""
    for name, bounds in LOCATION.items():
        fault = bounds.fault(name, said.get(name))
        if fault is not None:
            return fault
    lon, lat, speed, course = (None if said.get(name) is None else float(said[name]) for name in LOCATION)
    assert lon is not None and lat is not None
    return Position(device_id, when.at, lon, lat, speed, course, message.received_at, when.source, message.redelivered)
