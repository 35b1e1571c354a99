"""The versions by which renderings are shared. What changes all the time counts by a beat, so that everybody who asks between two
beats gets the same rendering; what is rare (alarms, statuses, incidents, notes) counts at once.

Whoever asks BEAT_S after a change, or later, sees it: live.js asks that long after the last change once more.
"""

import time
from collections.abc import Callable, Mapping

BEAT_S = 2.0
RESTLESS = frozenset({"values", "vehicles", "counts"})


class Beat:
    """Of one web worker. `clock` gives seconds; call it under the fan-out's lock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._epoch, self._next, self._held = "", 0.0, dict[str, int]()

    def versions(self, epoch: str, sections: Mapping[str, int]) -> dict[str, int]:
        """Section -> the version that counts now, of the versions at which each has really changed."""
        now = self._clock()
        if epoch != self._epoch or now >= self._next:
            self._epoch, self._next = epoch, now + BEAT_S
            self._held = {name: version for name, version in sections.items() if name in RESTLESS}
        return {**sections, **self._held}
