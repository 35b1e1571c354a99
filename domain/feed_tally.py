"""What is counted of a feed as its messages are stored: reports, clocks that are wrong, how late they come. Pure.

A report is what one device said of one moment, however many values it brought. Lateness is counted in steps, so that nothing must be
kept of the single message: the middle and the 95th percentile are then known to a step, and told as "at most".
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

STEPS_MS = (
    *(100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000),
    *(120_000, 300_000, 600_000, 1_800_000, 3_600_000, 14_400_000, 86_400_000),
)
"""Upper ends of the steps of lateness (received_at - at), in milliseconds; what is later than the last is in one more step."""
CLASSES = len(STEPS_MS) + 1
BEYOND_MS = STEPS_MS[-1] + 1
"""Stands for: later than the last step."""


@dataclass
class Tally:
    """Of one feed in one batch. `due`: reports of registered devices that have an interval; `suspect`: those whose clock is wrong."""

    reports: int = 0
    due: int = 0
    suspect: int = 0
    lags: list[int] = field(default_factory=lambda: [0] * CLASSES)
    devices: set[str] = field(default_factory=set)

    def late(self, lag_ms: int) -> None:
        """One report came so late; a clock that is ahead counts as not late at all."""
        self.lags[bisect_left(STEPS_MS, lag_ms)] += 1


def at_most(lags: Sequence[int], share: float) -> int | None:
    """The step (milliseconds) within which `share` of the reports came; BEYOND_MS where it lies beyond the last, None
    where there were none."""
    wanted, passed = share * sum(lags), 0
    for step, n in zip(STEPS_MS, lags, strict=False):
        passed += n
        if passed and passed >= wanted:
            return step
    return BEYOND_MS if sum(lags) else None
