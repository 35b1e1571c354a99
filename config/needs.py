"""Reads needs.yaml: which units incidents need, and what makes one count as nearer. Strictly (config/strict.py)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from config.strict import FOLDER, REQUIRED, ConfigError, Field, not_negative, number, read_entries, text, wrong
from domain.incident_classes import GROUPS, ClassCatalogue
from domain.recommendation import Need, Rules
from domain.units import STATES

FILE = "needs.yaml"
NEED_KEYS = {"capability", "number", "prefer"}


class NeedBook(NamedTuple):
    """`needs`: code of a class, section or group -> what it needs. `rules` and `turnout_s` (state -> seconds) are the same for all."""

    needs: Mapping[str, tuple[Need, ...]]
    rules: Rules
    turnout_s: Mapping[str, float]

    def of(self, lineage: tuple[str, ...]) -> tuple[Need, ...]:
        """What an incident needs, `lineage` being its class, section and group (IncidentClass.lineage); empty where nothing is said."""
        return next((self.needs[code] for code in lineage if code in self.needs), ())


def _factor(raw: Any) -> float:
    if number(raw) <= 0:
        raise ValueError("a factor above 0")
    return float(raw)


def _states(raw: Any) -> dict[str, float]:
    if not isinstance(raw, dict) or not raw or set(raw) - set(STATES):
        raise ValueError(f"states with their factors, of {', '.join(STATES)}")
    return {state: _factor(factor) for state, factor in raw.items()}


def _by_base(raw: Any) -> dict[str, float]:
    if not isinstance(raw, dict) or not all(isinstance(name, str) and name for name in raw):
        raise ValueError("capabilities with their exponents, {} for none")
    return {name: not_negative(exponent) for name, exponent in raw.items()}


def _words(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) and one for one in raw) or len(set(raw)) != len(raw):
        raise ValueError("a list of words, none twice")
    return tuple(raw)


def _needs(raw: Any) -> tuple[Need, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("a list of needs")
    found = []
    for one in raw:
        if not isinstance(one, dict) or set(one) - NEED_KEYS or not isinstance(one.get("capability"), str):
            raise ValueError(f"needs with {', '.join(sorted(NEED_KEYS))}, not {one!r}")
        if type(one.get("number")) is not int or one["number"] < 1:
            raise ValueError(f"a number of units from 1 on, not {one.get('number')!r}")
        found.append(Need(one["capability"], one["number"], frozenset(_words(one["prefer"])) if "prefer" in one else frozenset()))
    return tuple(found)


NEED_FIELDS: dict[str, Field] = {"classes": (_words, REQUIRED), "needs": (_needs, REQUIRED), "source": (text, REQUIRED)}
PREFERENCE_FIELDS: dict[str, Field] = {
    "states": (_states, REQUIRED),
    "own_region": (_factor, REQUIRED),
    "by_base": (_by_base, REQUIRED),
    "per_run": (_factor, REQUIRED),
    "lacks": (_factor, REQUIRED),
    "turnout_s": (not_negative, REQUIRED),
    "max_s": (_factor, REQUIRED),
    "source": (text, REQUIRED),
}


def load_needs(classes: ClassCatalogue, folder: Path = FOLDER) -> NeedBook:
    """The needs and preferences of needs.yaml. Raises ConfigError, also for a class that `classes` doesn't have."""
    path = folder / FILE
    entries = read_entries(path, lambda entry: PREFERENCE_FIELDS if "own_region" in entry else NEED_FIELDS)
    likes = [entry for entry in entries.values() if "own_region" in entry]
    if len(likes) != 1:
        raise ConfigError(f"{path.name}: {len(likes)} entries with preferences: expected one")
    known = {*GROUPS, *classes.sections, *(one.code for one in classes)}
    needs: dict[str, tuple[Need, ...]] = {}
    for name, entry in entries.items():
        for code in entry.get("classes", ()):
            if code not in known:
                raise wrong(path, name, "classes", code, "a class, section or group of incident_classes.yaml")
            if needs.setdefault(code, entry["needs"]) is not entry["needs"]:
                raise wrong(path, name, "classes", code, "a class that no other entry speaks of")
    like = likes[0]
    rules = Rules(like["states"], like["own_region"], like["per_run"], like["lacks"], like["max_s"], like["by_base"])
    return NeedBook(needs, rules, dict.fromkeys(STATES, like["turnout_s"]))
