"""Reads config/displays.yaml, strictly: an error names the file, the place, the value and what was expected."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from domain.displays import FOLDS, LAYERS, Display, Figure, Trend

FILE = Path(__file__).with_name("displays.yaml")
SHARED = {"figures", "trends", "more_figures", "more_trends", "scenes", "walls", "takeover"}
"""What faces and scenes take from; config/walls.py reads the last three."""
FIGURE_KEYS = {"id", "kind", "metric", "fold", "normal", "where", "source"}
TREND_KEYS = {"metric", "fold", "normal", "source"}
DISPLAY_KEYS = {"panels", "rows", "hours", "figures", "trends", "exercises", "layers", "pictures"}
WALL, WALL_KEYS = "big", {"hours", "exercises", "layers", "pictures"}
"""What stands on a wall is said by its scenes (config/walls.py)."""


class DisplayError(ValueError):
    """displays.yaml is wrong; the text says where and what was expected."""


def load_displays(path: Path = FILE, panels: Collection[str] | None = None) -> dict[str, Display]:
    """Face name -> what it shows. `panels`: the names that there are, where they are known. Raises DisplayError."""
    held = yaml.safe_load(path.read_text("utf-8"))
    found = {name: _display(path, name, value) for name, value in held.items() if name not in SHARED}
    for name, display in found.items():
        if unknown := sorted(set(display.panels) - set(display.panels if panels is None else panels)):
            raise DisplayError(f"{path.name}: {name}.panels: {', '.join(unknown)}: expected panels that there are")
    return found


def _display(path: Path, name: str, value: dict[str, Any]) -> Display:
    _keys(path, name, value, WALL_KEYS if name == WALL else DISPLAY_KEYS)
    return Display(
        tuple(value.get("panels", ())),
        dict(value.get("rows", {})),
        items(path, f"{name}.figures", value.get("figures", []), FIGURE_KEYS),
        items(path, f"{name}.trends", value.get("trends", []), TREND_KEYS),
        int(value["hours"]),
        value["exercises"] is True,
        _layers(path, name, value["layers"]),
        value["pictures"] is True,
    )


def items(path: Path, place: str, held: list[dict[str, Any]], keys: set[str]) -> tuple[Any, ...]:
    """Figures or trends, by the keys they have. Raises DisplayError."""
    made: type[Figure] | type[Trend] = Figure if keys is FIGURE_KEYS else Trend
    return tuple(made(**_item(path, place, item, keys)) for item in held)


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
