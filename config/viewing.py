"""Reads viewing.yaml: what the city decides about watching cameras."""

from pathlib import Path

from config.strict import FOLDER, read_values, whole
from domain.event_time import DAY_MS
from domain.viewing import ViewingLimits

S, MINUTE = 1000, 60_000
MOST = 100_000
UNITS = {"s": S, "min": MINUTE, "d": DAY_MS}
OF = {
    "per_user": "viewings",
    "whole": "viewings",
    "beat": "s",
    "unwatched": "s",
    "linger": "s",
    "start": "s",
    "ticket": "s",
    "part": "s",
    "longest_recording": "min",
    "oldest_recording": "d",
    "shown_beside": "cameras",
    "by_stream": "viewings",
    "replay_before": "s",
    "replay_after": "s",
}
"""Entry -> its unit."""


def load_viewing(folder: Path = FOLDER) -> ViewingLimits:
    """The limits of viewing.yaml. Raises ConfigError."""
    found = read_values(folder / "viewing.yaml", dict.fromkeys(OF, whole(1, MOST)), OF)
    return ViewingLimits(**{_name(entry): value * UNITS.get(OF[entry], 1) for entry, value in found.items()})


def _name(entry: str) -> str:
    return f"{entry}_ms" if OF[entry] in UNITS else entry
