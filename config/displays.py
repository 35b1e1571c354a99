"""Reads config/displays.yaml, strictly: an error names the file, the place, the value and what was expected."""

from pathlib import Path
from typing import Any

import yaml

from domain.displays import FOLDS, LAYERS, Display, Figure, Trend

FILE = Path(__file__).with_name("displays.yaml")
FIGURE_KEYS = {"id", "kind", "metric", "fold", "normal", "where", "source"}
TREND_KEYS = {"metric", "fold", "normal", "source"}
DISPLAY_KEYS = {"panels", "rows", "hours", "figures", "trends", "exercises", "layers"}


class DisplayError(ValueError):
    """displays.yaml is wrong; the text says where and what was expected."""


def load_displays(path: Path = FILE) -> dict[str, Display]:
    """Face name -> what it shows. Raises DisplayError."""
    held = yaml.safe_load(path.read_text("utf-8"))
    faces = {name: value for name, value in held.items() if name not in ("figures", "trends")}
    return {name: _display(path, name, value) for name, value in faces.items()}


def _display(path: Path, name: str, value: dict[str, Any]) -> Display:
    _keys(path, name, value, DISPLAY_KEYS)
    return Display(
        tuple(value["panels"]),
        dict(value["rows"]),
        tuple(Figure(**_item(path, f"{name}.figures", item, FIGURE_KEYS)) for item in value["figures"]),
        tuple(Trend(**_item(path, f"{name}.trends", item, TREND_KEYS)) for item in value["trends"]),
        int(value["hours"]),
        value["exercises"] is True,
        _layers(path, name, value["layers"]),
    )


def _layers(path: Path, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not set(value) <= set(LAYERS):
        raise DisplayError(f"{path.name}: {name}.layers {value!r}: expected a list out of {', '.join(LAYERS)}")
    return tuple(value)


def _item(path: Path, place: str, item: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    _keys(path, place, item, keys)
    if item["fold"] not in FOLDS:
        raise DisplayError(f"{path.name}: {place}: fold {item['fold']!r}: expected one of {', '.join(FOLDS)}")
    normal = item["normal"]
    if not (isinstance(normal, list) and len(normal) == 2 and all(end is None or isinstance(end, int | float) for end in normal)):
        raise DisplayError(f"{path.name}: {place}: normal {normal!r}: expected [low or null, high or null]")
    return {**item, "normal": tuple(normal)}


def _keys(path: Path, place: str, value: Any, keys: set[str]) -> None:
    found = set(value) if isinstance(value, dict) else set()
    if found != keys:
        wrong = ", ".join(sorted(found ^ keys))
        raise DisplayError(f"{path.name}: {place}: {wrong}: expected exactly {', '.join(sorted(keys))}")
