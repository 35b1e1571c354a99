"""Reads alarm_care.yaml: flapping, groups, acknowledgements that expire, how long silences last and what is over is shown."""

from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, at_least_one, not_negative, one_of, read_entries, read_entry, text
from domain.alarm_care import AlarmCare, Nearness, Storm
from domain.alarm_flapping import Flapping
from domain.alarm_rules import SEVERITIES
from domain.incident_states import URGENCIES

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def _many(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 2:
        raise ValueError("a whole number, 2 or more")
    return raw


def _changes(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not (raw == 0 or 3 <= raw <= 1000):
        raise ValueError("a whole number from 3 to 1000, or 0 for never")
    return raw


FIELDS: dict[str, dict[str, Field]] = {
    "flapping": {"changes": (_changes, REQUIRED), "within_s": (at_least_one, REQUIRED), "source": (text, REQUIRED)},
    "group": {"within_m": (not_negative, REQUIRED), "within_s": (not_negative, REQUIRED), "source": (text, REQUIRED)},
    "acknowledgement": {**dict.fromkeys(SEVERITIES, (not_negative, REQUIRED)), "source": (text, REQUIRED)},
    "cleared": {"shown_h": (at_least_one, REQUIRED), "source": (text, REQUIRED)},
    "silence": {"longest_days": (at_least_one, REQUIRED), "listed_h": (not_negative, REQUIRED), "source": (text, REQUIRED)},
    "storm": {"alarms": (_many, REQUIRED), "within_s": (at_least_one, REQUIRED), "source": (text, REQUIRED)},
    "quality": {"longest_days": (at_least_one, REQUIRED), "source": (text, REQUIRED)},
    "urgency": {**dict.fromkeys(SEVERITIES, (one_of(*URGENCIES), REQUIRED)), "source": (text, REQUIRED)},
}
"""Entry -> its keys."""


def load_alarm_care(folder: Path = FOLDER) -> AlarmCare:
    """What alarm_care.yaml says. Raises ConfigError, also for an entry that is missing or unknown."""
    path = folder / "alarm_care.yaml"
    raw = read_entries(path, lambda entry: dict.fromkeys(entry, (lambda value: value, None)))
    if set(raw) != set(FIELDS):
        raise ConfigError(f"{path.name}: {', '.join(sorted(set(raw) ^ set(FIELDS)))}: expected exactly the entries {', '.join(FIELDS)}")
    found = {name: read_entry(path, name, raw[name], fields) for name, fields in FIELDS.items()}
    return AlarmCare(
        Flapping(found["flapping"]["changes"], found["flapping"]["within_s"]),
        Nearness(found["group"]["within_m"], found["group"]["within_s"]),
        {severity: found["acknowledgement"][severity] for severity in SEVERITIES},
        round(found["silence"]["longest_days"] * DAY_MS),
        round(found["silence"]["listed_h"] * HOUR_MS),
        round(found["cleared"]["shown_h"] * HOUR_MS),
        round(found["quality"]["longest_days"] * DAY_MS),
        {severity: found["urgency"][severity] for severity in SEVERITIES},
        Storm(found["storm"]["alarms"], found["storm"]["within_s"]),
    )
