"""Whether a new report may be the same incident as one that is open: near in place, in time and in class (DOMAIN, intake)."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""
WITHIN_M = 500.0
WITHIN_MS = 24 * 3_600_000
LIKELY = 0.5
SAID_WITHIN_M = 2_000.0
"""Where both places are known, the same words farther apart are another incident of the kind."""


class Likeness(NamedTuple):
    """How alike two reports are, 0 to 1, and its parts."""

    share: float
    metres: float | None
    apart_ms: int
    same_class: bool
    same_group: bool


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance of two WGS 84 points, metres (haversine)."""
    up, along = radians(other_lat - lat), radians(other_lon - lon)
    a = sin(up / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(along / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(a)))


def likeness(metres: float, apart_ms: int, same_class: bool, same_group: bool) -> Likeness:
    """Half of it is the place, a quarter the time, a quarter the class; each falls evenly to nothing at its bound."""
    place = max(0.0, 1 - metres / WITHIN_M)
    time = max(0.0, 1 - abs(apart_ms) / WITHIN_MS)
    kind = 1.0 if same_class else 0.5 if same_group else 0.0
    return Likeness(round(0.5 * place + 0.25 * time + 0.25 * kind, 3), metres, abs(apart_ms), same_class, same_group)


def same_words(text: str, other: str) -> float:
    """The share of the shorter text's pairs of neighbouring letters that the other has too, 0 to 1. Needs no word breaks."""
    pairs, others = _pairs(text), _pairs(other)
    return len(pairs & others) / min(len(pairs), len(others)) if pairs and others else 0.0


def _pairs(text: str) -> set[str]:
    plain = "".join(text.lower().split())
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def said_alike(words: float, metres: float | None, apart_ms: int, same_class: bool, same_group: bool) -> Likeness:
    """Likeness by what was said, for reports of which one has no place: three quarters the words, a quarter the time."""
    time = max(0.0, 1 - abs(apart_ms) / WITHIN_MS)
    return Likeness(round(0.75 * words + 0.25 * time, 3), metres, abs(apart_ms), same_class, same_group)
