"""The settings of a mapping, read strictly: every mistake is one line at start that names the record, the key and what was expected."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from config.strict import FOLDER, REQUIRED, Field, read_entry, wrong, yes_or_no
from data_adapters.feeds.mapping.paths import Path, path
from data_adapters.feeds.names import name_fields
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.times import zone
from data_adapters.feeds.topics import TopicPattern, template_names, topic_pattern
from data_adapters.feeds.units import UnitError, converter, known
from domain.metrics import Metric, MetricCatalogue

FILE = FOLDER / "feeds.yaml"
RECEIVED = "received"
FORMATS = ("iso", "epoch_s", "epoch_ms")
SCALARS = (str, int, float, bool, type(None))


class Time(NamedTuple):
    """Where a record's time stands; `path` is None where its receipt will do. `format` is one of FORMATS or a pattern of strptime."""

    path: Path | None
    format: str = "iso"
    zone: ZoneInfo | None = None


class Value(NamedTuple):
    """Where a metric's value stands. `unit` is a unit or a path to it; `text`: the number is written as text."""

    metric: Metric
    path: Path
    unit: str | Path | None
    text: bool
    is_true: tuple[Any, ...]
    is_false: tuple[Any, ...]


class Pairs(NamedTuple):
    """Values that bring their own names: each of `each` has a name, a value, perhaps a unit. `names` are the settings of names.py."""

    each: Path
    name: Path
    value: Path
    unit: Path | None
    names: Mapping[str, Any]


class Record(NamedTuple):
    """What one kind of record in a message says."""

    within: Path | None
    each: Path | None
    only: Path | None
    names: Mapping[str, Path]
    device: str
    time: Time
    values: tuple[Value, ...]
    pairs: Pairs | None
    position: Mapping[str, Any] | None
    presence: Mapping[str, Any] | None
    missing: tuple[Any, ...]


class MappingSettings(NamedTuple):
    """The whole of it."""

    topic: TopicPattern | None
    units: Mapping[str, str]
    records: tuple[Record, ...]


def read_mapping(setup: FeedSetup) -> MappingSettings:
    """Raises ConfigError."""
    read = setup.read({"topic": (topic_pattern, None), "units": (_units, {}), "records": (_several, REQUIRED)}, secrets=())
    parts = read["topic"].names if read["topic"] else ()
    where = f"{setup.name}: settings: record"
    records = tuple(_record(f"{where} {number}", one, parts, setup, read["units"]) for number, one in enumerate(read["records"], 1))
    return MappingSettings(read["topic"], read["units"], records)


def _record(where: str, raw: Any, parts: tuple[str, ...], setup: FeedSetup, units: Mapping[str, str]) -> Record:
    names = raw.get("names") if isinstance(raw.get("names"), dict) else {}
    read = read_entry(FILE, where, raw, _record_fields((*parts, *names)))
    metrics = [_value(f"{where}: metrics: {name}", name, one, setup.catalogue, units) for name, one in read.pop("metrics").items()]
    pairs, position = read.pop("pairs"), read.pop("position")
    if not metrics and not pairs and not position and not read["presence"]:
        raise wrong(FILE, where, "metrics", {}, "metrics, pairs, a position or a presence")
    return Record(
        **read,
        values=tuple(metrics),
        pairs=_pairs(f"{where}: pairs", pairs, setup.catalogue, units) if pairs else None,
        position=read_entry(FILE, f"{where}: position", position, POSITION) if position else None,
    )


def _record_fields(named: tuple[str, ...]) -> dict[str, Field]:
    def device(raw: Any) -> str:
        template_names(raw, named)
        return str(raw)

    return {
        "within": (path, None),
        "each": (path, None),
        "only": (path, None),
        "names": (_names, {}),
        "device": (device, REQUIRED),
        "time": (_time, REQUIRED),
        "metrics": (_entries, {}),
        "pairs": (_keys, {}),
        "position": (_keys, {}),
        "presence": (_presence, None),
        "missing": (_scalars, ()),
    }


def _value(where: str, name: str, raw: Any, catalogue: MetricCatalogue, units: Mapping[str, str]) -> Value:
    metric = catalogue.get(name)
    if metric is None:
        raise wrong(FILE, where, "metric", name, "a metric of metrics.yaml")
    read = read_entry(FILE, where, {"path": raw} if isinstance(raw, str) else raw, VALUE)
    unit = read["unit"]
    if metric.kind != "number" or not metric.unit:
        unit = unit or ""
    if unit is None:
        raise wrong(FILE, where, "unit", None, f"the unit that the message has, or {{path: …}} to it; the metric is in {metric.unit}")
    try:
        if isinstance(unit, str):
            converter(unit, metric.unit, units)
    except UnitError as error:
        raise wrong(FILE, where, "unit", unit, f"a unit that can be told in {metric.unit or 'no unit'} ({error})") from None
    if (read["is_true"] or read["is_false"]) and metric.kind != "bool":
        raise wrong(FILE, where, "is_true", name, "a metric of the kind bool, where is_true and is_false are given")
    return Value(metric, **{**read, "unit": unit})


def _pairs(where: str, raw: Any, catalogue: MetricCatalogue, units: Mapping[str, str]) -> Pairs:
    read = read_entry(FILE, where, raw, {**PAIRS, **name_fields(catalogue, units)})
    each, name, value, unit = (read.pop(key) for key in PAIRS)
    return Pairs(each, name, value, unit, read)


def _scalars(raw: Any) -> tuple[Any, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, SCALARS) for one in raw):
        raise ValueError("a list of values as the message writes them")
    return tuple(raw)


def _entries(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or not raw or not all(isinstance(name, str) and isinstance(one, str | dict) for name, one in raw.items()):
        raise ValueError("names, each with a path or {path, …}")
    return raw


def _keys(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or not raw:
        raise ValueError("names, each with a path")
    return raw


def _several(raw: Any) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, dict) for one in raw):
        raise ValueError("a list of records, each with device, time and metrics")
    return raw


def _names(raw: Any) -> dict[str, Path]:
    return {name: path(one) for name, one in _entries(raw).items()}


def _units(raw: Any) -> Mapping[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(spelled, str) and isinstance(meant, str) for spelled, meant in raw.items()):
        raise ValueError("units as the messages spell them, each with the unit that is meant")
    for meant in raw.values():
        known(meant)
    return raw


def _time(raw: Any) -> Time:
    expected = f"{RECEIVED}, or {{path, format: {' | '.join(FORMATS)} | a strptime pattern, zone}}"
    if raw == RECEIVED:
        return Time(None)
    if not isinstance(raw, dict) or not {"path"} <= set(raw) <= {"path", "format", "zone"}:
        raise ValueError(expected)
    told = raw.get("format", "iso")
    if not isinstance(told, str) or (told not in FORMATS and "%" not in told):
        raise ValueError(expected)
    return Time(path(raw["path"]), told, zone(raw.get("zone")))


def _unit(raw: Any) -> str | Path:
    return path(raw["path"]) if isinstance(raw, dict) and set(raw) == {"path"} else _text(raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError("a unit, or {path: …} to it")
    return raw


def _speed(raw: Any) -> tuple[Path, str]:
    if not isinstance(raw, dict) or set(raw) != {"path", "unit"}:
        raise ValueError("{path, unit}")
    converter(_text(raw["unit"]), "m/s")
    return path(raw["path"]), raw["unit"]


def _presence(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or set(raw) != {"path", "online", "offline"}:
        raise ValueError("{path, online: [values], offline: [values]}")
    return {"path": path(raw["path"]), "online": _scalars(raw["online"]), "offline": _scalars(raw["offline"])}


VALUE: dict[str, Field] = {
    "path": (path, REQUIRED),
    "unit": (_unit, None),
    "text": (yes_or_no, False),
    "is_true": (_scalars, ()),
    "is_false": (_scalars, ()),
}
PAIRS: dict[str, Field] = {"each": (path, REQUIRED), "name": (path, REQUIRED), "value": (path, REQUIRED), "unit": (path, None)}
POSITION: dict[str, Field] = {"lon": (path, REQUIRED), "lat": (path, REQUIRED), "speed": (_speed, None), "course": (path, None)}
