"""Every deed that the audit log knows is told in words, in both languages: an auditor reads no names of code."""

import ast
from pathlib import Path

import pytest

from config.languages import load_catalogues
from domain.instructions import DEEDS as INSTRUCTIONS

ROOT = Path(__file__).resolve().parents[2]
PLACE = {"AuditEntry": 2, "record": 1}
"""What writes into the log -> where among its arguments the deed stands."""


def deeds(file):
    """The deeds that a module names as they stand."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        func = node.func if isinstance(node, ast.Call) else None
        at = PLACE.get(getattr(func, "attr", getattr(func, "id", "")))
        if isinstance(node, ast.Call) and at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
            yield node.args[at].value


HANDED_ON = {"issue_warning", "lift_warning", "lock_user", "unlock_user", "revoke_token", "instruction_give"}
"""What a service hands on to the one that writes."""
KNOWN = {deed for folder in ("services", "api", "data_adapters") for file in (ROOT / folder).rglob("*.py") for deed in deeds(file)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_deed_is_told_in_words(lang):
    words = load_catalogues()[lang]
    composed = {f"instruction_{deed}" for deed in INSTRUCTIONS} | HANDED_ON
    assert len(KNOWN) > 25 and [deed for deed in sorted(KNOWN | composed) if f"deed.{deed}" not in words] == []
