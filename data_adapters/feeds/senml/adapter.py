"""SenML packs in JSON and CBOR (README.md beside this file): names into devices and metrics, units into the metrics' own."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from config.strict import Field
from data_adapters.feeds.measured import Measured, device_fault
from data_adapters.feeds.names import Names, name_fields
from data_adapters.feeds.places import position
from data_adapters.feeds.senml.pack import Measurement, read_pack, resolved
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.times import by_number, by_receipt
from data_adapters.feeds.topics import TopicPattern, topic_pattern
from data_adapters.feeds.units import UnitError, known
from domain.event_time import EventTime, NotATime, settle
from domain.messages import Memory, Output, Quality, RawMessage, Rejected
from domain.metrics import MetricCatalogue

UNITS = {
    "/": "1", "/100": "%", "%EL": "%", "EL": "s", "Ohm": "ohm", "beat/min": "1/min", "B": "byte", "l": "L", "l/s": "L/s", "lx": "lux",
}  # fmt: skip
"""Units of the SenML registry (RFC 8428 section 12.1, RFC 8798) that are written otherwise in pint; `%RH` and `Cel` all feeds know."""
NOW_BELOW = 2**28
"""Seconds below this are counted from now (RFC 8428 section 4.5.3)."""
PLACE = {"lon": "lon", "lat": "lat"}
PLACE_NAME = re.compile(r"[:/._-](?:lon|lat|longitude|latitude|location|position)?\Z")
"""The end of a name that says what the value is, where the unit says so too: a device may have no name but its own."""
SEPARATOR = re.compile(r"[:/._-]")


class SenmlFeed:
    """Resolves packs. Remembers nothing: each stands for itself."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        catalogue = self._catalogue = setup.catalogue
        fields: dict[str, Field] = {
            "topic": (_topic, None),
            "by_unit": (_metrics_of(catalogue, of_units=True), {}),
            "sums": (_metrics_of(catalogue, of_units=False), {}),
        }
        read = setup.read({**fields, **name_fields(catalogue, UNITS)}, secrets=())
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._topic: TopicPattern | None = read["topic"]
        self._by_unit: Mapping[str, str] = read["by_unit"]
        self._sums: Mapping[str, str] = read["sums"]
        self._told = {*read["metrics"], *read["ignore"], *read["sums"]}
        self._names, self._measured = Names(catalogue, read, UNITS), Measured(catalogue, UNITS)

    def partition_key(self, topic: str) -> str:
        """The device where the topic names it, else the topic."""
        return self._of_topic(topic) or topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Readings and positions; Rejected for what the README lists. Never raises."""
        of_topic = self._of_topic(message.topic)
        if self._topic is not None and of_topic is None:
            return [Rejected("bad_topic", "the topic is none that the settings describe")], memory
        records = read_pack(message.payload)
        if isinstance(records, Rejected):
            return [records], memory
        outputs = list(self._outputs(records, of_topic or "", message))
        return outputs, memory

    def _of_topic(self, topic: str) -> str | None:
        parts = self._topic.parts(topic) if self._topic else None
        return parts["device"] if parts else None

    def _outputs(self, records: list[dict[Any, Any]], of_topic: str, message: RawMessage) -> Iterator[Output]:
        places: dict[tuple[str, EventTime], dict[str, float]] = {}
        for one in resolved(records):
            if isinstance(one, Rejected):
                yield one
                continue
            when = self._when(one.time, message)
            if isinstance(when, Rejected):
                yield when
            elif one.unit in PLACE:
                device_id = of_topic or PLACE_NAME.sub("", one.name) or one.name
                places.setdefault((device_id, when), {})[PLACE[one.unit]] = one.value  # type: ignore[assignment]
            else:
                yield from self._readings(one, of_topic, when, message)
        for (device_id, when), said in places.items():
            yield device_fault(device_id) or position(device_id, said, when, message)

    def _when(self, seconds: float, message: RawMessage) -> EventTime | Rejected:
        if seconds >= NOW_BELOW:
            try:
                return by_number(seconds, message, self._clock_ahead_ms)
            except NotATime as error:
                return Rejected("bad_time", str(error))
        now = by_receipt(message, "received")
        if isinstance(now, Rejected):
            return now
        try:
            when = settle(message.received_at + round(seconds * 1000), message.received_at, self._clock_ahead_ms)
        except (OverflowError, ValueError):
            return Rejected("bad_time", f"{seconds} seconds from now")
        return when if now.quality == Quality.GOOD else when._replace(quality=now.quality)

    def _readings(self, one: Measurement, of_topic: str, when: EventTime, message: RawMessage) -> Iterator[Output]:
        device_id, name = self._named(one.name, one.unit, of_topic)
        if one.value is not None:
            yield from self._names.outputs(device_id, name, one.value, one.unit, when, message)
        if one.total is not None and name in self._sums:
            unit = None if one.unit is None else f"{UNITS.get(one.unit, one.unit)} s"
            yield self._measured.reading(device_id, self._sums[name], one.total, unit, when, message)
        elif one.total is not None and name not in self._told:
            yield Rejected("unknown_metric", f"the setting `sums` has no metric for the sum of {name[:80]!r}")

    def _named(self, name: str, unit: str | None, of_topic: str) -> tuple[str, str]:
        """The device's id and the name of the value: the longest end of the name that somebody knows, else the unit tells the metric."""
        if of_topic and self._knows(name):
            return of_topic, name
        for found in SEPARATOR.finditer(name):
            if self._knows(name[found.end() :]):
                return of_topic or name[: found.start()], name[found.end() :]
        if unit is not None and unit in self._by_unit:
            return of_topic or name.rstrip(":/._-"), self._by_unit[unit]
        last = max((found.end() for found in SEPARATOR.finditer(name)), default=0)
        return (of_topic, name) if of_topic else (name[: max(last - 1, 0)] or name, name[last:] or name)

    def _knows(self, name: str) -> bool:
        return name in self._told or self._catalogue.get(name) is not None


def _topic(raw: Any) -> TopicPattern:
    pattern = topic_pattern(raw)
    if pattern.names != ("device",):
        raise ValueError("a topic with {device}, such as senml/{device}")
    return pattern


def _metrics_of(catalogue: MetricCatalogue, of_units: bool) -> Callable[[Any], dict[str, str]]:
    """A reader of `{name: metric}`, or of `{unit: metric}`."""

    def read(raw: Any) -> dict[str, str]:
        if not isinstance(raw, dict) or not all(isinstance(name, str) and catalogue.get(str(metric)) for name, metric in raw.items()):
            raise ValueError("names, each with a metric of metrics.yaml")
        for name in raw if of_units else ():
            try:
                known(name, UNITS)
            except UnitError as error:
                raise ValueError(f"units of SenML, each with a metric ({error})") from None
        return raw

    return read
