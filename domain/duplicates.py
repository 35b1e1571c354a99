"""Whether a new report may be the same incident as one that is open: near in place, in time and in class (DOMAIN, intake)."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from domain.incident_limits import Sameness

EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""


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


def likeness(limits: Sameness, metres: float, apart_ms: int, same_class: bool, same_group: bool) -> Likeness:
    """By place, time and class; each falls evenly to nothing at its bound."""
    kind = 1.0 if same_class else limits.same_group if same_group else 0.0
    share = limits.place * _left(metres, limits.place_m) + limits.time * _left(apart_ms, limits.time_ms) + limits.kind * kind
    return Likeness(round(share, 3), metres, abs(apart_ms), same_class, same_group)


def _left(apart: float, bound: float) -> float:
    return max(0.0, 1 - abs(apart) / bound)


def same_words(text: str, other: str) -> float:
    """The share of the shorter text's pairs of neighbouring letters that the other has too, 0 to 1. Needs no word breaks."""
    pairs, others = _pairs(text), _pairs(other)
    return len(pairs & others) / min(len(pairs), len(others)) if pairs and others else 0.0


def _pairs(text: str) -> set[str]:
    plain = "".join(text.lower().split())
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def said_alike(limits: Sameness, words: float, metres: float | None, apart_ms: int, same_class: bool, same_group: bool) -> Likeness:
    """Likeness by what was said, for reports of which one has no place: the words, the rest the time."""
    share = limits.words * words + (1 - limits.words) * _left(apart_ms, limits.time_ms)
    return Likeness(round(share, 3), metres, abs(apart_ms), same_class, same_group)
