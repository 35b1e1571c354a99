"""Asking the topic libraries by their cycle, in jobs.py: what they have, what is fetched of them, which figures they claim.

A library that is away is asked again with growing pauses; its loss and its recovery are logged once each. One table or query that is
refused stops no other.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from services.catalogue_ports import FigurePlan, Landed, LayerStore, LibraryPlan, Run, TablePlan
from services.polling import LONGEST_PAUSE_S
from services.ports import Clock
from services.topic_ports import LibraryAway, QueryRefused, TopicLibrary

log = logging.getLogger("citydeck.topics")
DAY_MS = 86_400_000
INSPECT_MS = DAY_MS
"""A library's tables and columns are looked at once a day, and when jobs.py begins to lead."""
FIGURES_BEGIN_MS, FIGURES_AGAIN_MS = 62 * DAY_MS, 3 * DAY_MS
"""How far back a figure is asked for at first, and afterwards before its newest value: sources correct what they said."""
Done = TypeVar("Done")


class TopicRound:
    """One library's turns."""

    def __init__(self, library: TopicLibrary, plan: LibraryPlan, store: LayerStore, clock: Clock, first_after_ms: int = 0) -> None:
        self._library, self._plan, self._store, self._clock = library, plan, store, clock
        self._first_after_ms = first_after_ms
        self._due_at: int | None = None
        self._inspected_at: int | None = None
        self._failures = 0
        self._refused: dict[str, str] = {}

    def round(self, now: int) -> int:
        """Ask, when it is due; returns how many tables and queries were asked."""
        if self._due_at is None:
            self._due_at = now + self._first_after_ms
        if now < self._due_at:
            return 0
        self._due_at = now + round(self._plan.state.every_s * 1000)
        try:
            asked = self._ask(now)
        except LibraryAway as error:
            self._lost(str(error), now)
            return 1
        if self._failures:
            log.info("topic library %s answers again", self._plan.state.code)
        self._failures = 0
        self._store.fared(self._plan.state.code, self._clock(), "; ".join(self._refused.values()))
        return asked

    def _ask(self, now: int) -> int:
        if self._inspected_at is None or now - self._inspected_at >= INSPECT_MS:
            self._store.describe(self._plan.state.code, self._plan.describe(self._library.tables()), now)
            self._inspected_at = now
        for table in self._plan.tables:
            self._try(table.name, lambda table=table: self._land(table, now))  # type: ignore[misc]
        for figure in self._plan.figures:
            self._try(figure.query, lambda figure=figure: self._figures(figure, now))  # type: ignore[misc]
        return len(self._plan.tables) + len(self._plan.figures)

    def _land(self, table: TablePlan, now: int) -> int:
        span = Landed(0 if table.span_ms is None else now - table.span_ms, now)
        return self._store.land(table, self._library.fetch(table.name, span.since, span.until), span)

    def _figures(self, figure: FigurePlan, now: int) -> int:
        newest = self._store.newest_figure(self._plan.state.code, figure.query)
        since = now - FIGURES_BEGIN_MS if newest is None else min(newest, now) - FIGURES_AGAIN_MS
        return self._store.keep_figures(figure, self._library.ask(figure.query, {"since": since, "until": now}))

    def _try(self, what: str, work: Callable[[], int]) -> None:
        began = self._clock()
        try:
            work()
            self._refused.pop(what, None)
        except QueryRefused as error:
            if what not in self._refused:
                log.warning("topic library %s: %s is refused: %s", self._plan.state.code, what, error)
            self._refused[what] = f"{what}: {error}"
            self._store.ran(Run(self._plan.state.code, what, began, self._clock() - began, 0, str(error)))
        except LibraryAway as error:
            self._store.ran(Run(self._plan.state.code, what, began, self._clock() - began, 0, str(error)))
            raise

    def _lost(self, why: str, now: int) -> None:
        if not self._failures:
            log.warning("topic library %s is away, asking again with growing pauses: %s", self._plan.state.code, why)
        pause_s = min(2.0**self._failures, LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 30)
        self._due_at = self._clock() + round(pause_s * 1000)
        self._store.fared(self._plan.state.code, now, why)
