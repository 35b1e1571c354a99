"""Reads freshness.yaml: when values, feeds and the city's own parts count as old or late. Strictly (config/strict.py)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import FOLDER, ConfigError, at_least_one, number, read_values
from domain.freshness import Freshness

FILE = "freshness.yaml"


def _share(raw: Any) -> float:
    if not 0 <= number(raw) < 1:
        raise ValueError("a share from 0 to below 1")
    return float(raw)


ENTRIES: Mapping[str, tuple[str, Any]] = {
    "stale_after": ("intervals", at_least_one),
    "silent_after": ("intervals", at_least_one),
    "judged_within": ("s", at_least_one),
    "lag_limit": ("s", at_least_one),
    "beat_limit": ("s", at_least_one),
    "disk_left": ("share", _share),
}
"""Entry -> the unit that it is in, and how its value is read."""


def load_freshness(folder: Path = FOLDER) -> Freshness:
    """What freshness.yaml says. Raises ConfigError, also for an entry that is missing, unknown or in another unit."""
    path = folder / FILE
    found = read_values(path, {name: read for name, (_, read) in ENTRIES.items()}, {name: unit for name, (unit, _) in ENTRIES.items()})
    if found["silent_after"] <= 1:
        raise ConfigError(f"{path.name}: silent_after: value: {found['silent_after']:g}: expected more than 1, a feed is late from 1 on")
    judged_ms = round(found["judged_within"] * 1000)
    limits = (found[name] for name in ("lag_limit", "beat_limit", "disk_left"))
    return Freshness(found["stale_after"], found["silent_after"], judged_ms, *limits)
