"""Reads notices.yaml: how people are told and called."""

from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, at_least_one, not_negative, read_entries, several_of, text
from domain.notices import CHANNELS, CallRule


def _calls(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 10:
        raise ValueError("a whole number from 1 to 10")
    return raw


FIELDS: dict[str, Field] = {
    "calls": (_calls, REQUIRED),
    "wait_s": (at_least_one, REQUIRED),
    "channels": (several_of(dict.fromkeys(CHANNELS)), REQUIRED),
    "after_s": (not_negative, 0.0),
    "source": (text, REQUIRED),
}


def load_call_rules(folder: Path = FOLDER) -> dict[str, CallRule]:
    """Template -> how its people are called. Raises ConfigError, also where `default` is missing or a rule leaves the application out."""
    path = folder / "notices.yaml"
    rules = {name: CallRule(**one) for name, one in read_entries(path, lambda _: FIELDS).items()}
    if "default" not in rules:
        raise ConfigError(f"{path.name}: default: is missing")
    for name, rule in rules.items():
        if "app" not in rule.channels:
            raise ConfigError(f"{path.name}: {name}: channels: {list(rule.channels)!r}: expected app among them, which always works")
    return rules
