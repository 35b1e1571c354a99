"""A Sparkplug B payload as plain values: who is told, when, and what; or why that can't be read. Never raises."""

from collections.abc import Callable
from typing import Any, NamedTuple

from google.protobuf.message import DecodeError

from data_adapters.feeds.sparkplug.schema import DataType, Payload
from domain.messages import Rejected

MAX_BYTES = 1024 * 1024
MAX_METRICS = 5000
MAX_NAME = 256
GOOD_QUALITY = 192
"""The property `Quality` of a metric: 0 is bad, 192 good, 500 stale (Sparkplug 3.0, 6.4.11)."""
REBIRTH = "Node Control/Rebirth"
TYPE_NAMES: dict[int, str] = {one.value: one.name.lower() for one in DataType}

Value = float | bool | str


class Told(NamedTuple):
    """One metric of a payload. `name` is empty where only the alias is told; `datatype` is 0 where it is left to the birth; `said` is the
    protobuf message, whose value is read once the type is known."""

    name: str
    alias: int | None
    at: int | None
    datatype: int
    is_historical: bool
    is_transient: bool
    is_null: bool
    is_good: bool
    unit: str | None
    said: Any


class Message(NamedTuple):
    """A payload: when it was sent (ms), its sequence number, its metrics; what can't be read of them is Rejected."""

    at: int | None
    seq: int | None
    metrics: list[Told | Rejected]

    def bd_seq(self) -> int | None:
        """The number of the connection that this birth or death belongs to, 0 to 255; None when it isn't told."""
        for one in self.metrics:
            if isinstance(one, Told) and one.name == "bdSeq":
                value = value_of(one, DataType.UINT64)
                return int(value) if isinstance(value, float) and value <= 255 else None
        return None


def read_payload(payload: bytes, unit_property: str) -> Message | Rejected:
    """The payload. `unit_property` names the property that tells a metric's unit."""
    if len(payload) > MAX_BYTES:
        return Rejected("too_large", f"{len(payload)} bytes, at most {MAX_BYTES}")
    try:
        found = Payload.FromString(payload)
    except DecodeError as error:
        return Rejected("bad_protobuf", str(error)[:200] or "this is no Sparkplug B payload")
    if len(found.metrics) > MAX_METRICS:
        return Rejected("too_large", f"{len(found.metrics)} metrics, at most {MAX_METRICS}")
    if found.HasField("body") and not found.metrics:
        return Rejected("not_handled", "the payload is a body without metrics: have it sent uncompressed")
    at = found.timestamp if found.HasField("timestamp") else None
    seq = found.seq if found.HasField("seq") else None
    if seq is not None and seq > 255:
        return Rejected("bad_seq", f"a sequence number is 0 to 255, not {seq}")
    return Message(at, seq, [_told(one, unit_property) for one in found.metrics])


def _told(said: Any, unit_property: str) -> Told | Rejected:
    name, properties = _text(said.name), _properties(said)
    if name is None or len(name) > MAX_NAME or not name.isprintable():
        return Rejected("bad_metric", f"a metric's name is at most {MAX_NAME} characters that print, in UTF-8")
    if not name and not said.HasField("alias"):
        return Rejected("bad_metric", "a metric has neither name nor alias")
    unit, quality = properties.get(unit_property), properties.get("Quality", GOOD_QUALITY)
    return Told(
        name,
        said.alias if said.HasField("alias") else None,
        said.timestamp if said.HasField("timestamp") else None,
        said.datatype,
        said.is_historical,
        said.is_transient,
        said.is_null,
        quality == GOOD_QUALITY,
        unit if isinstance(unit, str) and unit.isprintable() and len(unit) <= MAX_NAME else None,
        said,
    )


def _properties(said: Any) -> dict[str, str | int]:
    """The properties that are text or whole numbers, by their key."""
    found: dict[str, str | int] = {}
    for key, value in zip(said.properties.keys, said.properties.values, strict=False):
        name = _text(key)
        if name is None or value.is_null:
            continue
        if value.HasField("string_value"):
            found[name] = _text(value.string_value) or ""
        elif value.HasField("int_value") or value.HasField("long_value"):
            found[name] = value.int_value or value.long_value
    return found


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def value_of(told: Told, datatype: int) -> Value | Rejected:
    """The metric's value as the type `datatype` says; what CityDeck can't take is Rejected by the type's name."""
    name = told.name or f"alias {told.alias}"
    if told.is_null:
        return Rejected("null_value", f"{name}: the device has no value for it now")
    read = READERS.get(datatype)
    if read is None:
        kind = TYPE_NAMES.get(datatype, f"type {datatype}")
        return Rejected("not_handled", f"{name} is of a type that is no single measured value: {kind}")
    value = read(told.said)
    return Rejected("wrong_type", f"{name}: its value is not of the type that was announced") if value is None else value


Reader = Callable[[Any], Value | None]


def _whole(bits: int, signed: bool) -> Reader:
    """Whole numbers lie in the field of 32 or 64 bits as two's complement; some encoders fill it, some only the type's own width."""

    def read(said: Any) -> Value | None:
        if not (said.HasField("int_value") or said.HasField("long_value")):
            return None
        value = (said.int_value if said.HasField("int_value") else said.long_value) & ((1 << bits) - 1)
        return float(value - (1 << bits) if signed and value >> (bits - 1) else value)

    return read


def _fraction(said: Any) -> Value | None:
    if said.HasField("double_value"):
        return float(said.double_value)
    # A float of 32 bits is told with the digits it has: 21.4, not 21.399999618530273.
    return float(f"{said.float_value:.7g}") if said.HasField("float_value") else None


def _boolean(said: Any) -> Value | None:
    return bool(said.boolean_value) if said.HasField("boolean_value") else None


def _string(said: Any) -> Value | None:
    return _text(said.string_value) if said.HasField("string_value") else None


READERS: dict[int, Reader] = {
    **{kind: _whole(bits, True) for kind, bits in zip((1, 2, 3, 4), (8, 16, 32, 64), strict=True)},
    **{kind: _whole(bits, False) for kind, bits in zip((5, 6, 7, 8), (8, 16, 32, 64), strict=True)},
    DataType.FLOAT: _fraction,
    DataType.DOUBLE: _fraction,
    DataType.BOOLEAN: _boolean,
    DataType.STRING: _string,
    DataType.DATETIME: _whole(64, False),
    DataType.TEXT: _string,
    DataType.UUID: _string,
}


def rebirth_request(now: int) -> bytes:
    """The payload of the command that asks an edge node for its births (Sparkplug 3.0, 6.4.19: Node Control/Rebirth is true)."""
    asked = Payload(timestamp=max(now, 0))
    asked.metrics.add(name=REBIRTH.encode(), timestamp=max(now, 0), datatype=DataType.BOOLEAN, boolean_value=True)
    return bytes(asked.SerializeToString())
