"""Reads the files that a city changes: metrics.yaml, device_kinds.yaml, alarm_rules.yaml. Strictly: an error is one line that names
file, entry, key, value, and what was expected; an unknown or missing key is an error too."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from domain.alarms import OPS, RULE_TYPES, SEVERITIES, Rule, RuleBook
from domain.metrics import DOMAINS, VALUE_KINDS, DeviceKind, Metric, MetricCatalogue

FOLDER = Path(__file__).parent
REQUIRED: Any = object()
Field = tuple[Callable[[Any], Any], Any]
"""How to read a value (raises ValueError saying what was expected), and its default, or REQUIRED."""


class ConfigError(ValueError):
    """A configuration file is wrong; the text is one line for the person who edits it."""


class _Loader(yaml.SafeLoader):
    """YAML without a key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) != len(node.value):
            keys = [key.value for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"{twice!r} is there twice", node.start_mark)
        return mapping


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("text")
    return raw


def _unit(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError("text, empty where there is no unit")
    return raw


def _number(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != raw or abs(raw) == float("inf"):
        raise ValueError("a number")
    return float(raw)


def _not_negative(raw: Any) -> float:
    if _number(raw) < 0:
        raise ValueError("a number, 0 or more")
    return float(raw)


def _at_least_one(raw: Any) -> float:
    if _number(raw) < 1:
        raise ValueError("a number, 1 or more")
    return float(raw)


def _decimals(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= 6:
        raise ValueError("a whole number from 0 to 6")
    return raw


def _range(raw: Any) -> tuple[float | None, float | None]:
    expected = "[low, high], low below high, null for no bound"
    if not isinstance(raw, list) or len(raw) != 2:
        raise ValueError(expected)
    try:
        low, high = (None if end is None else _number(end) for end in raw)
    except ValueError:
        raise ValueError(expected) from None
    if low is not None and high is not None and low >= high:
        raise ValueError(expected)
    return low, high


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def read(raw: Any) -> str:
        if not isinstance(raw, str) or raw not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return raw

    return read


def _several_of(allowed: Mapping[str, Any]) -> Callable[[Any], tuple[str, ...]]:
    def read(raw: Any) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(one, str) and one in allowed for one in raw) or len(set(raw)) != len(raw):
            raise ValueError(f"a list, none twice, of {', '.join(allowed)}")
        return tuple(raw)

    return read


def _read(path: Path, fields: Callable[[Mapping[str, Any]], Mapping[str, Field]]) -> dict[str, dict[str, Any]]:
    """Entry -> key -> value. `fields` gives the keys an entry may have, from what it says."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path.name}: {raw!r}: expected entries, each a name with its keys")
    for name, entry in raw.items():
        if not isinstance(name, str) or not isinstance(entry, dict):
            raise ConfigError(f"{path.name}: {name}: {entry!r}: expected a name with keys")
    return {name: _entry(path, name, entry, fields(entry)) for name, entry in raw.items()}


def _entry(path: Path, name: str, entry: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    for key, value in entry.items():
        if key not in fields:
            raise _wrong(path, name, key, value, f"a known key: {', '.join(fields)}")
    found = {}
    for key, (read, default) in fields.items():
        if key not in entry:
            if default is REQUIRED:
                raise ConfigError(f"{path.name}: {name}: {key}: is missing")
            found[key] = default
            continue
        try:
            found[key] = read(entry[key])
        except ValueError as error:
            raise _wrong(path, name, key, entry[key], str(error)) from None
    return found


def _wrong(path: Path, name: str, key: str, value: Any, expected: str) -> ConfigError:
    return ConfigError(f"{path.name}: {name}: {key}: {value!r}: expected {expected}")


METRIC_FIELDS: dict[str, Field] = {
    "zh": (_text, REQUIRED),
    "en": (_text, REQUIRED),
    "unit": (_unit, REQUIRED),
    "kind": (_one_of(*VALUE_KINDS), REQUIRED),
    "range": (_range, REQUIRED),
    "decimals": (_decimals, REQUIRED),
    "source": (_text, REQUIRED),
}


def load_catalogue(folder: Path = FOLDER) -> MetricCatalogue:
    """The metrics of metrics.yaml. Raises ConfigError."""
    found = _read(folder / "metrics.yaml", lambda _: METRIC_FIELDS)
    return MetricCatalogue(_metric(name, **one) for name, one in found.items())


def _metric(name: str, range: tuple[float | None, float | None], **one: Any) -> Metric:
    return Metric(name=name, low=range[0], high=range[1], **one)


def load_kinds(folder: Path = FOLDER) -> dict[str, DeviceKind]:
    """The kinds of device_kinds.yaml, by their code. Raises ConfigError."""
    path, known = folder / "device_kinds.yaml", {metric.name: metric for metric in load_catalogue(folder)}
    fields: dict[str, Field] = {
        "zh": (_text, REQUIRED),
        "en": (_text, REQUIRED),
        "domain": (_one_of(*DOMAINS), REQUIRED),
        "department": (_text, REQUIRED),
        "primary": (lambda raw: None if raw is None else _one_of(*known)(raw), REQUIRED),
        "metrics": (_several_of(known), REQUIRED),
        "source": (_text, REQUIRED),
    }
    found = {kind: DeviceKind(kind=kind, **one) for kind, one in _read(path, lambda _: fields).items()}
    for one in found.values():
        if one.primary is not None and one.primary not in one.metrics:
            raise _wrong(path, one.kind, "primary", one.primary, "one of its metrics, or null")
    return found


LIMIT_FIELDS: dict[str, Field] = {
    "op": (_one_of(*OPS), REQUIRED),
    "raise": (_number, REQUIRED),
    "clear": (_number, REQUIRED),
    "for_s": (_not_negative, 0.0),
}
TYPE_FIELDS: dict[Any, dict[str, Field]] = {"threshold": LIMIT_FIELDS, "rate": LIMIT_FIELDS, "no_data": {"k": (_at_least_one, REQUIRED)}}


def load_rules(folder: Path = FOLDER) -> RuleBook:
    """The rules of alarm_rules.yaml; `metric: primary` becomes each kind's own metric. Raises ConfigError."""
    path, kinds, catalogue = folder / "alarm_rules.yaml", load_kinds(folder), load_catalogue(folder)
    common: dict[str, Field] = {
        "zh": (_text, REQUIRED),
        "en": (_text, REQUIRED),
        "kinds": (lambda raw: tuple(kinds) if raw == "all" else _several_of(kinds)(raw), REQUIRED),
        "metric": (_one_of("primary", *(metric.name for metric in catalogue)), REQUIRED),
        "type": (_one_of(*RULE_TYPES), REQUIRED),
        "severity": (_one_of(*SEVERITIES), REQUIRED),
        "source": (_text, REQUIRED),
    }

    def fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
        kind = entry.get("type")
        return common | (TYPE_FIELDS.get(kind, LIMIT_FIELDS | TYPE_FIELDS["no_data"]) if isinstance(kind, str) else {})

    rules: list[Rule] = []
    for rule_id, one in _read(path, fields).items():
        _check_rule(path, rule_id, one, kinds, catalogue)
        rules += _rules(rule_id, one, kinds)
    return RuleBook(rules)


def _check_rule(path: Path, rule_id: str, one: Mapping[str, Any], kinds: Mapping[str, DeviceKind], catalogue: MetricCatalogue) -> None:
    for kind in one["kinds"]:
        if one["metric"] != "primary" and one["metric"] not in kinds[kind].metrics:
            raise _wrong(path, rule_id, "metric", one["metric"], f"a metric of {kind}: {', '.join(kinds[kind].metrics)}")
    if one["type"] == "no_data":
        return
    if (one["clear"] - one["raise"]) * (1 if one["op"] == "above" else -1) >= 0:
        side = "below" if one["op"] == "above" else "above"
        raise _wrong(path, rule_id, "clear", one["clear"], f"a number {side} raise ({one['raise']:g})")
    metric = catalogue.get(one["metric"])
    if one["type"] == "threshold" and metric is not None and metric.fault(one["raise"]) and metric.kind == "number":
        raise _wrong(path, rule_id, "raise", one["raise"], f"a value within the metric's range, {metric.low} to {metric.high}")


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
