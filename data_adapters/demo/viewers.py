"""Who watches the demo's streams, as the server of its clips sees it: connections that are open, and lists that were asked for just now."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

LIST_MS = 10_000
"""Whoever watches by pieces asks for the list about every two seconds; after this long without, nobody does."""
LEFT_MS = 20_000
"""So long nobody must watch before it is told (ZLMediaKit's streamNoneReaderDelayMS)."""


class Viewers:
    """Of all streams. Asked by the threads of the clips' server and by the one that tells; times are epoch ms."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()
        self._listed: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._missed: list[str] = []

    @contextmanager
    def connected(self, stream: str) -> Iterator[None]:
        """Somebody watches it over one connection, as long as this lasts."""
        with self._lock:
            self._open[stream] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[stream] -= 1

    def listed(self, stream: str, now: int) -> None:
        """Somebody asked for the list of its pieces."""
        with self._lock:
            self._listed[stream] = now

    def miss(self, stream: str) -> None:
        """Somebody asked for it, and it was not there."""
        with self._lock:
            self._missed.append(stream)

    def count(self, stream: str, now: int) -> tuple[int, int]:
        """How many watch it over a connection, and by pieces: of these nobody knows more than whether there are any."""
        with self._lock:
            return self._count(stream, now)

    def total(self, now: int) -> int:
        """Of all streams together."""
        with self._lock:
            return sum(sum(self._count(stream, now)) for stream in {*self._open, *self._listed})

    def left(self, now: int) -> list[str]:
        """The streams that were watched and that nobody has watched for LEFT_MS; each once."""
        with self._lock:
            for stream in {*self._open, *self._listed}:
                if sum(self._count(stream, now)):
                    self._seen[stream] = now
            gone = sorted(stream for stream, at in self._seen.items() if now - at >= LEFT_MS)
            for stream in gone:
                del self._seen[stream]
            return gone

    def missed(self) -> list[str]:
        """What was asked for in vain since this was last asked, each stream once."""
        with self._lock:
            missed, self._missed = self._missed, []
        return sorted(set(missed))

    def _count(self, stream: str, now: int) -> tuple[int, int]:
        return self._open[stream], int(stream in self._listed and now - self._listed[stream] <= LIST_MS)
