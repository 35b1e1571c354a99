"""Keeps a short look ahead for the whole city, one for each new value, a few a round, and forgets what is old; run by jobs.py."""

from typing import Protocol

from domain.normal import DAY_MS
from domain.periods import period_of
from services.forecast_ports import Forecasting
from services.indicator_ports import Expected, IndicatorStore
from services.reckoning import Ground

STEPS = {"hour": 6, "day": 7, "month": 2}
"""How many periods of a cycle are looked ahead; other cycles aren't."""
PAST = {"hour": 14 * DAY_MS, "day": 70 * DAY_MS, "month": 900 * DAY_MS}
AT_ONCE = 2
"""So many models are fitted in a round: one takes about half a second."""
LOOK_MS = 20_000
"""After a round in which there was nothing to look at."""
FORGET_EVERY_MS = 3_600_000
KEEP_MS = 7 * DAY_MS


class Grounds(Protocol):
    """Says the ground (services/reckoning.py)."""

    def __call__(self) -> Ground: ...


class Forecasts:
    """One a process."""

    def __init__(self, store: IndicatorStore, forecasting: Forecasting, ground: Grounds, keep_hours_ms: int) -> None:
        self._store, self._forecasting, self._ground, self._keep_hours_ms = store, forecasting, ground, keep_hours_ms
        self._hopeless: dict[str, int] = {}
        self._look_at = self._forget_at = 0

    def round(self, now: int) -> int:
        """Look ahead where a value has come since the last look; returns how many were made."""
        if now < self._look_at:
            return 0
        done = self._look_all(now)
        self._look_at = now if done else now + LOOK_MS
        return done

    def _look_all(self, now: int) -> int:
        if now >= self._forget_at:
            self._forget_at = now + FORGET_EVERY_MS
            self._store.forget(now - self._keep_hours_ms, now - KEEP_MS)
        ground, done = self._ground(), 0
        of = self._store.forecast_of()
        for one in self._store.defined(None):
            indicator = one.indicator
            if indicator.cycle in STEPS and done < AT_ONCE and ground.root:
                done += self._look(indicator.code, indicator.cycle, ground, of.get(indicator.code, 0), now)
        return done

    def _look(self, code: str, cycle: str, ground: Ground, looked: int, now: int) -> int:
        found = self._store.latest({code: now - PAST[cycle]}, [ground.root], None)
        if not found or found[0].ends_at <= max(looked, self._hopeless.get(code, 0)):
            return 0
        after = found[0].ends_at
        series = self._store.series(code, ground.root, now - PAST[cycle], after)
        known = [(one.at, one.value) for one in series if one.value is not None]
        steps, at = [], after
        for ahead in self._forecasting.forecast(cycle, known, STEPS[cycle]):
            steps.append(Expected(at, now, ahead))
            at = period_of(at, cycle, ground.zone).ends
        self._store.expect(code, ground.root, steps)
        if not steps:
            self._hopeless[code] = after
        return 1
