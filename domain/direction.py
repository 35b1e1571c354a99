"""Whether a value rises or falls: its last part against the part before, where that is more than its own unrest."""

from collections.abc import Sequence
from statistics import fmean, pstdev

UP, STEADY, DOWN = 1, 0, -1
FEWEST = 6
"""Fewer values than this have no direction."""
PART = 3
"""So many of the last values are compared with as many before them."""
UNREST = 1.0
"""Steady up to so many standard deviations of the values before (local)."""


def direction(values: Sequence[float | None]) -> int | None:
    """UP, STEADY or DOWN of equally spaced values, the newest last (gaps are None); None where there are too few to tell."""
    known = [value for value in values if value is not None]
    if len(known) < FEWEST or None in values[-PART:]:
        return None
    before, last = known[:-PART], known[-PART:]
    change = fmean(last) - fmean(before[-PART:])
    if abs(change) <= UNREST * pstdev(before) or change == 0:
        return STEADY
    return UP if change > 0 else DOWN
