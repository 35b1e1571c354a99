"""Whether a new report may be the same incident as one that is open: near in place, in time and in class (DOMAIN, intake)."""

from typing import NamedTuple

from domain.incident_limits import Sameness


class Likeness(NamedTuple):
    """How alike two reports are, 0 to 1, and its parts."""

    share: float
    metres: float | None
    apart_ms: int
    same_class: bool
    same_group: bool


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


def alike_words(text: str, other: str) -> float:
    """How alike two texts are by their runs of two and three letters, 0 to 1 (Dice), signs and numbers left out: long texts about the same
    thing, told by two people, share many of them."""
    runs, others = _runs(text), _runs(other)
    return 2 * len(runs & others) / (len(runs) + len(others)) if runs and others else 0.0


def _runs(text: str) -> set[str]:
    plain = "".join(letter for letter in text.lower() if letter.isalpha())
    return {plain[start : start + length] for length in (2, 3) for start in range(len(plain) - length + 1)}


def confirmed(limits: Sameness, place: Likeness, words: float) -> Likeness:
    """A likeness by place, time and class that the words speak for too: they add their part of what is missing."""
    return place._replace(share=round(place.share + (1 - place.share) * limits.words * words, 3))


def said_alike(limits: Sameness, words: float, metres: float | None, apart_ms: int, same_class: bool, same_group: bool) -> Likeness:
    """Likeness by what was said, for reports of which one has no place: the words, the rest the time."""
    share = limits.words * words + (1 - limits.words) * _left(apart_ms, limits.time_ms)
    return Likeness(round(share, 3), metres, abs(apart_ms), same_class, same_group)
