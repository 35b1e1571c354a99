"""Reads plans.yaml: the plans that a city begins with."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from config.incident_files import load_classes, load_departments
from config.strict import FOLDER, REQUIRED, ConfigError, Field, at_least_one, one_of, read_entries, read_entry, several_of, text, wrong
from domain.duty import POSTS
from domain.incident_classes import GROUPS
from domain.incident_states import RESPONSE_LEVELS
from domain.plans import KINDS, Plan, PlanStep

STEP_FIELDS: dict[str, Field] = {
    "code": (text, REQUIRED),
    "zh": (text, REQUIRED),
    "en": (text, REQUIRED),
    "levels": (several_of(dict.fromkeys(RESPONSE_LEVELS)), REQUIRED),
    "department": (text, REQUIRED),
    "post": (one_of(*POSTS), REQUIRED),
    "within_min": (at_least_one, REQUIRED),
}


def _list(raw: Any) -> list[Mapping[str, Any]]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, dict) for one in raw):
        raise ValueError("a list of steps, each with its keys")
    return raw


def plan_fields(codes: Mapping[str, Any]) -> dict[str, Field]:
    """The keys of a plan; `codes` are those of classes, sections and groups."""
    return {
        "zh": (text, REQUIRED),
        "en": (text, REQUIRED),
        "kind": (one_of(*KINDS), REQUIRED),
        "classes": (several_of(codes), REQUIRED),
        "steps": (_list, REQUIRED),
        "source": (text, REQUIRED),
    }


def plan_codes(folder: Path = FOLDER) -> dict[str, None]:
    """What a plan may be for: classes, sections, groups."""
    classes = load_classes(folder)
    return dict.fromkeys([*GROUPS, *classes.sections, *(one.code for one in classes)])


def load_plans(new_id: Callable[[], str], now: int, folder: Path = FOLDER) -> list[Plan]:
    """The plans of plans.yaml as drafts of version 1. Raises ConfigError."""
    path, departments = folder / "plans.yaml", load_departments(folder)
    found = []
    for code, one in read_entries(path, lambda _: plan_fields(plan_codes(folder))).items():
        steps = [_step(path, code, raw, departments) for raw in one["steps"]]
        if len({step.code for step in steps}) != len(steps):
            raise ConfigError(f"{path.name}: {code}: steps: expected another code for each")
        names = (one["zh"], one["en"], one["kind"], tuple(one["classes"]), tuple(steps), one["source"])
        found.append(Plan(new_id(), code, 1, *names, "draft", "config", now))
    return found


def _step(path: Path, code: str, raw: Mapping[str, Any], departments: tuple[str, ...]) -> PlanStep:
    step = PlanStep(**read_entry(path, f"{code}: {raw.get('code', '')}", raw, STEP_FIELDS))
    if step.department not in departments:
        raise wrong(path, code, "department", step.department, f"one of {', '.join(departments)}")
    return step
