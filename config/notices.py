"""Reads notices.yaml: how people are told and called, and how long what was sent is kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, at_least_one, not_negative, number, read_entries, several_of, text, whole
from domain.notices import CHANNELS, CallRule, Delivery


def _days(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= MOST_DAYS:
        raise ValueError(f"a whole number of days from 1 to {MOST_DAYS}")
    return raw


def _pauses(raw: Any) -> tuple[float, ...]:
    if not isinstance(raw, list) or not raw or any(number(one) <= 0 for one in raw) or sorted(raw) != raw:
        raise ValueError("a list of seconds, none shorter than the one before")
    return tuple(float(one) for one in raw)


MOST_ATTEMPTS, MOST_DAYS = 100, 36_500
FIELDS: dict[str, Field] = {
    "calls": (whole(1, 10), REQUIRED),
    "wait_s": (at_least_one, REQUIRED),
    "channels": (several_of(dict.fromkeys(CHANNELS)), REQUIRED),
    "after_s": (not_negative, 0.0),
    "source": (text, REQUIRED),
}

DELIVERY = "delivery"
DELIVERY_FIELDS: dict[str, Field] = {
    "pauses_s": (_pauses, REQUIRED),
    "attempts": (whole(1, MOST_ATTEMPTS), REQUIRED),
    "claim_s": (at_least_one, REQUIRED),
    "test_pause_s": (at_least_one, REQUIRED),
    "source": (text, REQUIRED),
}
FORGET = "forget"
FORGET_FIELDS: dict[str, Field] = {"days": (_days, REQUIRED), "source": (text, REQUIRED)}


def _entries(folder: Path) -> dict[str, dict[str, Any]]:
    def fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
        return FORGET_FIELDS if "days" in entry else DELIVERY_FIELDS if "attempts" in entry else FIELDS

    return read_entries(folder / "notices.yaml", fields)


def load_notices_kept(folder: Path = FOLDER) -> int:
    """For how many days notices that were sent are kept. Raises ConfigError."""
    found = _entries(folder).get(FORGET, {})
    if "days" not in found:
        raise ConfigError(f"notices.yaml: {FORGET}: is missing")
    return int(found["days"])


def load_delivery(folder: Path = FOLDER) -> Delivery:
    """How notices are sent. Raises ConfigError."""
    found = _entries(folder).get(DELIVERY, {})
    if "attempts" not in found:
        raise ConfigError(f"notices.yaml: {DELIVERY}: is missing")
    return Delivery(found["pauses_s"], found["attempts"], found["claim_s"], found["test_pause_s"])


def load_call_rules(folder: Path = FOLDER) -> dict[str, CallRule]:
    """Template -> how its people are called. Raises ConfigError, also where `default` is missing or a rule leaves the application out."""
    path = folder / "notices.yaml"
    rules = {name: CallRule(**one) for name, one in _entries(folder).items() if "calls" in one}
    if "default" not in rules:
        raise ConfigError(f"{path.name}: default: is missing")
    for name, rule in rules.items():
        if "app" not in rule.channels:
            raise ConfigError(f"{path.name}: {name}: channels: {list(rule.channels)!r}: expected app among them, which always works")
    return rules
