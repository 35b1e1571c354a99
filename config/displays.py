"""Reads config/displays.yaml, strictly: an error names the file, the place, the value and what was expected."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from config.strict import ConfigError, read_tree, whole, yes_or_no
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
    held = displays_tree(path)
    found = {name: _display(path, name, value) for name, value in held.items() if name not in SHARED}
    for name, display in found.items():
        if unknown := sorted(set(display.panels) - set(display.panels if panels is None else panels)):
            raise DisplayError(f"{path.name}: {name}.panels: {', '.join(unknown)}: expected panels that there are")
    return found


def displays_tree(path: Path) -> dict[str, Any]:
    """The file as it stands, with all that faces and scenes take from. Raises DisplayError."""
    try:
        held = read_tree(path)
    except ConfigError as error:
        raise DisplayError(str(error)) from error
    if missing := sorted({WALL, *SHARED} - set(held)):
        raise DisplayError(f"{path.name}: {missing[0]}: is missing")
    return held


def _display(path: Path, name: str, value: dict[str, Any]) -> Display:
    _keys(path, name, value, WALL_KEYS if name == WALL else DISPLAY_KEYS)
    return Display(
        tuple(value.get("panels", ())),
        dict(value.get("rows", {})),
        items(path, f"{name}.figures", value.get("figures", []), FIGURE_KEYS),
        items(path, f"{name}.trends", value.get("trends", []), TREND_KEYS),
        _read(path, name, "hours", value, whole(1)),
        _read(path, name, "exercises", value, yes_or_no),
        _layers(path, name, value["layers"]),
        _read(path, name, "pictures", value, yes_or_no),
    )


def _read(path: Path, name: str, key: str, value: dict[str, Any], reader: Callable[[Any], Any]) -> Any:
    try:
        return reader(value[key])
    except ValueError as error:
        raise DisplayError(f"{path.name}: {name}: {key}: {value[key]!r}: expected {error}") from error


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
