"""What is normal for this hour and weekday, learnt from the past, and what isn't: robust, so that the odd ones of the past count little.

The middle is the median, the spread 1.4826 times the median distance from it (the standard deviation, were it a bell curve; Rousseeuw
and Croux 1993). A slot has a value a week, so its own spread says little: it is weighed against the spread of the surprises of all slots.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from math import sqrt
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.clocks import BeyondCalendar

BELL = 1.4826
DAY_MS = 86_400_000
LEAST_SURPRISES = 8
"""With fewer nobody knows how far values stray."""
AGAIN_AFTER = 12
LEAST_SHARE, LEAST_SPREAD = 0.01, 1e-9
"""A spread is never less than a hundredth of the middle: what nearly always is the same mustn't turn every step into an anomaly."""
BASES = ("weekday_hour", "kind_of_day_hour", "hour")
"""What a slot is, the narrowest first: the hour of that weekday, of working days or of days off, of any day."""


class LearningRules(NamedTuple):
    """`days`: how far back is remembered; `least_days`: so many different days make a normal; `pooled`: the surprises of all slots count
    as so many days of the slot's own; `width`: so many spreads from the middle are still normal; `hold`: so many values running outside
    make an anomaly; `calm_h`: so many hours inside end it."""

    days: float
    least_days: int
    pooled: float
    width: float
    hold: int
    calm_h: float


class Normal(NamedTuple):
    """The normal of one moment: middle, spread, how many days it was learnt from, and of which slot (BASES)."""

    middle: float
    spread: float
    days: int
    basis: str

    def band(self, width: float) -> tuple[float, float]:
        """The lowest and the highest value that are normal."""
        return self.middle - width * self.spread, self.middle + width * self.spread


class _Held(NamedTuple):
    at: int
    day: date
    value: float


class Memory:
    """The values of the last days, by slot. Feed it in the order of time; it never looks ahead."""

    def __init__(self, rules: LearningRules, zone: ZoneInfo, is_working_day: Callable[[date], bool]) -> None:
        """`is_working_day` may raise BeyondCalendar: then only the weekday says what kind of day it is."""
        self._rules, self._zone, self._is_working_day = rules, zone, is_working_day
        self._slots: dict[tuple[object, ...], deque[_Held]] = {}
        self._surprises: deque[_Held] = deque()
        self._pooled, self._since_pooled = 0.0, 0

    def add(self, at: int, value: float) -> None:
        """Remember one value (`at` epoch ms)."""
        local = self._local(at)
        found = self._found(at)
        if found is not None:
            self._surprises.append(_Held(at, local.date(), value - median(one.value for one in found[1])))
            self._forget(self._surprises, at)
            self._since_pooled += 1
        for basis in BASES:
            self._slots.setdefault(self._slot(basis, local), deque()).append(_Held(at, local.date(), value))

    def normal(self, at: int) -> Normal | None:
        """What is normal at that moment, from what came before; None while too few days are known."""
        found = self._found(at)
        if found is None or len(self._surprises) < LEAST_SURPRISES:
            return None
        basis, held, days = found
        values = [one.value for one in held]
        own, pooled, weight = spread(values), self._spread_of_surprises(), self._rules.pooled
        middle = median(values)
        found_spread = sqrt((days * own**2 + weight * pooled**2) / (days + weight))
        return Normal(middle, max(LEAST_SHARE * abs(middle), LEAST_SPREAD, found_spread), days, basis)

    def _found(self, at: int) -> tuple[str, deque[_Held], int] | None:
        """The narrowest slot of which enough days are known: its basis, its values, its days."""
        local = self._local(at)
        for basis in BASES if self._is_usual(local.date()) else BASES[1:]:
            held = self._slots.get(self._slot(basis, local), deque())
            self._forget(held, at)
            days = len({one.day for one in held})
            if days >= self._rules.least_days:
                return basis, held, days
        return None

    def _spread_of_surprises(self) -> float:
        """Counted again now and then, for it moves slowly."""
        if not self._pooled or self._since_pooled >= AGAIN_AFTER:
            self._pooled, self._since_pooled = spread([one.value for one in self._surprises]), 0
        return self._pooled

    def _forget(self, held: deque[_Held], now: int) -> None:
        oldest = now - self._rules.days * DAY_MS
        while held and held[0].at < oldest:
            held.popleft()

    def _slot(self, basis: str, local: datetime) -> tuple[object, ...]:
        if basis == "weekday_hour":
            return basis, local.weekday(), local.hour
        return (basis, local.hour) if basis == "hour" else (basis, self._works(local.date()), local.hour)

    def _works(self, day: date) -> bool:
        try:
            return self._is_working_day(day)
        except BeyondCalendar:
            return day.weekday() < 5

    def _is_usual(self, day: date) -> bool:
        """Whether the day is what its weekday says: no holiday, no make-up day."""
        return self._works(day) == (day.weekday() < 5)

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self._zone)


def spread(values: Sequence[float]) -> float:
    """The robust standard deviation; 0.0 for less than two values."""
    if len(values) < 2:
        return 0.0
    middle = median(values)
    return BELL * median(abs(value - middle) for value in values)


class Spell(NamedTuple):
    """A time of anomaly, by places in a series: the first value outside, the one at which it was told, the last one outside so far."""

    first: int
    told: int
    last: int
    over: bool


def spells(outside: Iterable[bool], hold: int, calm: int) -> list[Spell]:
    """The anomalies of a series in the order of time: each begins with `hold` values outside in a row, and is over when `calm` in a row
    are inside again."""
    found: list[Spell] = []
    run = quiet = 0
    for place, odd in enumerate(outside):
        run, quiet = (run + 1, 0) if odd else (0, quiet + 1)
        current = found[-1] if found and not found[-1].over else None
        if current and (odd or quiet >= calm):
            found[-1] = current._replace(last=place) if odd else current._replace(over=True)
        elif not current and run >= hold:
            found.append(Spell(place - hold + 1, place, place, False))
    return found


def calm_values(rules: LearningRules, step_ms: int) -> int:
    """How many values of a series with this step make the calm that ends an anomaly; one at least."""
    return max(1, round(rules.calm_h * 3_600_000 / step_ms))
