"""What is suggested for an appeal: likely answers, each with its confidence and the words that made it; and when nothing is.

A suggestion never acts. Below the threshold it says that it is not sure (不确定), and so it does while there is no model.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

TARGETS = ("theme", "department")
"""What is suggested: the class of the appeal, and the unit that leads its handling."""
UNKNOWN = ""


class Intake(NamedTuple):
    """What is known of an appeal when it is taken in, and nothing that came later. `fields`: name -> word; `at`: epoch ms."""

    text: str
    fields: Mapping[str, str]
    at: int


class Learnt(NamedTuple):
    """An appeal that is closed, with what its theme or department turned out to be."""

    intake: Intake
    label: str


class Likely(NamedTuple):
    """One answer, its confidence 0 to 1, and the words that spoke most for it."""

    label: str
    confidence: float
    words: tuple[str, ...]


class Suggestion(NamedTuple):
    """The likeliest answers first. `model`: which version said so; empty where none did. `sure`: the first is at least the threshold."""

    target: str
    likely: tuple[Likely, ...] = ()
    model: str = ""
    sure: bool = False

    @property
    def first(self) -> str:
        """What is suggested; empty when nothing is."""
        return self.likely[0].label if self.sure else UNKNOWN


class Judged(NamedTuple):
    """How a model did on the newest part of the history, which it had not seen: `of` cases, shares right in the first and first three
    answers, and the same of the plainest rule: the answer that was most frequent in the class."""

    of: int
    top1: float
    top3: float
    plain1: float
    plain3: float


def outcome(suggestion: Suggestion, chosen: str) -> str:
    """What became of a suggestion once a person decided: accepted, changed, or unsure (nothing was suggested)."""
    if not suggestion.first:
        return "unsure"
    return "accepted" if chosen == suggestion.first else "changed"


def plainest(history: Sequence[Learnt], by: str) -> Mapping[str, tuple[str, ...]]:
    """The labels of each word of the field `by`, most frequent first, at most three; under the empty word those of all."""
    counts: dict[str, dict[str, int]] = {}
    for one in history:
        for word in (one.intake.fields.get(by, ""), ""):
            group = counts.setdefault(word, {})
            group[one.label] = group.get(one.label, 0) + 1
    return {word: tuple(sorted(group, key=lambda label: (-group[label], label))[:3]) for word, group in counts.items()}


def shown(suggestion: Suggestion) -> dict[str, Any]:
    """JSON-able."""
    return {**suggestion._asdict(), "likely": [one._asdict() | {"words": list(one.words)} for one in suggestion.likely]}


def read(raw: Mapping[str, Any]) -> Suggestion:
    """A suggestion from its JSON."""
    likely = tuple(Likely(one["label"], one["confidence"], tuple(one["words"])) for one in raw["likely"])
    return Suggestion(raw["target"], likely, raw["model"], raw["sure"])
