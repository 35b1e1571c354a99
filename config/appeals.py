"""Reads appeals.yaml: how appeals are classed, learnt from and counted. Strictly (config/strict.py)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from config.incident_files import load_classes
from config.strict import FOLDER, REQUIRED, ConfigError, Field, number, read_entries, text, unit, wrong
from domain.rises import RiseLimits

FILE = "appeals.yaml"
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


class LearningRules(NamedTuple):
    """From `history` closed appeals on a model is learnt, again after `again_ms`, from the `newest`, judged by the `held_out` share;
    answers of less confidence than `threshold` are not suggested."""

    history: int
    again_ms: int
    held_out: float
    newest: int
    half_life_years: float
    threshold: float


class AppealRules(NamedTuple):
    """All of the file. `classes`: a word of a theme -> the class."""

    classes: Mapping[str, str]
    learning: LearningRules
    rises: RiseLimits


BOUNDS: Mapping[str, tuple[float, float]] = {
    "history": (20, 1e6), "again": (0.01, 366), "held_out": (0.05, 0.5), "newest": (100, 200_000), "half_life": (0.05, 50),
    "threshold": (0, 1), "rise_span": (1, 168), "rise_weeks": (2, 26), "rise_least": (1, 10_000), "rise_factor": (1, 100),
    "rise_chance": (1e-9, 0.5), "rise_shown": (1, 100),
}  # fmt: skip
"""Number -> the least and the most that it may be."""


def load_appeals(folder: Path = FOLDER) -> AppealRules:
    """Raises ConfigError."""
    path, fields = folder / FILE, dict[str, Field](value=(lambda raw: raw, REQUIRED), unit=(unit, REQUIRED), source=(text, REQUIRED))
    said = {name: one["value"] for name, one in read_entries(path, lambda _: fields).items()}
    if set(said) != {"classes", *BOUNDS}:
        missing = sorted({"classes", *BOUNDS} ^ set(said))
        raise ConfigError(f"{FILE}: {missing[0]}: expected each of classes, {', '.join(BOUNDS)} once")
    classes, kinds = said.pop("classes"), {one.code for one in load_classes(folder)}
    if not isinstance(classes, dict) or not all(isinstance(word, str) and word for word in classes) or not set(classes.values()) <= kinds:
        raise wrong(path, "classes", "value", classes, "words, each with a class of incident_classes.yaml")
    told = {name: _bounded(path, name, value) for name, value in said.items()}
    return AppealRules(
        classes,
        LearningRules(
            int(told["history"]),
            round(told["again"] * DAY_MS),
            told["held_out"],
            int(told["newest"]),
            told["half_life"],
            told["threshold"],
        ),
        RiseLimits(
            round(told["rise_span"] * HOUR_MS),
            int(told["rise_weeks"]),
            int(told["rise_least"]),
            told["rise_factor"],
            told["rise_chance"],
            int(told["rise_shown"]),
        ),
    )


def _bounded(path: Path, name: str, raw: Any) -> float:
    low, high = BOUNDS[name]
    try:
        found = number(raw)
    except ValueError as error:
        raise wrong(path, name, "value", raw, str(error)) from None
    if not low <= found <= high:
        raise wrong(path, name, "value", raw, f"{low:g} to {high:g}")
    return found
