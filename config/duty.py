"""Reads duty.yaml: posts that are owed, shifts of a day, how far ahead gaps are looked for."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, read_entries, text
from domain.duty import POSTS, DutyRules

MOST_PEOPLE, MOST_DAYS = 100, 31


def _whole(most: int) -> Any:
    def read(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= most:
            raise ValueError(f"a whole number from 0 to {most}")
        return raw

    return read


def _time(raw: Any) -> int:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", raw) if isinstance(raw, str) else None
    if not found:
        raise ValueError('a time of day as "08:00"')
    return int(found[1]) * 60 + int(found[2])


POST_FIELDS: dict[str, Field] = {"owed": (_whole(MOST_PEOPLE), REQUIRED), "source": (text, REQUIRED)}
SHIFT_FIELDS: dict[str, Field] = {"starts": (_time, REQUIRED), "ends": (_time, REQUIRED), "source": (text, REQUIRED)}
GAP_FIELDS: dict[str, Field] = {"ahead": (_whole(MOST_DAYS), REQUIRED), "source": (text, REQUIRED)}


def _fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
    return POST_FIELDS if "owed" in entry else GAP_FIELDS if "ahead" in entry else SHIFT_FIELDS


def load_duty_rules(folder: Path = FOLDER) -> DutyRules:
    """The rules of duty.yaml. Raises ConfigError."""
    path = folder / "duty.yaml"
    found = read_entries(path, _fields)
    owed = {name: one["owed"] for name, one in found.items() if "owed" in one}
    if unknown := sorted(set(owed) - set(POSTS)):
        raise ConfigError(f"{path.name}: {unknown[0]}: expected one of {', '.join(POSTS)}")
    if "gaps" not in found or "ahead" not in found["gaps"]:
        raise ConfigError(f"{path.name}: gaps: is missing")
    patterns = {name: (one["starts"], one["ends"]) for name, one in found.items() if "starts" in one}
    return DutyRules(owed, patterns, found["gaps"]["ahead"])
