"""What got worse 变差: an indicator whose score fell by a set number of points since the same time yesterday, or a week ago.

Scores are compared, not values: each stands against what was normal for its own hour and weekday, so that a street that is slower at eight
in the morning than at noon has not got worse by it.
"""

from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.periods import Period, before, days_before

SINCE: Mapping[str, int] = {"day": 1, "week": 7}
"""Since when -> how many days back."""
DAY_MS = 86_400_000
SHORT = ("hour", "day")


class Fall(NamedTuple):
    """By how many points a score fell, from what to what, and how much the indicator weighs."""

    points: float
    before: float
    now: float
    weight: float

    @property
    def rank(self) -> float:
        """What counts when falls are ranked."""
        return self.points * self.weight


def base_of(period: Period, since: str, known_at: int, now: int, zone: ZoneInfo) -> Period | None:
    """The period to compare with. Of hours and days the one of the same name; what comes by the week or seldomer is compared with the one
    before it, and only since a week ago, where it has become known (`known_at`) in that week. None: nothing to compare."""
    if period.cycle in SHORT:
        return days_before(period, SINCE[since], zone)
    return before(period, zone) if since == "week" and known_at > now - SINCE["week"] * DAY_MS else None


def fall(now: float | None, then: float | None, weight: float, points: float) -> Fall | None:
    """How far a score fell; None where it didn't by `points` at least, or one of the two is not known."""
    if now is None or then is None or then - now < points:
        return None
    return Fall(then - now, then, now, weight)
