"""Reads leaders.yaml: what leaders answer for, and how their office judges."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from config.strict import FOLDER, REQUIRED, ConfigError, Field, above_zero, read_entries, several_of, text, whole
from domain.metrics import DOMAINS
from domain.portfolio import Portfolio, portfolio

MOST_DAYS = 366


def _codes(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one for one in raw):
        raise ValueError("a list of codes of regions, in quotes")
    return tuple(raw)


SOURCE: dict[str, Field] = {"source": (text, REQUIRED)}
LEADER_FIELDS: dict[str, Field] = {"domains": (several_of(dict.fromkeys(DOMAINS)), REQUIRED), "regions": (_codes, REQUIRED), **SOURCE}
RULES: dict[str, dict[str, Field]] = {
    "worse": {"points": (above_zero, REQUIRED), **SOURCE},
    "compared": {"days": (whole(1, MOST_DAYS), REQUIRED), **SOURCE},
}
"""The entries that are no leader's."""


class OfficeRules(NamedTuple):
    """`points` of score that make something worse; towns are compared over `days`; `portfolios`: username -> what they answer for."""

    points: float
    days: int
    portfolios: Mapping[str, Portfolio]


def load_office_rules(folder: Path = FOLDER) -> OfficeRules:
    """How the leader's office judges. Raises ConfigError."""
    path = folder / "leaders.yaml"

    def fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
        return next((one for one in RULES.values() if set(one) - set(SOURCE) <= set(entry)), LEADER_FIELDS)

    found = read_entries(path, fields)
    for name, (key, *_) in {name: tuple(one) for name, one in RULES.items()}.items():
        if key not in found.get(name, {}):
            raise ConfigError(f"{path.name}: {name}: is missing")
    people = {name: portfolio(one["domains"], one["regions"]) for name, one in found.items() if name not in RULES and "domains" in one}
    return OfficeRules(found["worse"]["points"], found["compared"]["days"], people)
