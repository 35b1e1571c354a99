"""Reads what a city says of its incidents: incident_classes.yaml, duties.yaml, incident_clocks.yaml. Strictly, as config/strict.py says."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from config.files import load_kinds
from config.strict import FOLDER, REQUIRED, ConfigError, Field, above_zero, one_of, read_entries, several_of, text, wrong, yes_or_no
from domain.clocks import UNITS, Allowance
from domain.duties import Duty, DutyMatrix, Tie
from domain.incident_classes import GROUPS, ClassCatalogue, IncidentClass, Section
from domain.incident_clocks import COUNTED_FROM, REPORT_FORMS, STEPS, ClockBook, ReportClock, StepClock
from domain.incident_states import GRADES, SPINES, URGENCIES


def load_departments(folder: Path = FOLDER) -> tuple[str, ...]:
    """The codes of departments.yaml. Raises ConfigError."""
    path = folder / "departments.yaml"
    try:
        return tuple(one["code"] for one in yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise ConfigError(f"{path.name}: {' '.join(str(error).split())}: expected a list of departments, each with code, zh, en") from None


SECTION_FIELDS: dict[str, Field] = {
    "part_of": (one_of(*GROUPS), REQUIRED),
    "zh": (text, REQUIRED),
    "en": (text, REQUIRED),
    "source": (text, REQUIRED),
}


def class_fields(kinds: Mapping[str, Any]) -> dict[str, Field]:
    """The keys of a class; `kinds` are the device kinds."""
    return {
        "zh": (text, REQUIRED),
        "en": (text, REQUIRED),
        "group": (text, REQUIRED),
        "spine": (one_of(*SPINES), REQUIRED),
        "urgency": (one_of(*URGENCIES), REQUIRED),
        "day_and_night": (yes_or_no, REQUIRED),
        "kinds": (several_of(kinds), REQUIRED),
        "source": (text, REQUIRED),
    }


def load_classes(folder: Path = FOLDER) -> ClassCatalogue:
    """The classes and sections of incident_classes.yaml. Raises ConfigError."""
    path, fields = folder / "incident_classes.yaml", class_fields(load_kinds(folder))
    found = read_entries(path, lambda entry: SECTION_FIELDS if "part_of" in entry else fields)
    sections = {name: Section(name, one["zh"], one["en"], one["part_of"], one["source"]) for name, one in found.items() if "part_of" in one}
    classes = {name: one for name, one in found.items() if "part_of" not in one}
    if taken := ", ".join(sorted(set(found) & set(GROUPS))):
        raise ConfigError(f"{path.name}: {taken}: expected another name, for this is a group's")
    return ClassCatalogue(sections.values(), [_class(path, name, one, sections) for name, one in classes.items()])


def _class(path: Path, name: str, one: dict[str, Any], sections: Mapping[str, Section]) -> IncidentClass:
    above = one["group"]
    if above not in GROUPS and above not in sections:
        raise wrong(path, name, "group", above, f"one of {', '.join((*GROUPS, *sections))}")
    section, group = (above, sections[above].group) if above in sections else ("", above)
    return IncidentClass(**{**one, "code": name, "group": group, "section": section})


def deadline(raw: Any) -> Allowance:
    """How much time something may take, as {amount, unit}."""
    if not isinstance(raw, dict) or set(raw) != {"amount", "unit"}:
        raise ValueError("{amount, unit}")
    return Allowance(above_zero(raw["amount"]), one_of(*UNITS)(raw["unit"]))


def _regions(raw: Any) -> tuple[str, ...]:
    if raw == "all":
        return ()
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) and one for one in raw) or len(set(raw)) != len(raw):
        raise ValueError("all, or a list of region codes as text, none twice")
    return tuple(raw)


def _some(read: Callable[[Any], tuple[str, ...]]) -> Callable[[Any], tuple[str, ...]]:
    return lambda raw: read(raw or None)


def duty_fields(codes: Collection[str], departments: Collection[str]) -> dict[str, Field]:
    """The keys of an entry of the matrix; `codes` are those of classes, sections and groups."""
    return {
        "classes": (_some(several_of(dict.fromkeys(codes))), REQUIRED),
        "regions": (_regions, REQUIRED),
        "owner": (one_of(*departments), ""),
        "lead": (one_of(*departments), REQUIRED),
        "assisting": (several_of(dict.fromkeys(departments)), REQUIRED),
        "deadline": (deadline, REQUIRED),
        "source": (text, REQUIRED),
    }


def load_duties(folder: Path = FOLDER) -> DutyMatrix:
    """The responsibility matrix of duties.yaml. Raises ConfigError, also where two entries are equally specific."""
    path, classes = folder / "duties.yaml", load_classes(folder)
    fields = duty_fields((*GROUPS, *classes.sections, *(one.code for one in classes)), load_departments(folder))
    found = read_entries(path, lambda _: fields)
    for name, one in found.items():
        if one["lead"] in one["assisting"]:
            raise wrong(path, name, "assisting", list(one["assisting"]), f"others than the lead, {one['lead']}")
    try:
        return DutyMatrix([Duty(name, **one) for name, one in found.items()], classes)
    except Tie as tie:
        raise wrong(path, tie.rule_id, "classes", tie.code, f"what {tie.other} doesn't say of the same regions and owner") from None


ALLOWANCE_FIELDS: dict[str, Field] = {
    "amount": (above_zero, REQUIRED),
    "unit": (one_of(*UNITS), REQUIRED),
    "source": (text, REQUIRED),
}
STEP_FIELDS: dict[str, Field] = {"spine": (one_of(*SPINES), REQUIRED), "clock": (one_of(*STEPS), REQUIRED)} | ALLOWANCE_FIELDS
REPORT_FIELDS: dict[str, Field] = {
    "grade": (one_of(*GRADES), REQUIRED),
    "form": (one_of(*REPORT_FORMS), REQUIRED),
    "from": (one_of(*COUNTED_FROM), REQUIRED),
} | ALLOWANCE_FIELDS


def load_clocks(folder: Path = FOLDER) -> ClockBook:
    """The allowances of incident_clocks.yaml. Raises ConfigError."""
    path = folder / "incident_clocks.yaml"
    found = read_entries(path, lambda entry: REPORT_FIELDS if "grade" in entry else STEP_FIELDS)
    told: dict[tuple[str, str], str] = {}
    for name, one in found.items():
        key = (one["spine"], one["clock"]) if "spine" in one else (one["grade"], one["form"])
        if key in told:
            raise ConfigError(f"{path.name}: {name}: expected another one than {told[key]}, which says {' '.join(key)} too")
        told[key] = name
    steps = [StepClock(one["spine"], one["clock"], _allowance(one), one["source"]) for one in found.values() if "spine" in one]
    reports = [
        ReportClock(one["grade"], one["form"], one["from"], _allowance(one), one["source"]) for one in found.values() if "grade" in one
    ]
    return ClockBook(steps, reports)


def _allowance(one: Mapping[str, Any]) -> Allowance:
    return Allowance(one["amount"], one["unit"])
