"""Reads alarm_incidents.yaml: which alarms become incidents by themselves."""

from pathlib import Path

from config.alarm_rules import load_rules
from config.incident_files import load_classes
from config.strict import FOLDER, REQUIRED, Field, not_negative, one_of, read_entries, text, wrong
from domain.alarm_incidents import Becomes


def load_alarm_incidents(folder: Path = FOLDER) -> dict[str, Becomes]:
    """Rule -> what its alarms become. Raises ConfigError, also for a rule or class that isn't there."""
    path = folder / "alarm_incidents.yaml"
    fields: dict[str, Field] = {
        "class": (one_of(*(one.code for one in load_classes(folder))), REQUIRED),
        "after_s": (not_negative, REQUIRED),
        "within_m": (not_negative, REQUIRED),
        "source": (text, REQUIRED),
    }
    rules = {rule.rule_id for rule in load_rules(folder).rules}
    found = read_entries(path, lambda _: fields)
    for name in found:
        if name not in rules:
            raise wrong(path, name, "rule", name, "a rule of alarm_rules.yaml")
    return {name: Becomes(one["class"], one["after_s"], one["within_m"]) for name, one in found.items()}
