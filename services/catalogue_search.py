"""Finding entries of the resource catalogue: every word must be somewhere in an entry, in Chinese, in pinyin from a syllable on, or by
initials. What matches in the name comes before the provider, the summary and the fields."""

import heapq
from collections.abc import Callable, Sequence
from typing import NamedTuple

from domain.catalogue import ResourceField
from services.catalogue_ports import Entry

LONGEST = 64
MOST_WORDS = 8


class Match(NamedTuple):
    """An entry that was found, and those of its fields that have a word of the search."""

    entry: Entry
    fields: Sequence[ResourceField]


class Index:
    """All entries, in the form in which they are searched."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.by_code = {entry.resource.code: entry for entry in entries}
        self._rows = [_row(entry) for entry in entries]

    def search(self, words: str, shown: Callable[[Entry], bool], most: int) -> tuple[list[Match], int]:
        """The first `most` of those that have all words and are `shown`, the best first (by their code where there are no words); and how
        many there are. Which fields have a word is found out only for those that are given."""
        wanted = [word for word in words[:LONGEST].lower().split() if word][:MOST_WORDS]
        scored = [(-score, n) for n, row in enumerate(self._rows) if (score := _score(row, wanted)) is not None and shown(row.entry)]
        best = (self._rows[n] for _, n in heapq.nsmallest(most, scored))
        return [Match(row.entry, row.matching(wanted)) for row in best], len(scored)


class _Row(NamedTuple):
    """An entry's texts: (weight, plain text, pinyin) of the name, the others and all fields together; and each field's two texts."""

    entry: Entry
    texts: Sequence[tuple[int, str, str]]
    fields: Sequence[tuple[str, str]]

    def matching(self, wanted: Sequence[str]) -> list[ResourceField]:
        """The fields that have one of the words."""
        found = [any(word in said or f"|{word}" in spelled for word in wanted) for said, spelled in self.fields]
        return [field for field, is_found in zip(self.entry.resource.fields, found, strict=True) if is_found]


def _row(entry: Entry) -> _Row:
    resource = entry.resource
    pairs = zip(resource.fields, entry.fields_spelled, strict=True)
    fields = [(f"{one.name} {one.title}".lower(), spelled.pinyin + spelled.initials) for one, spelled in pairs]
    name = (8, f"{resource.title} {resource.code}".lower(), entry.spelled.pinyin + entry.spelled.initials)
    others = (3, f"{resource.summary} {resource.provider} {resource.provider_code} {resource.category} {resource.library}".lower(), "")
    every = (1, "\n".join(said for said, _ in fields), "\n".join(spelled for _, spelled in fields))
    return _Row(entry, [name, others, every], fields)


def _score(row: _Row, wanted: Sequence[str]) -> int | None:
    """How well an entry fits: the weights of where each word is; None when one is nowhere."""
    total = 0
    for word in wanted:
        at = f"|{word}"
        found = next((weight for weight, said, spelled in row.texts if word in said or at in spelled), None)
        if found is None:
            return None
        total += found
    return total
