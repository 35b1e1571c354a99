"""Reads wall_care.yaml: how each wall is looked after where nobody sits near. Strictly, as config/strict.py says."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, number, one_of, read_entries, text, whole
from domain.wall_state import SCREENS, WallCare

DEFAULT = "default"
"""How a wall is looked after that has no entry of its own."""
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")


def load_wall_care(path: Path = FOLDER / "wall_care.yaml") -> dict[str, WallCare]:
    """Code -> care. Raises ConfigError, also where there is no `default`."""
    entries = read_entries(path, fields)
    if DEFAULT not in entries:
        raise ConfigError(f"{path.name}: {DEFAULT}: is missing")
    return {code: WallCare(code, *(entry[name] for name in FIELDS if name != "source")) for code, entry in entries.items()}


def fields(_: Mapping[str, Any] = {}) -> dict[str, Field]:
    """The keys of a wall."""
    return {name: (read, REQUIRED) for name, read in FIELDS.items()}


def _time(raw: Any) -> int:
    if not isinstance(raw, str) or not TIME.match(raw):
        raise ValueError('a time of day in quotes, "HH:MM"')
    return int(raw[:2]) * 60 + int(raw[3:])


def _share(raw: Any) -> float:
    if not 0.1 <= number(raw) <= 1:
        raise ValueError("a number from 0.1 to 1")
    return float(raw)


FIELDS = {
    "screens": one_of(*SCREENS),
    "night_from": _time,
    "night_to": _time,
    "dim_to": _share,
    "shift_px": whole(0, 40),
    "shift_minutes": whole(1, 1_440),
    "source": text,
}
