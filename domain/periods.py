"""The periods that indicators are kept for, and the two they are compared with: 环比, the period before; 同比, the same one last year.

A period is of the calendar, in the city's zone: a month is as long as that month, a week is the ISO week (Monday to Sunday), a day
where the clock is put forward has 23 hours. What has no base in the calendar has none: 29 February, week 53, a skipped hour.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.clocks import BeyondCalendar

CYCLES = ("hour", "day", "week", "month", "quarter", "year")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""How many months a cycle of months has."""
NAMES: dict[str, Callable[[datetime], str]] = {
    "hour": lambda start: start.strftime("%Y-%m-%d %H:00"),
    "day": lambda start: start.strftime("%Y-%m-%d"),
    "week": lambda start: "{}-W{:02d}".format(*start.isocalendar()),
    "month": lambda start: start.strftime("%Y-%m"),
    "quarter": lambda start: f"{start.year}-Q{(start.month + 2) // 3}",
    "year": lambda start: str(start.year),
}


class Period(NamedTuple):
    """`starts` belongs to it, `ends` is the first moment that doesn't; epoch ms."""

    cycle: str
    starts: int
    ends: int

    def name(self, zone: ZoneInfo) -> str:
        """`2026-11-22 14:00`, `2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`."""
        return NAMES[self.cycle](_local(self.starts, zone))


class Base(NamedTuple):
    """What a period is compared with, or why with nothing: `no_such_day`, `no_such_week`, `no_such_hour`."""

    period: Period | None
    why_not: str = ""


def period_of(at: int, cycle: str, zone: ZoneInfo) -> Period:
    """The period of `cycle` that holds the moment `at` (epoch ms)."""
    if cycle == "hour":
        return _hour(at, zone)
    day = _local(at, zone).date()
    return _of_days(cycle, _first_day(day, cycle), zone)


def before(period: Period, zone: ZoneInfo) -> Period:
    """环比: the period that ends where this one begins."""
    return period_of(period.starts - 1, period.cycle, zone)


def days_before(period: Period, days: int, zone: ZoneInfo) -> Period:
    """The hour or day of the same name so many calendar days earlier."""
    earlier = _local(period.starts, zone) - timedelta(days=days)
    return period_of(_ms(earlier), period.cycle, zone)


def last_year(period: Period, zone: ZoneInfo) -> Base:
    """同比: the period of the same name a year earlier; of a week the same ISO week."""
    start = _local(period.starts, zone)
    if period.cycle == "week":
        year, week, _ = start.isocalendar()
        try:
            return Base(_of_days("week", date.fromisocalendar(year - 1, week, 1), zone))
        except ValueError:
            return Base(None, "no_such_week")
    try:
        earlier = start.replace(year=start.year - 1)
    except ValueError:
        return Base(None, "no_such_day")
    if period.cycle == "hour":
        return _hour_of(earlier, zone)
    return Base(_of_days(period.cycle, earlier.date(), zone))


def working_days(period: Period, zone: ZoneInfo, is_working_day: Callable[[date], bool]) -> int | None:
    """How many working days the period has; None where the calendar doesn't know the year."""
    first, last = _local(period.starts, zone).date(), _local(period.ends - 1, zone).date()
    try:
        return sum(is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))
    except BeyondCalendar:
        return None


def days(period: Period, zone: ZoneInfo) -> int:
    """How many calendar days the period touches."""
    return (_local(period.ends - 1, zone).date() - _local(period.starts, zone).date()).days + 1


def _local(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _hour(at: int, zone: ZoneInfo) -> Period:
    local = _local(at, zone)
    start = at - ((local.minute * 60 + local.second) * 1000 + at % 1000)
    return Period("hour", start, start + 3_600_000)


def _hour_of(local: datetime, zone: ZoneInfo) -> Base:
    """The hour that the clock then called so; one that was skipped never was."""
    there_and_back = _local(_ms(local), zone)
    if there_and_back.replace(tzinfo=None) != local.replace(tzinfo=None):
        return Base(None, "no_such_hour")
    return Base(_hour(_ms(local), zone))


def _first_day(day: date, cycle: str) -> date:
    if cycle == "week":
        return day - timedelta(days=day.weekday())
    if cycle == "day":
        return day
    months = MONTHS[cycle]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _of_days(cycle: str, first: date, zone: ZoneInfo) -> Period:
    if cycle in MONTHS:
        months = first.year * 12 + first.month - 1 + MONTHS[cycle]
        after = date(months // 12, months % 12 + 1, 1)
    else:
        after = first + timedelta(days=7 if cycle == "week" else 1)
    starts, ends = (_ms(datetime(day.year, day.month, day.day, tzinfo=zone)) for day in (first, after))
    return Period(cycle, starts, ends)
