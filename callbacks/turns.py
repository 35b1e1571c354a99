"""One at a time for each key: when many screens miss the same rendering, the first makes it and the others get it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Locks by key, which exist only while somebody holds or awaits them. Works with threads and with gevent's patched ones."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Wait for the turn of `key`."""
        with self._guard:
            lock, waiting = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, waiting = self._locks[key]
                if waiting > 1:
                    self._locks[key] = (lock, waiting - 1)
                else:
                    del self._locks[key]
