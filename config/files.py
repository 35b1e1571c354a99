"""Reads the files that a city changes: metrics.yaml, device_kinds.yaml; config/strict.py says how."""

from pathlib import Path
from typing import Any

from config.strict import (
    FOLDER,
    REQUIRED,
    ConfigError,
    Field,
    bounds,
    decimals,
    one_of,
    read_entries,
    several_of,
    text,
    unit,
    wrong,
)
from domain.metrics import DOMAINS, VALUE_KINDS, DeviceKind, Metric, MetricCatalogue

__all__ = ["FOLDER", "ConfigError", "load_catalogue", "load_kinds"]

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
