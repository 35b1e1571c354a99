"""How those do that post a feed's messages: what was taken, and what was refused before anybody looked inside (a wrong secret).

Written at most once a second for each feed and outcome, however often somebody knocks: what was refused in between is counted then.
"""

from collections import Counter
from collections.abc import Collection

from domain.feed_health import Way
from services.feed_ports import WayStore
from services.ports import Clock

EVERY_MS = 1_000
AGAIN_MS = 3_600_000
"""After so long without a refusal the next one begins a new row of them."""


class Posts:
    """Of one web worker. What another worker counts is added up in the store's row, by reading it first."""

    def __init__(self, store: WayStore, feeds: Collection[str], clock: Clock) -> None:
        self._store, self._feeds, self._clock = store, feeds, clock
        self._written: dict[tuple[str, bool], int] = {}
        self._waiting: Counter[str] = Counter()

    def accepted(self, feed: str) -> None:
        """A message was taken."""
        now = self._clock()
        if self._due(feed, True, now):
            held = self._store.find(feed, "post") or Way("post", now)
            self._store.keep(feed, held._replace(asked_at=now, answered_at=now))

    def refused(self, feed: str, why: str) -> None:
        """Somebody was refused; `why` is a code: `no_token` (401), `no_right` (403). A feed that the city doesn't have is not kept."""
        if feed not in self._feeds:
            return
        now = self._clock()
        self._waiting[feed] += 1
        if not self._due(feed, False, now):
            return
        held = self._store.find(feed, "post") or Way("post", now)
        fresh = held.failed_at is None or now - held.failed_at > AGAIN_MS
        since, before = (now, 0) if fresh else (held.failing_since, held.failures)
        n = self._waiting.pop(feed, 0)
        self._store.keep(feed, held._replace(asked_at=now, failures=before + n, failing_since=since, failed_at=now, error=why))

    def _due(self, feed: str, taken: bool, now: int) -> bool:
        if now - self._written.get((feed, taken), 0) < EVERY_MS:
            return False
        self._written[feed, taken] = now
        return True
