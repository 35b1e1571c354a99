"""Reads warnings.yaml: how public warnings are placed, and the standing rules that they set off."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cryptography.x509 import load_pem_x509_certificate

from config.strict import FOLDER, REQUIRED, ConfigError, Field, number, read_entries, several_of, text, wrong, yes_or_no
from domain.warning_rules import PlacingRules, WarningRule
from domain.warnings import Level

HEARING = "hearing"
HOUR_MS = 3_600_000
KINDS = ("shelter", "hospital", "store", "team", "expert")


class Signer(NamedTuple):
    """A sender whose signatures are verified: by these certificates (PEM). `required`: what none of them signed is refused."""

    certificates: tuple[str, ...]
    required: bool


class WarningConfig(NamedTuple):
    """All of warnings.yaml. `signers`: by what their alerts call their sender. `unclear_after_ms`: see domain.warnings.standings."""

    unclear_after_ms: int
    placing: PlacingRules
    rules: tuple[WarningRule, ...]
    signers: Mapping[str, Signer] = MappingProxyType({})


def _hours(raw: Any) -> int:
    if not 0 < number(raw) <= 24 * 366:
        raise ValueError("hours above 0, at most a year")
    return round(float(raw) * HOUR_MS)


def _share(raw: Any) -> float:
    if not 0 < number(raw) <= 1:
        raise ValueError("a share above 0, at most 1")
    return float(raw)


def _words(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) for one in raw):
        raise ValueError("a list of words")
    return tuple(raw)


def _kinds(raw: Any) -> tuple[str, ...]:
    return () if raw == [] else several_of(dict.fromkeys(KINDS))(raw)


HEARING_FIELDS: dict[str, Field] = {
    "unclear_after_h": (_hours, REQUIRED),
    "schemes": (_words, REQUIRED),
    "least_share": (_share, REQUIRED),
    "source": (text, REQUIRED),
}
SIGNER_FIELDS: dict[str, Field] = {
    "sender": (text, REQUIRED),
    "certificates": (_words, REQUIRED),
    "required": (yes_or_no, REQUIRED),
    "source": (text, REQUIRED),
}
RULE_FIELDS: dict[str, Field] = {
    "hazards": (_words, REQUIRED),
    "levels": (several_of(dict.fromkeys(level.value for level in Level)), REQUIRED),
    "call": (yes_or_no, REQUIRED),
    "resources": (_kinds, REQUIRED),
    "source": (text, REQUIRED),
}


def load_warnings(folder: Path = FOLDER) -> WarningConfig:
    """Raises ConfigError."""

    def fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
        return HEARING_FIELDS if "unclear_after_h" in entry else SIGNER_FIELDS if "sender" in entry else RULE_FIELDS

    path = folder / "warnings.yaml"
    found = read_entries(path, fields)
    signers = _signers(path, {name: found.pop(name) for name in list(found) if "sender" in found[name]})
    hearing = found.pop(HEARING, {})
    if "unclear_after_h" not in hearing or any("unclear_after_h" in one for one in found.values()):
        raise ConfigError(f"warnings.yaml: {HEARING}: expected once, with unclear_after_h")
    rules = tuple(
        WarningRule(name, one["hazards"], frozenset(map(Level, one["levels"])), one["call"], one["resources"])
        for name, one in found.items()
    )
    return WarningConfig(hearing["unclear_after_h"], PlacingRules(frozenset(hearing["schemes"]), hearing["least_share"]), rules, signers)


def _signers(path: Path, found: Mapping[str, Mapping[str, Any]]) -> dict[str, Signer]:
    signers: dict[str, Signer] = {}
    for name, one in found.items():
        if one["sender"] in signers:
            raise wrong(path, name, "sender", one["sender"], "a sender once")
        held = tuple(_certificate(path, name, file) for file in one["certificates"])
        signers[one["sender"]] = Signer(held, one["required"])
    return signers


def _certificate(path: Path, name: str, file: str) -> str:
    """The file's text; a path that is not absolute is taken from the folder of warnings.yaml."""
    try:
        held = (path.parent / file).read_text(encoding="ascii")
        load_pem_x509_certificate(held.encode())
        return held
    except (OSError, ValueError):
        raise wrong(path, name, "certificates", file, "a file with a certificate (PEM) that can be read") from None
