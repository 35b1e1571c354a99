"""When what is known counts as old, and when the city's own parts count as late; a city decides: config/freshness.yaml."""

from typing import NamedTuple


class Freshness(NamedTuple):
    """`stale_after` and `silent_after` in expected intervals, of a device and of a feed; `judged_within_ms`: how far an ingest worker may
    be behind while silence and duration are judged; `lag_limit_s`, `beat_limit_s` and `disk_left` (a share): what /readyz calls late."""

    stale_after: float
    silent_after: float
    judged_within_ms: int
    lag_limit_s: float
    beat_limit_s: float
    disk_left: float

    def stale_s(self, interval_s: float | None) -> float | None:
        """Seconds after which a value expected every `interval_s` is stale; None for one that is told when it changes."""
        return interval_s * self.stale_after if interval_s else None

    def is_stale(self, interval_s: float | None, age_ms: float) -> bool:
        """Whether a value that is so many milliseconds old is stale."""
        limit_s = self.stale_s(interval_s)
        return limit_s is not None and age_ms > limit_s * 1000


NEVER_OLD = Freshness(float("inf"), float("inf"), 0, float("inf"), float("inf"), 0.0)
"""Nothing is ever old."""
