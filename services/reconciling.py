"""Comparing source and landing library 对账, every night: count and sums; where they differ and rows have keys, row by row."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from services.catalogue_ports import Difference, Landed, LayerStore, LibraryPlan, Reconciliation, TablePlan, record_key
from services.topic_ports import LibraryAway, QueryRefused, TopicLibrary

log = logging.getLogger("citydeck.topics")
MOST_DIFFERENCES = 500
KEEP_MS = 35 * 86_400_000
"""Runs and comparisons are kept for so long."""
HOUR = 2
"""From this hour on, local time, the night's comparison is made."""


class Mark(Protocol):
    """What a job remembers (data_adapters/sql/job_marks.py)."""

    def get(self) -> str: ...
    def set(self, mark: str) -> None: ...


class Compared(NamedTuple):
    """A library, what is fetched of it, and how it is asked."""

    library: TopicLibrary
    plan: LibraryPlan


class Reconciling:
    """The night's work. `local`: epoch ms -> (ISO day, hour) there; `tell`: tells the stewards which resources disagree."""

    def __init__(
        self,
        compared: Sequence[Compared],
        store: LayerStore,
        mark: Mark,
        local: Callable[[int], tuple[str, int]],
        tell: Callable[[Sequence[Reconciliation], int], object],
    ) -> None:
        self._compared, self._store, self._mark, self._local, self._tell = compared, store, mark, local, tell

    def round(self, now: int) -> int:
        """Compare everything once a night; returns how many resources were compared."""
        day, hour = self._local(now)
        if hour < HOUR or self._mark.get() >= day:
            return 0
        found = [self.compare(one.library, table, now) for one in self._compared for table in one.plan.tables]
        made = [one for one in found if one is not None]
        self._store.forget_runs(now - KEEP_MS)
        differ = [one for one in made if not one.agrees]
        if differ:
            log.warning("reconciliation: %d of %d resources differ from their source", len(differ), len(made))
            self._tell(differ, now)
        self._mark.set(day)
        return len(made)

    def compare(self, library: TopicLibrary, table: TablePlan, now: int) -> Reconciliation | None:
        """One resource; None when nothing of it has been fetched yet. What came into the source after the last fetch is left out where
        rows have a time."""
        span = self._store.landed(table.resource)
        if span is None:
            return None
        try:
            source = library.totals(table.name, span.since, span.until, table.sums)
            landed = self._store.landed_totals(table.resource, span, table.sums)
            sums = {name: [source.sums[name], landed.sums[name]] for name in table.sums}
            found = Reconciliation(table.resource, now, source.rows, landed.rows, sums)
            differences = [] if found.agrees or not table.keys else self._differences(library, table, span)
        except (LibraryAway, QueryRefused) as error:
            found, differences = Reconciliation(table.resource, now, None, None, {}, 0, str(error)), []
        found = found._replace(differences=len(differences))
        self._store.compared(found, differences[:MOST_DIFFERENCES])
        return found

    def _differences(self, library: TopicLibrary, table: TablePlan, span: Landed) -> list[Difference]:
        landed = self._store.landed_rows(table.resource, span)
        keyed = ((record_key(row, table.keys), row.values) for row in library.fetch(table.name, span.since, span.until).rows)
        return differences({key: values for key, values in keyed if key is not None}, landed)


def differences(source: Mapping[str, Mapping[str, Any]], landed: Mapping[str, Mapping[str, Any]]) -> list[Difference]:
    """Record by record, by key: what the landing library hasn't, what the source hasn't any more, and what says something else."""
    missing = [Difference(key, "missing", facts, None) for key, facts in source.items() if key not in landed]
    extra = [Difference(key, "extra", None, facts) for key, facts in landed.items() if key not in source]
    both = [key for key in source if key in landed and dict(source[key]) != dict(landed[key])]
    changed = [Difference(key, "changed", source[key], landed[key]) for key in both]
    return sorted([*missing, *extra, *changed], key=lambda one: one.record_key)
