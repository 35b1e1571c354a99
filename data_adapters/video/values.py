"""What stands in a platform's JSON, whatever it really is: wrong types become nothing, long texts short, never an exception."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

LONGEST = 300


def words(raw: Any) -> str:
    """A text of at most 300 characters that print; a number as its digits; "" for everything else."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**20:
        raw = str(raw)
    if not isinstance(raw, str):
        return ""
    return "".join(c for c in raw[: 2 * LONGEST] if c.isprintable()).strip()[:LONGEST]


def real(raw: Any) -> float | None:
    """A finite number, also one written as text."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str) or len(str(raw)) > 40:
        return None
    try:
        value = float(raw)
    except ValueError:
        return None
    return value if isfinite(value) else None


def whole(raw: Any) -> int | None:
    """A whole number, also one written as text."""
    value = real(raw)
    return int(value) if value is not None and value == int(value) and abs(value) < 2**53 else None


def direction(raw: Any) -> float | None:
    """Degrees from north, brought to 0 up to 360."""
    value = real(raw)
    return None if value is None else value % 360


def table(raw: Any) -> Mapping[str, Any]:
    """An object; an empty one for everything else."""
    return raw if isinstance(raw, dict) else {}


def rows(raw: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
