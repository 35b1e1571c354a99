"""Asking other systems for what they know: in their turn, with growing pauses while one is away, into the inbox like any other message."""

import logging
from collections.abc import Callable, Iterator
from typing import Protocol

from domain.feed_health import Way
from services.feed_ports import NoWays, WayStore
from services.ports import Clock
from services.webhooks import Inbox

log = logging.getLogger("citydeck.polling")
LONGEST_PAUSE_S = 300.0


class SourceAway(Exception):
    """The system can't be reached, or answers what can't be used; the text says why, and holds no secret."""


class Source(Protocol):
    """A system that is asked for its messages (data_adapters/feeds/*/polling.py)."""

    feed: str
    """The feed that reads what it answers."""
    every_s: float
    """Seconds from one round to the next."""

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """Topics and payloads, as they come. Raises SourceAway."""


class Polling:
    """Asks one source. Its loss and its recovery are logged once each, also when this program was started again in between."""

    def __init__(
        self, source: Source, inbox: Inbox, partition_key: Callable[[str], str], clock: Clock, ways: WayStore | None = None
    ) -> None:
        self._source, self._inbox, self._key, self._clock, self._ways = source, inbox, partition_key, clock, ways or NoWays()
        self._due_at, self._failures = 0, 0
        self._held: Way | None = None

    def round(self, now: int) -> int:
        """Ask, when it is due; returns how many messages were put into the inbox. What came before a failure stays there."""
        if now < self._due_at:
            return 0
        self._held = self._held or self._ways.find(self._source.feed, "poll") or Way("poll", now)
        taken, self._due_at = 0, now + round(self._source.every_s * 1000)
        try:
            for topic, payload in self._source.fetch():
                self._inbox.put(self._source.feed, topic, payload, self._key(topic))
                taken += 1
        except SourceAway as error:
            self._lost(self._held, now, error)
        else:
            self._answered(self._held, now)
        return taken

    def _answered(self, held: Way, now: int) -> None:
        if held.failing_since is not None:
            log.info("%s: its source answers again, after %.0f s", self._source.feed, (now - held.failing_since) / 1000)
        self._failures, self._due_at = 0, self._clock() + round(self._source.every_s * 1000)
        self._keep(Way("poll", now, self._clock(), 0, None, held.failed_at, self._due_at, ""))

    def _lost(self, held: Way, now: int, error: SourceAway) -> None:
        if held.failing_since is None:
            log.warning("%s: its source is away, asking again with growing pauses: %s", self._source.feed, error)
        pause_s = min(2.0**self._failures, LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 30)
        self._due_at = self._clock() + round(pause_s * 1000)
        since = now if held.failing_since is None else held.failing_since
        self._keep(Way("poll", now, held.answered_at, held.failures + 1, since, now, self._due_at, str(error)))

    def _keep(self, way: Way) -> None:
        self._held = way
        self._ways.keep(self._source.feed, way)
