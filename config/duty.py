"""Reads duty.yaml: posts that are owed, shifts of a day, how far ahead gaps are looked for and what they are as alarms."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, at_least_one, not_negative, one_of, read_entries, text, whole
from domain.alarm_rules import SEVERITIES
from domain.duty import GAP_STATES, POSTS, DutyRules

MOST_PEOPLE, MOST_DAYS = 100, 31
HOUR_MS, MINUTE_MS = 3_600_000, 60_000


def _time(raw: Any) -> int:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", raw) if isinstance(raw, str) else None
    if not found:
        raise ValueError('a time of day as "08:00"')
    return int(found[1]) * 60 + int(found[2])


POST_FIELDS: dict[str, Field] = {"owed": (whole(0, MOST_PEOPLE), REQUIRED), "source": (text, REQUIRED)}
SHIFT_FIELDS: dict[str, Field] = {"starts": (_time, REQUIRED), "ends": (_time, REQUIRED), "source": (text, REQUIRED)}
GAP_FIELDS: dict[str, Field] = {
    "ahead": (whole(0, MOST_DAYS), REQUIRED),
    **dict.fromkeys(GAP_STATES, (one_of(*SEVERITIES), REQUIRED)),
    "source": (text, REQUIRED),
}
LIMIT_FIELDS: dict[str, Field] = {"longest_h": (at_least_one, REQUIRED), "early_min": (not_negative, REQUIRED), "source": (text, REQUIRED)}
OWN_FIELDS = {"owed": POST_FIELDS, "ahead": GAP_FIELDS, "longest_h": LIMIT_FIELDS, "early_min": LIMIT_FIELDS}
"""A key that only one kind of entry has -> that kind's keys; any other entry is a shift."""


def _fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
    return next((fields for key, fields in OWN_FIELDS.items() if key in entry), SHIFT_FIELDS)


def load_duty_rules(folder: Path = FOLDER) -> DutyRules:
    """The rules of duty.yaml. Raises ConfigError."""
    path = folder / "duty.yaml"
    found = read_entries(path, _fields)
    owed = {name: one["owed"] for name, one in found.items() if "owed" in one}
    if unknown := sorted(set(owed) - set(POSTS)):
        raise ConfigError(f"{path.name}: {unknown[0]}: expected one of {', '.join(POSTS)}")
    for name, key in (("gaps", "ahead"), ("limits", "longest_h")):
        if key not in found.get(name, ()):
            raise ConfigError(f"{path.name}: {name}: is missing")
    limits, gaps = found["limits"], found["gaps"]
    severities = {state: gaps[state] for state in GAP_STATES}
    patterns = {name: (one["starts"], one["ends"]) for name, one in found.items() if "starts" in one}
    longest_ms, early_ms = round(limits["longest_h"] * HOUR_MS), round(limits["early_min"] * MINUTE_MS)
    return DutyRules(owed, patterns, gaps["ahead"], longest_ms, early_ms, severities)
