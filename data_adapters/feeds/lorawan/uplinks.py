"""What becomes of an uplink: the network server's decoded values first, else a decoder of the device's model, else Rejected by name."""

import base64
import binascii
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from config.strict import Field as Setting
from data_adapters.feeds import places
from data_adapters.feeds.lorawan.decoders import DECODERS, Decoded, Field, Place
from data_adapters.feeds.measured import device_fault, float_of
from data_adapters.feeds.names import Meaning, Names, name_fields
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import EventTime, NotATime, parse_time, settle
from domain.messages import Output, RawMessage, Rejected

MAX_VALUES = 1000
NO_TIME_YET = "0001-"
"""A time that was never set, as Go writes it."""


def lorawan_fields(setup: FeedSetup) -> dict[str, Setting]:
    """The settings of a network server's feed."""
    return {**name_fields(setup.catalogue), "decoders": (_decoders, {})}


def _decoders(raw: Any) -> Mapping[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(model, str) and name in DECODERS for model, name in raw.items()):
        raise ValueError(f"device models, each with one of {', '.join(DECODERS)}")
    return raw


def first_time(raw: Sequence[object], received_at: int, clock_ahead_ms: int) -> EventTime | Rejected:
    """The first of these times that was set, settled."""
    told = [one for one in raw if one is not None and not str(one).startswith(NO_TIME_YET)]
    if not told:
        return Rejected("no_time", "the message has no time")
    try:
        return settle(parse_time(told[0] if isinstance(told[0], str) else None), received_at, clock_ahead_ms)
    except NotATime as error:
        return Rejected("bad_time", str(error))


class Uplinks:
    """Turns the content of uplinks into readings. `spec` are the meanings that the server's own specification gives."""

    def __init__(self, setup: FeedSetup, settings: Mapping[str, Any], spec: Mapping[str, Meaning] | None = None) -> None:
        self.names = Names(setup.catalogue, {**settings, "metrics": {**(spec or {}), **settings["metrics"]}})
        self._decoders: Mapping[str, str] = settings["decoders"]

    def decoded(self, device_id: str, found: object, when: EventTime, message: RawMessage) -> list[Output]:
        """What the network server decoded: an object of values, nested ones under dotted names."""
        fields = list(flatten("", found))
        if len(fields) > MAX_VALUES:
            return [Rejected("too_large", f"{len(fields)} values, at most {MAX_VALUES}")]
        return self.told(device_id, [Field(name, value) for name, value in fields], when, message)

    def raw(self, device_id: str, models: Sequence[str], data: object, port: object, when: EventTime, message: RawMessage) -> list[Output]:
        """Bytes that nobody decoded yet, by the decoder of the first of `models` that has one."""
        named = next((self._decoders[model] for model in models if model in self._decoders), None)
        if named is None:
            return [Rejected("no_decoder", f"nobody decodes {' or '.join(repr(model[:80]) for model in models) or 'this device'}")]
        try:
            content = base64.b64decode(data if isinstance(data, str) else "", validate=True)
            found = DECODERS[named](content, port if isinstance(port, int) else 0)
        except (binascii.Error, ValueError, IndexError, struct.error) as error:
            return [Rejected("undecodable", f"{named}: {error}"[:200])]
        return self.told(device_id, found, when, message)

    def told(self, device_id: str, found: Decoded | list[Field], when: EventTime, message: RawMessage) -> list[Output]:
        """Readings of named values, a position of a place."""
        outputs: list[Output] = []
        for one in found:
            if isinstance(one, Place):
                outputs.append(position(device_id, one.lon, one.lat, when, message))
            else:
                outputs += self.names.outputs(device_id, one.name, one.value, one.unit, when, message)
        return outputs


def position(device_id: str, lon: object, lat: object, when: EventTime, message: RawMessage) -> Output:
    """A Position of these degrees, or Rejected."""
    return device_fault(device_id) or places.position(device_id, {"lon": lon, "lat": lat}, when, message)


def flatten(name: str, found: object) -> Iterator[tuple[str, object]]:
    """The values of an object, nested ones under dotted names (`air.temperature`, `levels.0`)."""
    pairs: Iterator[tuple[str, object]]
    if isinstance(found, dict):
        pairs = iter(found.items())
    elif isinstance(found, list):
        pairs = ((str(number), one) for number, one in enumerate(found))
    else:
        yield name, found
        return
    for key, value in pairs:
        yield from flatten(f"{name}.{key}" if name else key, value)


def best(metadata: object, number: Callable[[Mapping[str, Any], str], float | None]) -> tuple[float, float | None] | None:
    """Signal strength and noise where the message was heard best; None where no gateway tells."""
    gateways = [one for one in metadata if isinstance(one, dict)] if isinstance(metadata, list) else []
    heard = [(strength, number(one, "snr")) for one in gateways if (strength := number(one, "rssi")) is not None]
    return max(heard, key=lambda one: one[0]) if heard else None


def number_of(one: Mapping[str, Any], key: str) -> float | None:
    """A finite number under this key."""
    found = float_of(one.get(key))
    return found if found is not None and abs(found) < float("inf") else None


__all__ = ["Uplinks", "best", "first_time", "flatten", "lorawan_fields", "number_of", "position"]
