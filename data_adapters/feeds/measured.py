"""One value of a device, with the unit its feed knows, as a reading in the metric's own unit; or why it is none. Common to all feeds
that speak another language than CityDeck's own.

Nothing is guessed: a metric that config/metrics.yaml doesn't hold, a unit nobody knows, a number without a unit are Rejected.
"""

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from types import MappingProxyType

from data_adapters.feeds.units import UnitError, converter
from domain.event_time import EventTime
from domain.messages import Output, RawMessage, Reading, Rejected
from domain.metrics import Metric, MetricCatalogue

MAX_DEVICE_ID = 128
MAX_TEXT = 4096
DIALECT_OF_NONE: Mapping[str, str] = MappingProxyType({})


class Measured:
    """Makes readings. `dialect` spells the feed's units in pint's words (units.py)."""

    def __init__(self, catalogue: MetricCatalogue, dialect: Mapping[str, str] = DIALECT_OF_NONE) -> None:
        self._catalogue, self._dialect = catalogue, dialect

    def reading(self, device_id: str, metric: str, raw: object, unit: str | None, when: EventTime, message: RawMessage) -> Output:
        """A Reading, or Rejected. `unit` is as the feed spells it: "" for a number without dimension, None where nobody said one."""
        fault = device_fault(device_id)
        if fault:
            return fault
        known = self._catalogue.get(metric)
        if known is None:
            return Rejected("unknown_metric", f"config/metrics.yaml has no {metric[:80]!r}")
        value = self._value(known, raw, unit)
        if isinstance(value, Rejected):
            return value
        number, text = (None, value) if isinstance(value, str) else (float(value), None)
        return Reading(device_id, metric, when.at, number, text, when.quality, message.received_at, when.source, message.redelivered)

    def _value(self, metric: Metric, raw: object, unit: str | None) -> float | bool | str | Rejected:
        plain = float_of(raw) if metric.kind == "number" else raw
        fault = metric.fault(plain) if metric.kind != "number" or plain is None else None
        if fault:
            return Rejected(fault.reason, fault.detail)
        if isinstance(plain, str):
            return text_fault(metric.name, plain) or plain
        if isinstance(plain, bool):
            return plain
        assert isinstance(plain, float)
        return self._converted(metric, plain, unit)

    def _converted(self, metric: Metric, value: float, unit: str | None) -> float | Rejected:
        if not isfinite(value):
            return Rejected("not_finite", f"{metric.name}: a measured value is a finite number")
        if unit is None and metric.unit:
            return Rejected("no_unit", f"{metric.name}: nobody said its unit; the metric is in {metric.unit}")
        try:
            found = converter(unit or "", metric.unit, self._dialect)(value)
        except UnitError as error:
            return Rejected(error.reason, f"{metric.name}: {error}")
        if not isfinite(found):
            return Rejected("not_finite", f"{metric.name}: {value} {unit} is too large a number")
        fault = metric.fault(found)
        return Rejected(fault.reason, fault.detail) if fault else found


def float_of(raw: object) -> float | None:
    """A number of JSON or CBOR as a float, infinite where too large for one; None for anything else, true and false included."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    try:
        return float(raw)
    except (OverflowError, ValueError):
        return float("inf")


def device_fault(device_id: str) -> Rejected | None:
    """Why this can be no device's id (1 to 128 characters that print), or None."""
    if 0 < len(device_id) <= MAX_DEVICE_ID and device_id.isprintable():
        return None
    return Rejected("bad_device", f"a device's id is 1 to {MAX_DEVICE_ID} characters that print, not {device_id[:40]!r}")


def text_fault(name: str, text: str) -> Rejected | None:
    """Why this text can't be kept, or None."""
    if "\x00" in text:
        return Rejected("nul", f"{name}: the text holds a NUL character")
    if len(text) > MAX_TEXT or any("\ud800" <= character <= "\udfff" for character in text):
        return Rejected("wrong_type", f"{name}: a text of at most {MAX_TEXT} whole characters was expected")
    return None
