"""Reads alarm_care.yaml: flapping, groups, acknowledgements that expire, how long silences last."""

from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, at_least_one, not_negative, read_entries, read_entry, text
from domain.alarm_care import AlarmCare, Nearness
from domain.alarm_flapping import Flapping
from domain.alarm_rules import SEVERITIES

DAY_MS = 86_400_000


def _changes(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not (raw == 0 or 3 <= raw <= 1000):
        raise ValueError("a whole number from 3 to 1000, or 0 for never")
    return raw


FIELDS: dict[str, dict[str, Field]] = {
    "flapping": {"changes": (_changes, REQUIRED), "within_s": (at_least_one, REQUIRED), "source": (text, REQUIRED)},
    "group": {"within_m": (not_negative, REQUIRED), "within_s": (not_negative, REQUIRED), "source": (text, REQUIRED)},
    "acknowledgement": {**dict.fromkeys(SEVERITIES, (not_negative, REQUIRED)), "source": (text, REQUIRED)},
    "silence": {"longest_days": (at_least_one, REQUIRED), "source": (text, REQUIRED)},
}
"""Entry -> its keys."""


def load_alarm_care(folder: Path = FOLDER) -> AlarmCare:
    """What alarm_care.yaml says. Raises ConfigError, also for an entry that is missing or unknown."""
    path = folder / "alarm_care.yaml"
    raw = read_entries(path, lambda entry: dict.fromkeys(entry, (lambda value: value, None)))
    if set(raw) != set(FIELDS):
        raise ConfigError(f"{path.name}: {', '.join(sorted(set(raw) ^ set(FIELDS)))}: expected exactly the entries {', '.join(FIELDS)}")
    flapping, group, expiry, silence = (read_entry(path, name, raw[name], fields) for name, fields in FIELDS.items())
    return AlarmCare(
        Flapping(flapping["changes"], flapping["within_s"]),
        Nearness(group["within_m"], group["within_s"]),
        {severity: expiry[severity] for severity in SEVERITIES},
        round(silence["longest_days"] * DAY_MS),
    )
