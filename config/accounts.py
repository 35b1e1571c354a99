"""Reads accounts.yaml: what this city asks of passwords and sessions. Strictly, as config/strict.py says."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, read_entries, text
from domain.sign_in import PASSWORD_LENGTH, Policy

YEAR = 366
LIMITS = {
    "shortest": (8, PASSWORD_LENGTH[1]),
    "kinds": (1, 4),
    "change_after_days": (0, 10 * YEAR),
    "free_failures": (1, 1_000),
    "longest_wait_s": (1, 86_400),
    "idle_minutes": (1, 60 * 24 * 31),
    "administrator_idle_minutes": (1, 60 * 24),
    "session_days": (1, 31),
    "token_days": (1, 10 * YEAR),
}
"""Entry -> the least and the most that can be meant."""


def load_account_policy(path: Path = FOLDER / "accounts.yaml") -> Policy:
    """The policy of the file; every entry has a whole `value` and a `source`. Raises ConfigError."""
    entries = read_entries(path, lambda entry: {"value": (_whole, REQUIRED), "source": (text, REQUIRED)})
    known = [field.name for field in fields(Policy)]
    if set(entries) != set(known):
        raise ConfigError(f"{path.name}: {', '.join(sorted(set(entries) ^ set(known)))}: expected exactly the entries {', '.join(known)}")
    return Policy(**{name: _within(path, name, entry["value"]) for name, entry in entries.items()})


def _within(path: Path, name: str, value: int) -> int:
    low, high = LIMITS[name]
    if not low <= value <= high:
        raise ConfigError(f"{path.name}: {name}: value: {value}: expected a whole number from {low} to {high}")
    return value


def _whole(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError("a whole number")
    return raw
