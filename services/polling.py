"""Asking other systems for what they know: in their turn, with growing pauses while one is away, into the inbox like any other message."""

import logging
from collections.abc import Callable, Iterator
from typing import Protocol

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
    """Asks one source. Its loss and its recovery are logged once each."""

    def __init__(self, source: Source, inbox: Inbox, partition_key: Callable[[str], str], clock: Clock) -> None:
        self._source, self._inbox, self._key, self._clock = source, inbox, partition_key, clock
        self._due_at, self._failures = 0, 0

    def round(self, now: int) -> int:
        """Ask, when it is due; returns how many messages were put into the inbox. What came before a failure stays there."""
        if now < self._due_at:
            return 0
        taken, self._due_at = 0, now + round(self._source.every_s * 1000)
        try:
            for topic, payload in self._source.fetch():
                self._inbox.put(self._source.feed, topic, payload, self._key(topic))
                taken += 1
        except SourceAway as error:
            self._lost(error)
            return taken
        if self._failures:
            log.info("%s: its source answers again", self._source.feed)
        self._failures, self._due_at = 0, self._clock() + round(self._source.every_s * 1000)
        return taken

    def _lost(self, error: SourceAway) -> None:
        if not self._failures:
            log.warning("%s: its source is away, asking again with growing pauses: %s", self._source.feed, error)
        pause_s = min(2.0**self._failures, LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 30)
        self._due_at = self._clock() + round(pause_s * 1000)
