"""Decoders of device models: what the bytes of an uplink mean, where the network server did not decode them itself.

A decoder takes the bytes and the port (FPort) and returns what was measured, by the names of config/metrics.yaml where it has them, with
units. It raises Undecodable (or IndexError, struct.error) for bytes that are none of its model's. To add one: a function here, a line in
DECODERS, and under `decoders` in config/feeds.yaml the device profile that it serves.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Undecodable(ValueError):
    """These bytes are no message of this model; the text says why."""


class Field(NamedTuple):
    """A value under its name. `unit` as data_adapters/feeds/units.py spells it; "" for none, None where nobody knows."""

    name: str
    value: object
    unit: str | None = None


class Place(NamedTuple):
    """Where the device says it is: WGS 84 degrees."""

    lon: float
    lat: float


Decoded = list[Field | Place]
Decoder = Callable[[bytes, int], Decoded]


class LppType(NamedTuple):
    """A type of Cayenne LPP: its name, the struct format of its values, the resolution, the names and the unit of what it holds."""

    name: str
    layout: str
    step: float
    unit: str
    axes: tuple[str, ...] = ("",)


LPP: dict[int, LppType] = {
    0: LppType("digital_in", "B", 1, ""),
    1: LppType("digital_out", "B", 1, ""),
    2: LppType("analog_in", "h", 0.01, ""),
    3: LppType("analog_out", "h", 0.01, ""),
    101: LppType("illuminance", "H", 1, "lx"),
    102: LppType("presence", "B", 1, ""),
    103: LppType("temperature", "h", 0.1, "°C"),
    104: LppType("humidity", "B", 0.5, "%"),
    113: LppType("acceleration", "hhh", 0.001, "g_0", ("_x", "_y", "_z")),
    115: LppType("air_pressure", "H", 0.1, "hPa"),
    134: LppType("rotation", "hhh", 0.01, "degree/second", ("_x", "_y", "_z")),
}
"""Cayenne Low Power Payload, myDevices: type -> what follows it. 136 is a place, in three bytes a value."""
LPP_PLACE = 136


def cayenne_lpp(data: bytes, port: int) -> Decoded:
    """Cayenne LPP: channel, type, value, and again. A type that comes once has its plain name, else the channel too: temperature_3."""
    parts = list(_lpp_parts(data))
    often = Counter(kind.name for _, kind, _ in parts if isinstance(kind, LppType))
    found: Decoded = []
    for channel, kind, values in parts:
        if isinstance(kind, LppType):
            tail = f"_{channel}" if often[kind.name] > 1 else ""
            told = zip(kind.axes, values, strict=True)
            found += [Field(kind.name + tail + axis, round(value * kind.step, 6), kind.unit) for axis, value in told]
        else:
            found.append(kind)
    return found


def _lpp_parts(data: bytes) -> Iterator[tuple[int, LppType | Place, tuple[int, ...]]]:
    at = 0
    while at < len(data):
        channel, number = data[at], data[at + 1]
        at += 2
        if number == LPP_PLACE:
            lat, lon = (_signed(data[at + start : at + start + 3]) / 10_000 for start in (0, 3))
            yield channel, Place(lon, lat), ()
            at += 9
            continue
        kind = LPP.get(number)
        if kind is None:
            raise Undecodable(f"Cayenne LPP has no type {number}")
        size = struct.calcsize(">" + kind.layout)
        yield channel, kind, struct.unpack(">" + kind.layout, data[at : at + size])
        at += size


def dragino_lht65(data: bytes, port: int) -> Decoded:
    """Dragino LHT65 (user manual, uplink payload, FPort 2): battery, temperature, humidity, and what its external sensor says."""
    if port != 2 or len(data) != 11:
        raise Undecodable("an LHT65 sends 11 bytes on port 2")
    battery, temperature, humidity, external, second = struct.unpack(">HhHBh", data[:9])
    found: Decoded = [
        Field("battery_voltage", (battery & 0x3FFF) / 1000, "V"),
        Field("temperature", temperature / 100, "°C"),
        Field("humidity", humidity / 10, "%"),
    ]
    return [*found, Field("external_temperature", second / 100, "°C")] if external & 0x7F == 1 and second != 0x7FFF else found


EM300: dict[tuple[int, int], tuple[str, str, float, str]] = {
    (0x01, 0x75): ("battery", "<B", 1, "%"),
    (0x03, 0x67): ("temperature", "<h", 0.1, "°C"),
    (0x04, 0x68): ("humidity", "<B", 0.5, "%"),
    (0x05, 0x00): ("leak", "<B", 1, ""),
    (0x06, 0x00): ("open", "<B", 1, ""),
}
"""Channel and type -> metric, layout, step, unit."""
FLAGS = ("leak", "open")


def milesight_em300(data: bytes, port: int) -> Decoded:
    """Milesight EM300 (user guide, 5: channel, type, little-endian value): battery, temperature, humidity, leak, open."""
    found: Decoded = []
    at = 0
    while at < len(data):
        described = EM300.get((data[at], data[at + 1]))
        if described is None:
            raise Undecodable(f"an EM300 has no channel {data[at]:#04x} of type {data[at + 1]:#04x}")
        name, layout, step, unit = described
        size = struct.calcsize(layout)
        (value,) = struct.unpack(layout, data[at + 2 : at + 2 + size])
        found.append(Field(name, bool(value) if name in FLAGS else round(value * step, 6), unit))
        at += 2 + size
    return found


def _signed(raw: bytes) -> int:
    if len(raw) != 3:
        raise Undecodable("the message ends within a value")
    return int.from_bytes(raw, "big", signed=True)


DECODERS: dict[str, Decoder] = {
    "cayenne_lpp": cayenne_lpp,
    "dragino_lht65": dragino_lht65,
    "milesight_em300": milesight_em300,
}
