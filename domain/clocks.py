"""The clocks of an incident: how much time something may take, how much it has taken, when it is due.

A clock counts natural hours (day and night), working hours or working days of 8 working hours; it is paused, resumed, extended and
ended by functions that give a new clock, so a stored clock says everything and a restart changes nothing. All times are epoch ms.

Due is the earliest moment at which the allowance is used up, overdue any moment after it. What the calendar of working days doesn't
know is said (`BeyondCalendar`, the state `unknown`), never guessed.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from domain.event_time import to_datetime, to_ms

HOUR_MS = 3_600_000
DAY_HOURS = 8
"""A working day is so many working hours."""
UNITS = {"natural_hours": HOUR_MS, "working_hours": HOUR_MS, "working_days": DAY_HOURS * HOUR_MS}
"""Unit of an allowance -> its milliseconds, of natural or of working time."""
STATES = ("on_time", "near_due", "overdue", "paused", "met", "missed", "unknown")
FARTHEST_DAYS = 20 * 366
"""A calendar that has no working time within twenty years has none at all."""


class BeyondCalendar(Exception):
    """Nobody has said which days of that year are working days; the text is one line for people."""


class Calendar(Protocol):
    """A way of counting time."""

    def between(self, a: int, b: int) -> int:
        """The milliseconds that count from `a` to `b`; 0 when `b` isn't later. May raise BeyondCalendar."""

    def add(self, a: int, ms: int) -> int:
        """The earliest moment at which `ms` have counted since `a`. May raise BeyondCalendar."""


class NaturalTime:
    """Day and night, every day."""

    def between(self, a: int, b: int) -> int:
        """The milliseconds from `a` to `b`; 0 when `b` isn't later."""
        return max(0, b - a)

    def add(self, a: int, ms: int) -> int:
        """`ms` after `a` (`a` when nothing is left)."""
        return a + max(0, ms)


NATURAL = NaturalTime()


class Span(NamedTuple):
    """A part of the office day, in minutes after local midnight (1440 is the midnight that ends it)."""

    opens: int
    closes: int


class YearOfDays(NamedTuple):
    """The days of one year that are other than their weekday says: days off, and Saturdays and Sundays that are made up."""

    holidays: frozenset[date]
    workdays: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday but for the holidays, and the make-up days."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)


class WorkingTime:
    """A city's working time: the spans of its office day, on its working days, by its local clock.

    Where the local clock is put forward or back, a time that is skipped is read by the clock as it was before, and one that comes
    twice means the first. `near_due_share`: the last part of an allowance in which a clock is near due.
    """

    def __init__(
        self, zone: str, spans: Iterable[tuple[int, int]], is_working_day: Callable[[date], bool], near_due_share: float = 0.2
    ) -> None:
        """`spans` in order, apart from each other; `is_working_day` may raise BeyondCalendar."""
        self.zone, self.near_due_share = ZoneInfo(zone), near_due_share
        self.spans = tuple(Span(*span) for span in spans)
        self.is_working_day = is_working_day
        self._office = cache(self._office_day)

    def between(self, a: int, b: int) -> int:
        """The working milliseconds from `a` to `b`; 0 when `b` isn't later. Raises BeyondCalendar."""
        total, day, last = 0, self._day(a), self._day(b)
        while day <= last:
            inside = sum(max(0, min(closes, b) - max(opens, a)) for opens, closes in self._office(day))
            if inside and self.is_working_day(day):
                total += inside
            day += timedelta(days=1)
        return total

    def add(self, a: int, ms: int) -> int:
        """The earliest moment at which `ms` of working time have passed since `a` (`a` when nothing is left). Raises BeyondCalendar."""
        if ms <= 0:
            return a
        first = self._day(a)
        for ahead in range(FARTHEST_DAYS):
            day = first + timedelta(days=ahead)
            spans = [(max(opens, a), closes) for opens, closes in self._office(day) if closes > a]
            if not spans or not self.is_working_day(day):
                continue
            for opens, closes in spans:
                if ms <= closes - opens:
                    return opens + ms
                ms -= closes - opens
        raise BeyondCalendar(f"no working time in the twenty years after {first}")

    def _day(self, at: int) -> date:
        return to_datetime(at).astimezone(self.zone).date()

    def _office_day(self, day: date) -> list[tuple[int, int]]:
        """The spans of a day as epoch ms, in order and apart, whatever the local clock does that day."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        minutes = [0, *(minute for span in self.spans for minute in span)]
        end = to_ms(midnight + timedelta(days=1))
        edges = [min(end, edge) for edge in accumulate((to_ms(midnight + timedelta(minutes=minute)) for minute in minutes), max)]
        return [(opens, closes) for opens, closes in list(pairwise(edges))[1::2] if opens < closes]


class Allowance(NamedTuple):
    """How much time something may take, e.g. (4, "natural_hours"). The amount is above 0, the unit one of UNITS."""

    amount: float
    unit: str

    @property
    def ms(self) -> int:
        """Milliseconds, of natural or of working time."""
        return round(self.amount * UNITS[self.unit])


class Clock(NamedTuple):
    """One clock; `_asdict()` is JSON. Running: `running_since` is set. Ended: `ended_at` is. Otherwise paused.

    `used_ms` was used up before `running_since`. `due_at` is None while paused, and beyond the calendar's years: then `note` says so.
    A paused or ended clock with a note could not be counted when it stopped; it stays so until its incident is rebuilt from its
    events with a calendar that knows the year.
    """

    name: str
    unit: str
    allowed_ms: int
    used_ms: int
    running_since: int | None
    due_at: int | None
    started_at: int
    ended_at: int | None
    note: str = ""


class Standing(NamedTuple):
    """How a clock stands: one of STATES, and the milliseconds left (negative: over), None where they cannot be counted."""

    state: str
    left_ms: int | None


def start(name: str, allowance: Allowance, now: int, working: WorkingTime) -> Clock:
    """A clock that runs from `now`."""
    return refresh(Clock(name, allowance.unit, allowance.ms, 0, now, None, now, None), working)


def pause(clock: Clock, now: int, working: WorkingTime) -> Clock:
    """The clock stopped at `now`; unchanged when it doesn't run."""
    return clock if clock.running_since is None else _stop(clock, now, working)._replace(due_at=None)


def resume(clock: Clock, now: int, working: WorkingTime) -> Clock:
    """The paused clock running again from `now`; unchanged when it runs, has ended, or could not be counted."""
    if clock.running_since is not None or clock.ended_at is not None or clock.note:
        return clock
    return refresh(clock._replace(running_since=now), working)


def end(clock: Clock, now: int, working: WorkingTime) -> Clock:
    """The clock ended for good at `now`; unchanged when it has ended before."""
    if clock.ended_at is not None:
        return clock
    stopped = clock if clock.running_since is None else _stop(clock, now, working)
    return stopped._replace(ended_at=now)


def extend(clock: Clock, allowance: Allowance, now: int, working: WorkingTime) -> Clock:
    """The clock with more time, counted from when it was due, whenever (`now`) that is said; unchanged when it has ended.

    Raises ValueError when natural time is to be added to working time or the other way round: nobody can say what the sum is.
    """
    if clock.ended_at is not None:
        return clock
    if _calendar(allowance.unit, working) is not _calendar(clock.unit, working):
        raise ValueError(f"{clock.name} counts {clock.unit}: it cannot be extended by {allowance.unit}")
    return refresh(clock._replace(allowed_ms=clock.allowed_ms + allowance.ms), working)


def refresh(clock: Clock, working: WorkingTime) -> Clock:
    """The clock with its due time by the calendar as it is now (a year may have been added); unchanged unless it runs."""
    if clock.running_since is None:
        return clock
    try:
        due_at = _calendar(clock.unit, working).add(clock.running_since, clock.allowed_ms - clock.used_ms)
    except BeyondCalendar as error:
        return clock._replace(due_at=None, note=str(error))
    return clock._replace(due_at=due_at, note="")


def standing(clock: Clock, now: int, working: WorkingTime) -> Standing:
    """How the clock stands at `now`. Near due begins when exactly `working.near_due_share` of the allowance is left."""
    if clock.running_since is None:
        return _at_rest(clock)
    if clock.due_at is None:
        clock = refresh(clock, working)
    try:
        left = clock.allowed_ms - _used(clock, now, working)
    except BeyondCalendar:
        return Standing("unknown" if clock.due_at is None else "overdue", None)
    near = left <= round(clock.allowed_ms * working.near_due_share)
    return Standing("overdue" if left < 0 else "near_due" if near else "on_time", left)


def near_at(clock: Clock, working: WorkingTime) -> int | None:
    """When the running clock becomes near due; None when it doesn't run or its calendar ends before."""
    if clock.running_since is None or clock.due_at is None:
        return None
    near_after = clock.allowed_ms - round(clock.allowed_ms * working.near_due_share) - clock.used_ms
    return _calendar(clock.unit, working).add(clock.running_since, near_after)


def _at_rest(clock: Clock) -> Standing:
    left = None if clock.note else clock.allowed_ms - clock.used_ms
    if clock.ended_at is None:
        return Standing("unknown" if left is None else "paused", left)
    if left is None and clock.due_at is None:
        return Standing("unknown", None)
    return Standing("missed" if left is None or left < 0 else "met", left)


def _stop(clock: Clock, now: int, working: WorkingTime) -> Clock:
    try:
        return clock._replace(used_ms=_used(clock, now, working), running_since=None, note="")
    except BeyondCalendar as error:
        return clock._replace(running_since=None, note=str(error))


def _used(clock: Clock, now: int, working: WorkingTime) -> int:
    """What a clock has used at `now`; never less than before, also when the system's clock was set back.

    A due time that has passed costs a millisecond at least, also where no working time has followed it: else a deadline missed at
    night would count as met once the clock is paused.
    """
    if clock.running_since is None:
        return clock.used_ms
    used = clock.used_ms + _calendar(clock.unit, working).between(clock.running_since, now)
    late = clock.due_at is not None and now > clock.due_at
    return max(used, clock.allowed_ms + 1) if late else used


def _calendar(unit: str, working: WorkingTime) -> Calendar:
    return NATURAL if unit == "natural_hours" else working
