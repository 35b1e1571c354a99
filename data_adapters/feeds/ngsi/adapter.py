"""NGSI-LD and NGSI-v2: entities that a context broker notifies, or that were asked of it (README.md beside this file)."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import unquote

from config.strict import Field, one_of
from data_adapters.feeds.measured import device_fault, float_of
from data_adapters.feeds.names import Meaning, Names, meanings, name_fields
from data_adapters.feeds.ngsi.entities import Attribute, attributes, entities, entity_id, entity_type, point
from data_adapters.feeds.ngsi.models import COMMON, MODELS, NOT_MEASURED, Model
from data_adapters.feeds.ngsi.polling import POLL_FIELDS
from data_adapters.feeds.ngsi.times import Span, Times, zone
from data_adapters.feeds.ngsi.units import UN_CEFACT
from data_adapters.feeds.payloads import json_value
from data_adapters.feeds.places import position
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import EventTime
from domain.messages import Memory, Output, RawMessage, Rejected
from domain.metrics import MetricCatalogue

MAX_BYTES = 8 * 1024 * 1024
MAX_ENTITIES = 2000
MAX_VALUES = 50_000
KMH_IN_MS = 3.6
HOUR_MS = 3_600_000


class Reader(NamedTuple):
    """How entities of one type become readings."""

    model: Model
    names: Names
    own: frozenset[str]
    """Attributes that the settings name: they go before the model's."""
    device: str
    """The attribute that names what speaks; empty: the entity itself."""


class NgsiFeed:
    """Parses entities and notifications. It remembers nothing between messages."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        settings = setup.read(ngsi_fields(setup.catalogue), ["broker_token"])
        self.name = setup.name
        self.topics: Sequence[str] = setup.topics
        self._times = Times(settings["zone"], settings["without_time"], setup.clock_ahead_ms)
        self._readers = {kind: _reader(setup.catalogue, settings, kind) for kind in {*MODELS, *settings["models"], *settings["devices"]}}
        self._any = _reader(setup.catalogue, settings, "") if settings["others"] == "keep" else None

    def partition_key(self, topic: str) -> str:
        """The topic: a subscription's notifications stay in order. It names no device."""
        return topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Readings and positions; Rejected for what the README lists. Never raises."""
        document = json_value(message.payload, MAX_BYTES)
        if isinstance(document, Rejected):
            return [document], memory
        found = list(islice(entities(document), MAX_ENTITIES + 1))
        if len(found) > MAX_ENTITIES:
            return [Rejected("too_large", f"more than {MAX_ENTITIES} entities")], memory
        outputs = list(islice((output for one in found for output in self._entity(one, message)), MAX_VALUES + 1))
        return [Rejected("too_large", f"more than {MAX_VALUES} values")] if len(outputs) > MAX_VALUES else outputs, memory

    def _entity(self, entity: dict[str, Any] | Rejected, message: RawMessage) -> list[Output]:
        if isinstance(entity, Rejected):
            return [entity]
        kind = entity_type(entity)
        if kind in NOT_MEASURED:
            return [Rejected("not_measured", f"{kind} {NOT_MEASURED[kind]}")]
        reader = self._readers.get(kind, self._any)
        if reader is None:
            return [Rejected("unknown_type", f"nobody said what {kind[:80]!r} measures")]
        told = [part for one in attributes(entity) for part in _unpacked(one, reader.model)]
        device_id = _device(entity, told, reader.device)
        fault = device_fault(device_id)
        if fault:
            return [fault]
        outputs = self._outputs(device_id, told, reader, message)
        return outputs or [Rejected("nothing_measured", f"{device_id} of type {kind} tells no value")]

    def _outputs(self, device_id: str, told: list[Attribute], reader: Reader, message: RawMessage) -> list[Output]:
        span = self._times.span(told)
        units = _measurands(told)
        outputs: list[Output] = []
        for one in told:
            if reader.model.moves and one.name == "location":
                outputs.append(self._place(device_id, one, told, span, message))
            elif not _is_described(one, reader):
                outputs += self._value(device_id, one._replace(unit=one.unit or units.get(one.name)), reader, span, message)
        return outputs

    def _value(self, device_id: str, one: Attribute, reader: Reader, span: Span | Rejected, message: RawMessage) -> list[Output]:
        when = self._times.when(one, span, message)
        if isinstance(when, Rejected):
            return [when._replace(detail=f"{one.name}: {when.detail}")]
        if isinstance(one.value, dict | list) or one.is_geo:
            return [Rejected("not_handled", f"{one.name} is no single value")]
        model, own = reader.model, one.name in reader.own
        value: object = one.value
        if one.name in model.words and isinstance(value, str):
            value = model.words[one.name].get(value, value)
        if one.name in model.per_interval and not own and one.unit is None:
            value = _per_hour(value, span)
            if isinstance(value, Rejected):
                return [value]
        name = one.name if own else model.renamed.get(one.name, one.name)
        unit = one.unit if isinstance(one.unit, str) and one.unit else None
        return _named(one.name, reader.names.outputs(device_id, name, value, unit, when, message))

    def _place(self, device_id: str, one: Attribute, told: list[Attribute], span: Span | Rejected, message: RawMessage) -> Output:
        when: EventTime | Rejected = self._times.when(one, span, message)
        found = point(one.value)
        if isinstance(when, Rejected):
            return when
        if found is None:
            return Rejected("wrong_type", "the location of what moves is a point")
        speed = next((float_of(other.value) for other in told if other.name == "speed"), None)
        course = next((float_of(other.value) for other in told if other.name in ("heading", "bearing")), None)
        metres = None if speed is None else speed / KMH_IN_MS
        return position(device_id, {"lon": found[0], "lat": found[1], "speed": metres, "course": course}, when, message)


def ngsi_fields(catalogue: MetricCatalogue) -> dict[str, Field]:
    """The settings of an NGSI feed, those of its poller included."""
    return {
        **name_fields(catalogue, UN_CEFACT),
        **POLL_FIELDS,
        "models": (_models(catalogue), {}),
        "devices": (_devices, {}),
        "zone": (zone, zone("UTC")),
        "without_time": (one_of("reject", "received"), "reject"),
    }


def _models(catalogue: MetricCatalogue) -> Callable[[Any], dict[str, dict[str, Meaning]]]:
    read_one = meanings(catalogue, UN_CEFACT)

    def read(raw: Any) -> dict[str, dict[str, Meaning]]:
        if not isinstance(raw, dict) or not all(isinstance(kind, str) for kind in raw):
            raise ValueError("types of entities, each with its attributes and their metrics")
        return {kind: read_one(attributes) for kind, attributes in raw.items()}

    return read


def _devices(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(one, str) for pair in raw.items() for one in pair):
        raise ValueError("types of entities, each with the attribute that names the device")
    return raw


def _reader(catalogue: MetricCatalogue, settings: Mapping[str, Any], kind: str) -> Reader:
    model, named = MODELS.get(kind, Model()), {**settings["metrics"], **settings["models"].get(kind, {})}
    table = {**{name: one for name, one in model.measured.items() if catalogue.get(one.metric)}, **named}
    names = Names(catalogue, {**settings, "metrics": table}, UN_CEFACT)
    return Reader(model, names, frozenset(named), settings["devices"].get(kind, model.device))


def _unpacked(one: Attribute, model: Model) -> list[Attribute]:
    """The values of an attribute that holds several as text; any other as it is."""
    if one.name not in model.packed or not isinstance(one.value, str):
        return [one]
    pairs = [part.partition("=") for part in unquote(one.value).split(";")]
    if not all(between for _, between, _ in pairs):
        return [one]
    return [one._replace(name=f"{one.name}.{name}", value=_number(value)) for name, _, value in pairs]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _device(entity: dict[str, Any], told: list[Attribute], attribute: str) -> str:
    """The entity's id, or what speaks through it."""
    speaker = next((one.value for one in told if one.name == attribute), None) if attribute else None
    return speaker if isinstance(speaker, str) and device_fault(speaker) is None else str(entity_id(entity))


def _is_described(one: Attribute, reader: Reader) -> bool:
    """Whether the attribute describes the thing: by the settings never, by the model, or a reference to another entity."""
    if one.name in reader.own or one.name in reader.model.measured or one.name in reader.model.renamed:
        return False
    refers = one.name.startswith("ref") and one.name[3:4].isupper()
    return refers or one.is_relation or one.name in COMMON or one.name in reader.model.described


def _measurands(told: list[Attribute]) -> dict[str, str]:
    """The units that `measurand` tells beside the values: "NO2,69,GQ,Nitrogen dioxide"."""
    listed = next((one.value for one in told if one.name == "measurand"), None)
    parts = [text.split(",") for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
    return {part[0].strip(): part[2].strip() for part in parts if len(part) >= 3}


def _per_hour(value: object, span: Span | Rejected) -> float | Rejected:
    count = float_of(value)
    if count is None:
        return Rejected("wrong_type", "a count is a number")
    if isinstance(span, Rejected) or span.start is None or span.end <= span.start:
        return Rejected("no_interval", "a count needs the time that it was counted over")
    return round(count * HOUR_MS / (span.end - span.start), 6)


def _named(name: str, outputs: list[Output]) -> list[Output]:
    """A refusal says which attribute it is about."""
    return [one._replace(detail=f"{name}: {one.detail}") if isinstance(one, Rejected) else one for one in outputs]
