"""What a browser said, read with suspicion: whatever is not of the kind that was asked for counts as nothing."""

from collections.abc import Mapping
from typing import Any

SHORT = 200
"""Characters of an id or a code, and some."""
LATEST_MS = 253_402_300_799_999
"""The end of the year 9999: a browser takes years of six digits, what keeps times doesn't."""


def text(raw: Any, longest: int | None = None) -> str:
    """A text without space around it; empty where it is none, or has more than `longest` characters."""
    if not isinstance(raw, str) or (longest is not None and len(raw) > longest):
        return ""
    return raw.strip()


def text_of(said: Any, name: str, longest: int | None = None) -> str:
    """The text of that name out of what a form or a store holds."""
    return text(said.get(name), longest) if isinstance(said, Mapping) else ""


def short(said: Any, name: str) -> str:
    """The id or the code of that name."""
    return text_of(said, name, SHORT)


def texts_of(said: Mapping[str, Any], name: str) -> list[str]:
    """The texts of a list of that name."""
    found = said.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def number_of(said: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    """The number of that name, from `low` to `high`; True and False are none."""
    found = said.get(name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) and low <= found <= high else None


def moment_of(said: Mapping[str, Any], name: str) -> int | None:
    """The moment of that name, epoch ms."""
    found = number_of(said, name, 0, LATEST_MS)
    return None if found is None else int(found)
