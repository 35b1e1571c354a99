"""同比 and 环比: a value against that of the same period last year, and of the period before. No base, no figure, and why it is said.

The change of a percentage is in points (百分点), of everything else in percent of the base. Where the two periods differ in days or in
working days (month lengths, leap days, holidays), that is noted: the figure itself isn't adjusted.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.periods import Period, before, days, last_year, working_days

KINDS = ("last_year", "before")
"""同比, 环比."""
WHY_NOT = ("no_such_day", "no_such_week", "no_such_hour", "no_value", "zero")


class Change(NamedTuple):
    """`change` None: `why_not` says why. `in_points`: percentage points, else percent. `days`, `working`: how many more days and working
    days the period has than its base; None where the calendar doesn't know."""

    kind: str
    base: Period | None
    base_value: float | None
    change: float | None
    in_points: bool
    why_not: str = ""
    days: int = 0
    working: int | None = 0


def bases(period: Period, zone: ZoneInfo) -> dict[str, tuple[Period | None, str]]:
    """Kind -> the period to compare with, or None and why there is none."""
    year = last_year(period, zone)
    return {"last_year": (year.period, year.why_not), "before": (before(period, zone), "")}


def compare(
    kind: str,
    period: Period,
    value: float,
    base_value: float | None,
    unit: str,
    zone: ZoneInfo,
    is_working_day: Callable[[date], bool],
) -> Change:
    """The change of `value` in `period` against `base_value` in its base."""
    base, why_not = bases(period, zone)[kind]
    in_points = unit == "%"
    if base is None:
        return Change(kind, None, None, None, in_points, why_not)
    more = days(period, zone) - days(base, zone)
    ours, theirs = working_days(period, zone, is_working_day), working_days(base, zone, is_working_day)
    working = None if ours is None or theirs is None else ours - theirs
    if base_value is None:
        return Change(kind, base, None, None, in_points, "no_value", more, working)
    if not in_points and base_value == 0:
        return Change(kind, base, base_value, None, in_points, "zero", more, working)
    change = value - base_value if in_points else 100 * (value - base_value) / abs(base_value)
    return Change(kind, base, base_value, change, in_points, "", more, working)
