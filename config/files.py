"""Reads the files that a city changes: metrics.yaml, device_kinds.yaml, alarm_rules.yaml; config/strict.py says how."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import (
    FOLDER,
    REQUIRED,
    ConfigError,
    Field,
    at_least_one,
    bounds,
    decimals,
    not_negative,
    number,
    one_of,
    read_entries,
    several_of,
    text,
    unit,
    wrong,
)
from domain.alarms import OPS, RULE_TYPES, SEVERITIES, Rule, RuleBook
from domain.metrics import DOMAINS, VALUE_KINDS, DeviceKind, Metric, MetricCatalogue

__all__ = ["FOLDER", "ConfigError", "load_catalogue", "load_kinds", "load_rules"]

METRIC_FIELDS: dict[str, Field] = {
    "zh": (text, REQUIRED),
    "en": (text, REQUIRED),
    "unit": (unit, REQUIRED),
    "kind": (one_of(*VALUE_KINDS), REQUIRED),
    "range": (bounds, REQUIRED),
    "decimals": (decimals, REQUIRED),
    "source": (text, REQUIRED),
}


def load_catalogue(folder: Path = FOLDER) -> MetricCatalogue:
    """The metrics of metrics.yaml. Raises ConfigError."""
    found = read_entries(folder / "metrics.yaml", lambda _: METRIC_FIELDS)
    return MetricCatalogue(_metric(name, **one) for name, one in found.items())


def _metric(name: str, range: tuple[float | None, float | None], **one: Any) -> Metric:
    return Metric(name=name, low=range[0], high=range[1], **one)


def load_kinds(folder: Path = FOLDER) -> dict[str, DeviceKind]:
    """The kinds of device_kinds.yaml, by their code. Raises ConfigError."""
    path, known = folder / "device_kinds.yaml", {metric.name: metric for metric in load_catalogue(folder)}
    fields: dict[str, Field] = {
        "zh": (text, REQUIRED),
        "en": (text, REQUIRED),
        "domain": (one_of(*DOMAINS), REQUIRED),
        "department": (text, REQUIRED),
        "primary": (lambda raw: None if raw is None else one_of(*known)(raw), REQUIRED),
        "metrics": (several_of(known), REQUIRED),
        "source": (text, REQUIRED),
    }
    found = {kind: DeviceKind(kind=kind, **one) for kind, one in read_entries(path, lambda _: fields).items()}
    for one in found.values():
        if one.primary is not None and one.primary not in one.metrics:
            raise wrong(path, one.kind, "primary", one.primary, "one of its metrics, or null")
    return found


LIMIT_FIELDS: dict[str, Field] = {
    "op": (one_of(*OPS), REQUIRED),
    "raise": (number, REQUIRED),
    "clear": (number, REQUIRED),
    "for_s": (not_negative, 0.0),
}
TYPE_FIELDS: dict[Any, dict[str, Field]] = {"threshold": LIMIT_FIELDS, "rate": LIMIT_FIELDS, "no_data": {"k": (at_least_one, REQUIRED)}}


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
        return common | (TYPE_FIELDS.get(kind, LIMIT_FIELDS | TYPE_FIELDS["no_data"]) if isinstance(kind, str) else {})

    rules: list[Rule] = []
    for rule_id, one in read_entries(path, fields).items():
        _check_rule(path, rule_id, one, kinds, catalogue)
        rules += _rules(rule_id, one, kinds)
    return RuleBook(rules)


def _check_rule(path: Path, rule_id: str, one: Mapping[str, Any], kinds: Mapping[str, DeviceKind], catalogue: MetricCatalogue) -> None:
    for kind in one["kinds"]:
        if one["metric"] != "primary" and one["metric"] not in kinds[kind].metrics:
            raise wrong(path, rule_id, "metric", one["metric"], f"a metric of {kind}: {', '.join(kinds[kind].metrics)}")
    if one["type"] == "no_data":
        return
    if (one["clear"] - one["raise"]) * (1 if one["op"] == "above" else -1) >= 0:
        side = "below" if one["op"] == "above" else "above"
        raise wrong(path, rule_id, "clear", one["clear"], f"a number {side} raise ({one['raise']:g})")
    metric = catalogue.get(one["metric"])
    if one["type"] == "threshold" and metric is not None and metric.fault(one["raise"]) and metric.kind == "number":
        raise wrong(path, rule_id, "raise", one["raise"], f"a value within the metric's range, {metric.low} to {metric.high}")


def _rules(rule_id: str, one: Mapping[str, Any], kinds: Mapping[str, DeviceKind]) -> list[Rule]:
    by_metric: dict[str, list[str]] = {}
    for kind in one["kinds"]:
        metric = kinds[kind].primary if one["metric"] == "primary" else one["metric"]
        if metric is not None:
            by_metric.setdefault(metric, []).append(kind)
    limits = (
        {"op": one["op"], "raise_value": one["raise"], "clear_value": one["clear"], "for_s": one["for_s"]}
        if "op" in one
        else {"k": one["k"]}
    )
    return [
        Rule(rule_id, one["zh"], one["en"], tuple(found), metric, one["type"], one["severity"], source=one["source"], **limits)
        for metric, found in by_metric.items()
    ]
