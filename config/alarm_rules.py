"""Reads alarm_rules.yaml: when a value, a silence or a place is an alarm; with it what alarm_care.yaml says of flapping."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from config.alarm_care import load_alarm_care
from config.files import load_catalogue, load_kinds
from config.strict import FOLDER, REQUIRED, Field, at_least_one, not_negative, number, one_of, read_entries, several_of, text, whole, wrong
from config.video_alarms import load_video_alarms
from domain.alarm_rules import OPS, POSITION, RULE_TYPES, SEVERITIES, SIDES, Rule, RuleBook, area_of
from domain.alarm_statements import series_of
from domain.metrics import DeviceKind, MetricCatalogue


def _values(raw: Any) -> tuple[float | str | bool, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, bool | int | float | str) for one in raw):
        raise ValueError("a list of texts, numbers, true or false, not empty")
    return tuple(raw)


def _polygon(raw: Any) -> tuple[tuple[float, float], ...]:
    expected = "a list of at least three [longitude, latitude], a ring that doesn't cross itself"
    try:
        ring = tuple((number(lon), number(lat)) for lon, lat in raw)
        inside = all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in ring)
        if len(ring) < 3 or not inside:
            raise ValueError(expected)
        area_of(ring)
    except (TypeError, ValueError):
        raise ValueError(expected) from None
    return ring


def _types(raw: Any) -> Any:
    if raw != "all" and (not isinstance(raw, list) or not raw or not all(isinstance(one, str) for one in raw)):
        raise ValueError("a list of types of video_alarms.yaml, or all")
    return raw


def _priorities(raw: Any) -> frozenset[int]:
    if not isinstance(raw, list) or not raw or not all(one in range(5) and not isinstance(one, bool) for one in raw):
        raise ValueError("a list of whole numbers from 0 (none stated) to 4")
    return frozenset(raw)


def _condition(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or set(raw) != {"metric", "values"} or not isinstance(raw["metric"], str):
        raise ValueError("a metric and its values: {metric: ignition, values: [true]}")
    return {"metric": raw["metric"], "values": _values(raw["values"])}


LIMIT_FIELDS: dict[str, Field] = {"op": (one_of(*OPS), REQUIRED), "raise": (number, REQUIRED), "clear": (number, REQUIRED)}
HELD: dict[str, Field] = {"for_s": (not_negative, 0.0)}
WHILE: dict[str, Field] = {"while": (_condition, None)}
TYPE_FIELDS: dict[str, dict[str, Field]] = {
    "threshold": LIMIT_FIELDS | HELD | WHILE,
    "rate": LIMIT_FIELDS | HELD,
    "no_data": {"k": (at_least_one, REQUIRED)},
    "repetition": LIMIT_FIELDS | {"times": (whole(2, 1000), REQUIRED), "within_s": (at_least_one, REQUIRED)},
    "value_set": {"values": (_values, REQUIRED)} | HELD | WHILE,
    "geofence": {"side": (one_of(*SIDES), REQUIRED), "region": (text, ""), "polygon": (_polygon, ())} | HELD | WHILE,
    "speed": LIMIT_FIELDS | HELD | WHILE,
    "stated": {"types": (_types, REQUIRED), "quiet_s": (at_least_one, REQUIRED), "priorities": (_priorities, frozenset())},
}
EVERY_FIELD: dict[str, Field] = {key: field for fields in TYPE_FIELDS.values() for key, field in fields.items()}
"""What an entry may have whose type isn't one."""
WITHOUT_METRIC = ("geofence", "speed", "stated")
"""Rules about something else than a device's readings."""
FIELD_OF = {"raise": "raise_value", "clear": "clear_value"}
"""Keys that are called something else in a Rule."""


def load_rules(folder: Path = FOLDER) -> RuleBook:
    """The rules of alarm_rules.yaml; `metric: primary` becomes each kind's own metric. Raises ConfigError."""
    path, kinds, catalogue, types = folder / "alarm_rules.yaml", load_kinds(folder), load_catalogue(folder), load_video_alarms(folder)
    common: dict[str, Field] = {
        "zh": (text, REQUIRED),
        "en": (text, REQUIRED),
        "kinds": (lambda raw: tuple(kinds) if raw == "all" else several_of(kinds)(raw), REQUIRED),
        "metric": (one_of("primary", *(metric.name for metric in catalogue)), REQUIRED),
        "type": (one_of(*RULE_TYPES), REQUIRED),
        "severity": (one_of(*SEVERITIES), REQUIRED),
        "source": (text, REQUIRED),
    }

    def fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
        kind = entry.get("type")
        of_type = TYPE_FIELDS.get(kind, EVERY_FIELD) if isinstance(kind, str) else EVERY_FIELD
        return {key: field for key, field in (common | of_type).items() if kind not in WITHOUT_METRIC or key != "metric"}

    rules: list[Rule] = []
    for rule_id, one in read_entries(path, fields).items():
        one.setdefault("metric", POSITION)
        if one["type"] == "stated":
            rules += _stated(path, rule_id, one, types)
            continue
        _check(path, rule_id, one, kinds, catalogue)
        rules += _rules(rule_id, one, kinds)
    return RuleBook(rules, load_alarm_care(folder).flapping)


def _stated(path: Path, rule_id: str, one: Mapping[str, Any], types: Collection[str]) -> list[Rule]:
    """One for each type of video alarm: each has a series of its own."""
    named = list(types) if one["types"] == "all" else one["types"]
    unknown = [name for name in named if name not in types]
    if unknown:
        raise wrong(path, rule_id, "types", unknown[0], f"a type of video_alarms.yaml: {', '.join(types)}")
    said = {"source": one["source"], "priorities": one["priorities"], "quiet_s": one["quiet_s"]}
    made = (rule_id, one["zh"], one["en"], one["kinds"])
    return [Rule(*made, series_of(name), "stated", one["severity"], **said) for name in dict.fromkeys(named)]


def _check(path: Path, rule_id: str, one: Mapping[str, Any], kinds: Mapping[str, DeviceKind], catalogue: MetricCatalogue) -> None:
    for kind in one["kinds"] if one["metric"] not in ("primary", POSITION) else ():
        if one["metric"] not in kinds[kind].metrics:
            raise wrong(path, rule_id, "metric", one["metric"], f"a metric of {kind}: {', '.join(kinds[kind].metrics)}")
    if one["type"] == "geofence" and bool(one["region"]) == bool(one["polygon"]):
        raise wrong(path, rule_id, "region", one["region"], "a region's code or `own`, or else a polygon: one of the two")
    if "raise" in one:
        _check_limits(path, rule_id, one, catalogue)
    _check_values(path, rule_id, "values", one.get("values", ()), _metrics(one, kinds), catalogue)
    if one.get("while") is not None:
        _check_condition(path, rule_id, one, kinds, catalogue)


def _check_condition(path: Path, rule_id: str, one: Mapping[str, Any], kinds: Mapping[str, DeviceKind], catalogue: MetricCatalogue) -> None:
    metric, values = one["while"]["metric"], one["while"]["values"]
    for kind in one["kinds"]:
        if metric not in kinds[kind].metrics or metric in _metrics(one, kinds):
            others = ", ".join(name for name in kinds[kind].metrics if name not in _metrics(one, kinds))
            raise wrong(path, rule_id, "while", metric, f"another metric of {kind}: {others}")
    _check_values(path, rule_id, "while", values, [metric], catalogue)


def _check_values(path: Path, rule_id: str, key: str, values: Iterable[Any], names: Iterable[str], catalogue: MetricCatalogue) -> None:
    for metric in (catalogue.get(name) for name in names):
        for value in values:
            if metric is not None and (fault := metric.fault(value)):
                raise wrong(path, rule_id, key, value, f"a value that {metric.name} can have ({fault.detail})")


def _check_limits(path: Path, rule_id: str, one: Mapping[str, Any], catalogue: MetricCatalogue) -> None:
    if (one["clear"] - one["raise"]) * (1 if one["op"] == "above" else -1) >= 0:
        side = "below" if one["op"] == "above" else "above"
        raise wrong(path, rule_id, "clear", one["clear"], f"a number {side} raise ({one['raise']:g})")
    metric = catalogue.get(one["metric"])
    if one["type"] != "rate" and metric is not None and metric.fault(one["raise"]) and metric.kind == "number":
        raise wrong(path, rule_id, "raise", one["raise"], f"a value within the metric's range, {metric.low} to {metric.high}")


def _metrics(one: Mapping[str, Any], kinds: Mapping[str, DeviceKind]) -> dict[str, list[str]]:
    """Metric -> the kinds for which the entry watches it."""
    found: dict[str, list[str]] = {}
    for kind in one["kinds"]:
        metric = kinds[kind].primary if one["metric"] == "primary" else one["metric"]
        if metric is not None:
            found.setdefault(metric, []).append(kind)
    return found


def _rules(rule_id: str, one: Mapping[str, Any], kinds: Mapping[str, DeviceKind]) -> list[Rule]:
    said = {FIELD_OF.get(key, key): one[key] for key in TYPE_FIELDS[one["type"]]}
    if "values" in said:
        said["values"] = _as_stored(said["values"])
    if condition := said.pop("while", None):
        said |= {"while_metric": condition["metric"], "while_values": _as_stored(condition["values"])}
    return [
        Rule(rule_id, one["zh"], one["en"], tuple(found), metric, one["type"], one["severity"], source=one["source"], **said)
        for metric, found in _metrics(one, kinds).items()
    ]


def _as_stored(values: Iterable[float | str | bool]) -> frozenset[float | str]:
    return frozenset(one if isinstance(one, str) else float(one) for one in values)
