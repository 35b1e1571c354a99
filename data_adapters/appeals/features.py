"""What of an appeal the model looks at: the words of its text (Chinese cut by jieba), their letters, its fields, and its time.

The same function serves training and use. Nothing that is known only after the intake is looked at.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from math import log, sqrt
from typing import NamedTuple

import jieba

from domain.masking import masked
from domain.suggesting import Intake

LONGEST = 2000
HAN = re.compile(r"[一-龥]+|[0-9a-z]+")
EVERY = 2
HALF_YEAR = 6


class Shape(NamedTuple):
    """Which fields count, which pairs of them together, which of them change their meaning with the years; `letters`: how long the
    runs of letters are, none for (0, 0)."""

    fields: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    drifting: tuple[str, ...] = ()
    letters: tuple[int, int] = (2, 3)
    field_weight: float = 0.7


class Cutter:
    """Cuts Chinese into words by jieba, with a dictionary of its own: word -> how frequent it is, of `total`.

    jieba's whole dictionary takes seconds and a hundred megabytes to read. Whoever learns reads it; a model carries the words of its
    history, which is all that it could weigh, and cuts by these.
    """

    def __init__(self, frequencies: Mapping[str, int], total: int) -> None:
        self._jieba = jieba.Tokenizer()
        prefixes = {word[:end]: 0 for word in frequencies for end in range(1, len(word))}
        self._jieba.FREQ, self._jieba.total, self._jieba.initialized = prefixes | dict(frequencies), total, True
        self.frequencies, self.total = frequencies, total

    def words(self, text: str) -> list[str]:
        """The words of a text, small letters, personal data left out."""
        found: list[str] = []
        for run in HAN.findall(masked(text[:LONGEST]).lower().replace("_", " ")):
            found += [run] if run.isascii() else self._jieba.cut(run, HMM=False)
        return found

    def only(self, texts: Iterable[str]) -> "Cutter":
        """One that knows no more than the words of these texts."""
        said = {word for text in texts for word in self.words(text)}
        return Cutter({word: self.frequencies[word] for word in sorted(said) if self.frequencies.get(word)}, self.total)


@cache
def whole() -> Cutter:
    """jieba's own dictionary, without its cache file: that one lies where anybody may write."""
    with jieba.get_dict_file() as file:
        frequencies, total = jieba.Tokenizer().gen_pfdict(file)
    return Cutter({word: n for word, n in frequencies.items() if n}, total)


def features(shape: Shape, intake: Intake, cutter: Cutter) -> dict[str, float]:
    """Feature -> how much of it; words and letters each of length 1 together, before the model weighs how rare they are."""
    found = dict[str, float]()
    plain = cutter.words(intake.text)
    for kind, parts in (("w", [*plain, *map(" ".join, pairwise(plain))]), ("c", list(_letters(shape, plain)))):
        found |= {f"{kind}:{part}": 1 + log(n) for part, n in Counter(parts).items()}
    return {**found, **dict.fromkeys(_fields(shape, intake), shape.field_weight)}


def _letters(shape: Shape, plain: list[str]) -> Iterator[str]:
    low, high = shape.letters
    for word in plain:
        framed = f" {word} "
        for length in range(low, high + 1) if high else ():
            yield from (framed[start : start + length] for start in range(len(framed) - length + 1))


def _fields(shape: Shape, intake: Intake) -> Iterator[str]:
    said = intake.fields
    for name in shape.fields:
        yield f"f:{name}={said.get(name, '')}"
    for one, other in shape.pairs:
        yield f"f:{one}={said.get(one, '')}|{other}={said.get(other, '')}"
    if shape.drifting:
        year, half = era(intake.at)
        yield f"y:{year}"
        for name in shape.drifting:
            yield f"y:{year}|{name}={said.get(name, '')}"
            yield f"y:{year}{half}|{name}={said.get(name, '')}"


def era(at: int) -> tuple[int, str]:
    """The year and its half (UTC)."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.year, "a" if moment.month <= HALF_YEAR else "b"


def weighed(found: dict[str, float], rareness: dict[str, float]) -> dict[str, float]:
    """Only known features; words and letters by rareness and each kind brought to length 1, fields as they are."""
    known = {name: value * rareness[name] for name, value in found.items() if name in rareness}
    for kind in ("w:", "c:"):
        length = sqrt(sum(value * value for name, value in known.items() if name.startswith(kind)))
        if length:
            known |= {name: value / length for name, value in known.items() if name.startswith(kind)}
    return known
