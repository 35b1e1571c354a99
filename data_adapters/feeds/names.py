"""What a device calls its values, and which metrics of config/metrics.yaml they are: three settings that several adapters share.

`metrics: {their name: metric}` or `{their name: {metric, unit}}`: `unit` holds where the message names none that fits; without it the
value is then in the metric's own.
`ignore: [their name]` passes over what is no measured value. `others`: what stands in neither and is no metric's name is
`reject`ed by name, or with `keep` stored as it is: unchecked, in whatever unit the device has, under the device's own word.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from config.strict import Field, one_of
from data_adapters.feeds.measured import Measured, device_fault, float_of, text_fault
from data_adapters.feeds.units import UnitError, converter
from domain.event_time import EventTime
from domain.messages import Output, RawMessage, Reading, Rejected
from domain.metrics import MetricCatalogue

MAX_NAME = 64
NOTHING: Mapping[str, str] = {}


class Meaning(NamedTuple):
    """The metric of a value. `unit` is the feed's word for its unit where the message has none; None: then it is the metric's own."""

    metric: str
    unit: str | None = None


def name_fields(catalogue: MetricCatalogue, dialect: Mapping[str, str] = NOTHING) -> dict[str, Field]:
    """The three settings, for FeedSetup.read."""
    return {
        "metrics": (meanings(catalogue, dialect), {}),
        "ignore": (_ignored, frozenset()),
        "others": (one_of("reject", "keep"), "reject"),
    }


def meanings(catalogue: MetricCatalogue, dialect: Mapping[str, str] = NOTHING) -> Callable[[Any], dict[str, Meaning]]:
    """A reader of `metrics`."""

    def read(raw: Any) -> dict[str, Meaning]:
        if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
            raise ValueError("names that devices use, each with a metric or {metric, unit}")
        return {name: _meaning(name, one, catalogue, dialect) for name, one in raw.items()}

    return read


def _meaning(name: str, raw: Any, catalogue: MetricCatalogue, dialect: Mapping[str, str]) -> Meaning:
    entry = {"metric": raw} if isinstance(raw, str) else raw
    if not isinstance(entry, dict) or not {"metric"} <= set(entry) <= {"metric", "unit"}:
        raise ValueError(f"a metric or {{metric, unit}} for {name!r}")
    known = catalogue.get(str(entry["metric"]))
    if known is None:
        raise ValueError(f"a metric of metrics.yaml for {name!r}, not {entry['metric']!r}")
    if "unit" in entry:
        try:
            converter(str(entry["unit"]), known.unit, dialect)
        except UnitError as error:
            raise ValueError(f"a unit for {name!r} that can be told in {known.unit or 'no unit'} ({error})") from None
    return Meaning(known.name, str(entry["unit"]) if "unit" in entry else None)


def _ignored(raw: Any) -> frozenset[str]:
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        raise ValueError("a list of names that devices use")
    return frozenset(raw)


class Names:
    """Makes readings of named values."""

    def __init__(self, catalogue: MetricCatalogue, settings: Mapping[str, Any], dialect: Mapping[str, str] = NOTHING) -> None:
        """`settings` as read by name_fields."""
        self._catalogue, self._measured, self._dialect = catalogue, Measured(catalogue, dialect), dialect
        self._meanings: Mapping[str, Meaning] = settings["metrics"]
        self._ignore, self._keep = settings["ignore"], settings["others"] == "keep"

    def outputs(self, device_id: str, name: str, raw: object, unit: str | None, when: EventTime, message: RawMessage) -> list[Output]:
        """What becomes of the value `raw` that the device calls `name`. `unit` is what the message says, None where it says nothing.

        What the message says goes first; where that is no unit of the metric's, or nothing, the settings' unit stands.
        """
        meaning = self._meanings.get(name)
        if meaning is not None:
            return [self._measured.reading(device_id, meaning.metric, raw, self._unit(meaning, unit), when, message)]
        if name in self._ignore:
            return []
        if self._catalogue.get(name) is None and self._keep:
            return [kept(device_id, name, raw, when, message)]
        return [self._measured.reading(device_id, name, raw, unit, when, message)]

    def _unit(self, meaning: Meaning, told: str | None) -> str | None:
        known = self._catalogue.get(meaning.metric)
        if known is None or (told is not None and (meaning.unit is None or _fits(told, known.unit, self._dialect))):
            return told
        return known.unit if meaning.unit is None else meaning.unit


def _fits(unit: str, target: str, dialect: Mapping[str, str]) -> bool:
    try:
        converter(unit, target, dialect)
    except UnitError:
        return False
    return True


def kept(device_id: str, name: str, raw: object, when: EventTime, message: RawMessage) -> Output:
    """A Reading of a value that nobody has described, as it is; or Rejected. Never raises."""
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        return Rejected("bad_metric", f"a metric's name is 1 to {MAX_NAME} characters that print, not {name[:MAX_NAME]!r}")
    number = float(raw) if isinstance(raw, bool) else float_of(raw)
    text = raw if isinstance(raw, str) else None
    fault = device_fault(device_id) or (text_fault(name, text) if text is not None else None)
    if fault is not None:
        return fault
    if number is None and text is None:
        return Rejected("wrong_type", f"{name}: a value is a number, true, false or text")
    if number is not None and not isfinite(number):
        return Rejected("not_finite", f"{name}: a measured value is a finite number")
    return Reading(device_id, name, when.at, number, text, when.quality, message.received_at, when.source, message.redelivered)
