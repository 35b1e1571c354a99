"""Reads alarm_rules.yaml: when a value, a silence or a place is an alarm; with it what alarm_care.yaml says of flapping."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.alarm_care import load_alarm_care
from config.files import load_catalogue, load_kinds
from config.strict import FOLDER, REQUIRED, Field, at_least_one, not_negative, number, one_of, read_entries, several_of, text, wrong
from domain.alarm_rules import OPS, POSITION, RULE_TYPES, SEVERITIES, SIDES, Rule, RuleBook, area_of
from domain.metrics import DeviceKind, MetricCatalogue


def _several_times(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 2 <= raw <= 1000:
        raise ValueError("a whole number from 2 to 1000")
    return raw


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


LIMIT_FIELDS: dict[str, Field] = {"op": (one_of(*OPS), REQUIRED), "raise": (number, REQUIRED), "clear": (number, REQUIRED)}
HELD: dict[str, Field] = {"for_s": (not_negative, 0.0)}
TYPE_FIELDS: dict[str, dict[str, Field]] = {
    "threshold": LIMIT_FIELDS | HELD,
    "rate": LIMIT_FIELDS | HELD,
    "no_data": {"k": (at_least_one, REQUIRED)},
    "repetition": LIMIT_FIELDS | {"times": (_several_times, REQUIRED), "within_s": (at_least_one, REQUIRED)},
    "value_set": {"values": (_values, REQUIRED)} | HELD,
    "geofence": {"side": (one_of(*SIDES), REQUIRED), "region": (text, ""), "polygon": (_polygon, ())} | HELD,
}
EVERY_FIELD: dict[str, Field] = {key: field for fields in TYPE_FIELDS.values() for key, field in fields.items()}
"""What an entry may have whose type isn't one."""
FIELD_OF = {"raise": "raise_value", "clear": "clear_value"}
"""Keys that are called something else in a Rule."""


def load_rules(folder: Path = FOLDER) -> RuleBook:
    """The rules of alarm_rules.yaml; `metric: primary` becomes each kind's own metric. Raises ConfigError."""
    path, kinds, catalogue = folder / "alarm_rules.yaml", load_kinds(folder), load_catalogue(folder)
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
        return {key: field for key, field in (common | of_type).items() if kind != "geofence" or key != "metric"}

    rules: list[Rule] = []
    for rule_id, one in read_entries(path, fields).items():
        one.setdefault("metric", POSITION)
        _check(path, rule_id, one, kinds, catalogue)
        rules += _rules(rule_id, one, kinds)
    return RuleBook(rules, load_alarm_care(folder).flapping)


def _check(path: Path, rule_id: str, one: Mapping[str, Any], kinds: Mapping[str, DeviceKind], catalogue: MetricCatalogue) -> None:
    for kind in one["kinds"] if one["metric"] not in ("primary", POSITION) else ():
        if one["metric"] not in kinds[kind].metrics:
            raise wrong(path, rule_id, "metric", one["metric"], f"a metric of {kind}: {', '.join(kinds[kind].metrics)}")
    if one["type"] == "geofence" and bool(one["region"]) == bool(one["polygon"]):
        raise wrong(path, rule_id, "region", one["region"], "a region's code or `own`, or else a polygon: one of the two")
    if "raise" in one:
        _check_limits(path, rule_id, one, catalogue)
    for value in one.get("values", ()):
        for metric in (catalogue.get(name) for name in _metrics(one, kinds)):
            if metric is not None and (fault := metric.fault(value)):
                raise wrong(path, rule_id, "values", value, f"a value that {metric.name} can have ({fault.detail})")


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
        said["values"] = frozenset(one if isinstance(one, str) else float(one) for one in said["values"])
    return [
        Rule(rule_id, one["zh"], one["en"], tuple(found), metric, one["type"], one["severity"], source=one["source"], **said)
        for metric, found in _metrics(one, kinds).items()
    ]
