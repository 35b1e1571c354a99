"""Reads told_scenes.yaml: what is told to visitors over which scenes. Strictly, as config/strict.py says.

A scene with a panel that could show personal data is refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, read_entries, read_entry, text, whole
from domain.told import FOR_VISITORS, Caption, Told
from domain.walls import Scene

CAPTION_FIELDS: dict[str, Field] = {"scene": (text, REQUIRED), "zh": (text, REQUIRED), "en": (text, REQUIRED)}
FIELDS: dict[str, Field] = {
    "zh": (text, REQUIRED),
    "en": (text, REQUIRED),
    "seconds": (whole(0, 3_600), REQUIRED),
    "captions": (lambda raw: _list(raw), REQUIRED),
}


def load_told(scenes: Mapping[str, Scene], path: Path = FOLDER / "told_scenes.yaml") -> dict[str, Told]:
    """Code -> told scene. `scenes` are those of displays.yaml. Raises ConfigError."""
    entries = read_entries(path, lambda _: FIELDS)
    return {code: _told(path, code, entry, scenes) for code, entry in entries.items()}


def _told(path: Path, code: str, entry: Mapping[str, Any], scenes: Mapping[str, Scene]) -> Told:
    read = [read_entry(path, f"{code}.captions", one, CAPTION_FIELDS) for one in entry["captions"]]
    for one in read:
        if one["scene"] not in scenes:
            raise ConfigError(f"{path.name}: {code}: scene: {one['scene']!r}: expected a scene of displays.yaml")
        if private := sorted(set(scenes[one["scene"]].panels) - FOR_VISITORS):
            raise ConfigError(f"{path.name}: {code}: scene: {one['scene']!r}: has {', '.join(private)}, which may show personal data")
    return Told(code, entry["zh"], entry["en"], entry["seconds"], tuple(Caption(**one) for one in read))


def _list(raw: Any) -> list[Any]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, dict) for one in raw):
        raise ValueError("a list of captions, each {scene, zh, en}")
    return raw
