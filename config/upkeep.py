"""Reads upkeep.yaml: when operations work orders are opened. Strictly, as config/strict.py says."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from config.incident_files import deadline
from config.strict import FOLDER, REQUIRED, ConfigError, Field, not_negative, one_of, read_entries, text, wrong
from domain.access import ROLES
from domain.upkeep import KINDS, UpkeepRule

OWNER = re.compile(r"(role:(?P<role>[a-z_]+)|user:[A-Za-z0-9_.@-]{1,64})\Z")


def _owner(raw: Any) -> str:
    found = OWNER.match(raw) if isinstance(raw, str) else None
    if found is None or (found["role"] and found["role"] not in ROLES):
        raise ValueError(f"role:NAME with one of {', '.join(ROLES)}, or user:NAME")
    return str(raw)


def _vendor(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError("text, empty where there is no vendor")
    return raw.strip()


def _names(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) and one for one in raw) or len(set(raw)) != len(raw):
        raise ValueError("a list of names, none twice")
    return tuple(raw)


UPKEEP_FIELDS: dict[str, Field] = {
    "kind": (one_of(*KINDS), REQUIRED),
    "of": (_names, ()),
    "things": (_names, ()),
    "down_for_s": (not_negative, REQUIRED),
    "owner": (_owner, REQUIRED),
    "vendor": (_vendor, REQUIRED),
    "deadline": (deadline, REQUIRED),
    "reopen_within_s": (not_negative, REQUIRED),
    "source": (text, REQUIRED),
}


def load_upkeep(folder: Path = FOLDER) -> tuple[UpkeepRule, ...]:
    """The rules. Raises ConfigError, also where two are equally exactly about the same thing."""
    path = folder / "upkeep.yaml"
    entries = read_entries(path, lambda _: UPKEEP_FIELDS)
    rules = tuple(UpkeepRule(name, **{key: value for key, value in one.items() if key != "source"}) for name, one in entries.items())
    for rule in rules:
        if rule.kind == "gateway" and not rule.of:
            raise ConfigError(f"{path.name}: {rule.name}: of: is missing: the device kinds that are gateways")
    for one, other in combinations(rules, 2):
        if one.kind == other.kind and _clash(one, other):
            raise wrong(path, other.name, "kind", other.kind, f"other things than the rule {one.name}, which is about the same ones")
    return rules


def check_upkeep(rules: Sequence[UpkeepRule], groups: Mapping[str, Collection[str]], feeds: Collection[str]) -> None:
    """Raises ConfigError for a rule about what there is not: `groups` has the known ones of a kind, `feeds` the names of all feeds."""
    for rule in rules:
        known = groups.get(rule.kind)
        odd = [] if known is None else [name for name in rule.of if name not in known]
        if odd:
            raise wrong(Path("upkeep.yaml"), rule.name, "of", odd[0], f"one of {', '.join(sorted(known or ()))}")
        odd = [name for name in rule.things if rule.kind == "feed" and name not in feeds]
        if odd:
            raise wrong(Path("upkeep.yaml"), rule.name, "things", odd[0], f"a feed of feeds.yaml: {', '.join(sorted(feeds))}")


def _clash(one: UpkeepRule, other: UpkeepRule) -> bool:
    if bool(one.things) != bool(other.things):
        return False
    if one.things:
        return bool(set(one.things) & set(other.things))
    return bool(set(one.of) & set(other.of)) if one.of or other.of else True
