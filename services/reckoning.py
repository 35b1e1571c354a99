"""Makes the values of indicators from the rows of libraries and of the city itself; run by jobs.py in a thread of its own.

Indicators with the same query, parameters and cycle are asked for together. Each time the last periods are asked for again: where the rows
have changed since, or come late, the value is written anew as another version; the earlier ones stay. The same value again writes nothing,
so a kill at any moment only means that something is asked for once more. A library that doesn't answer stops no other.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.indicators import LIVE, Indicator, Row, fold, quality
from domain.live_roll_ups import ROLL_UPS
from domain.periods import Period, last_year, period_of
from domain.registry import Region, ancestors
from services.indicator_ports import NONE, IndicatorStore, Value
from services.learning import Learning
from services.topic_ports import Answer, Libraries, LibraryAway, QueryRefused

log = logging.getLogger("citydeck.indicators")
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
AT_ONCE = 3
"""So many groups are asked in a round; between rounds others may use the database."""
MARKS_AT_ONCE = 48
LOOK_MS = 5_000
"""After a round in which nothing was new."""
EVERY_MS = {"hour": 300_000}
EVERY_OTHER_MS = 1_800_000
"""How often a group is asked: by its cycle, or this."""
AWAY_MS = 120_000
"""When one is asked again that didn't answer, or had nothing to say yet."""
AGAIN = {"hour": 6 * HOUR_MS, "day": 8 * DAY_MS, "week": 28 * DAY_MS, "month": 100 * DAY_MS, "quarter": 200 * DAY_MS, "year": 800 * DAY_MS}
"""How far back a group is asked again each time."""
BACK = {
    "hour": 30 * DAY_MS,
    "day": 62 * DAY_MS,
    "week": 400 * DAY_MS,
    "month": 800 * DAY_MS,
    "quarter": 800 * DAY_MS,
    "year": 1500 * DAY_MS,
}
"""How far back a new indicator is filled, for the city; a day's also a year earlier, for 同比."""
BACK_TOWNS = {"hour": 2 * DAY_MS, "day": 14 * DAY_MS}
"""The same for the regions below the city; other cycles as for the city."""
DENSE = 0.97
"""A period with less than this share of its usual rows is partial."""
SAME = 1e-9


class Group(NamedTuple):
    """What is asked for together."""

    library: str
    query: str
    parameters: tuple[tuple[str, str | int | float], ...]
    cycle: str


class Ground(NamedTuple):
    """The city's regions, the code of the whole city, its zone."""

    regions: Mapping[str, Region]
    root: str
    zone: ZoneInfo


class Scene(NamedTuple):
    """The ground, since when each indicator is known, and now."""

    ground: Ground
    known_since: Mapping[str, int]
    now: int


def ground_of(regions: Mapping[str, Region], zone: str) -> Ground:
    """The ground of these regions: the root is the one without a parent."""
    root = next((code for code, one in regions.items() if one.parent is None or one.parent not in regions), "")
    return Ground(regions, root, ZoneInfo(zone))


def groups(indicators: Iterable[Indicator]) -> dict[Group, list[Indicator]]:
    """Indicators by what they are asked for together."""
    found: dict[Group, list[Indicator]] = defaultdict(list)
    for one in indicators:
        parameters = tuple(sorted(one.made.parameters.items()))
        found[Group(one.made.library, one.made.query, parameters, one.cycle)].append(one)
    return found


class Reckoning:
    """One a process; what it has asked for last it knows only while it lives, for asking once more does no harm."""

    def __init__(self, store: IndicatorStore, libraries: Libraries, learning: Learning, ground: Callable[[], Ground]) -> None:
        self._store, self._libraries, self._learning, self._ground = store, libraries, learning, ground
        self._due: dict[Group, int] = {}
        self._away: set[str] = set()
        self._look_at = 0

    def round(self, now: int) -> int:
        """Ask for a few groups that are due, and for hours that were made again late; returns how many values were new."""
        if now < self._look_at:
            return 0
        new = self._look(now)
        self._look_at = now if new else now + LOOK_MS
        return new

    def _look(self, now: int) -> int:
        defined = self._store.defined(None)
        scene = Scene(self._ground(), {one.indicator.code: one.known_since for one in defined}, now)
        if not scene.ground.root or not defined:
            return 0
        every = groups(one.indicator for one in defined)
        new = self._late_hours(every, scene)
        for group in sorted((one for one in every if self._due.get(one, 0) <= now), key=lambda one: self._due.get(one, 0))[:AT_ONCE]:
            self._due[group] = now + EVERY_MS.get(group.cycle, EVERY_OTHER_MS)
            new += self._ask(group, every[group], scene)
        return new

    def _ask(self, group: Group, indicators: Sequence[Indicator], scene: Scene) -> int:
        recent = scene.now - AGAIN[group.cycle]
        filled = self._store.filled_back()
        empty = [one for one in indicators if one.code not in filled]
        new = self._fill(group, empty, scene, recent) if empty else 0
        return new + self._span(group, indicators, scene, recent, scene.now)

    def _fill(self, group: Group, empty: Sequence[Indicator], scene: Scene, recent: int) -> int:
        """Fill new indicators with their past, in the order of time, once their library has anything recent to say."""
        answer = self._answer(group, period_of(recent, group.cycle, scene.ground.zone).starts, scene.now)
        if answer is None or not answer.rows:
            self._due[group] = scene.now + AWAY_MS
            return 0
        spans = spans_back(group.cycle, scene.now, scene.ground.zone)
        new = sum(self._span(group, empty, scene, since, until, filling=True) for since, until in spans)
        self._store.fill_back([one.code for one in empty])
        return new

    def _late_hours(self, every: Mapping[Group, Sequence[Indicator]], scene: Scene) -> int:
        """Hours of readings that were rolled up again longer ago than is asked for anyway."""
        marks = self._store.marked(MARKS_AT_ONCE)
        if not marks:
            return 0
        new = 0
        readings = {group: ones for group, ones in every.items() if group.library == LIVE and group.query == "readings"}
        for at in sorted({at for _, at in marks}):
            for group, ones in readings.items():
                period = period_of(at, group.cycle, scene.ground.zone)
                new += self._span(group, ones, scene, period.starts, period.ends)
        self._store.write([], [mark for mark, _ in marks])
        return new

    def _span(self, group: Group, indicators: Sequence[Indicator], scene: Scene, since: int, until: int, filling: bool = False) -> int:
        since = period_of(since, group.cycle, scene.ground.zone).starts
        answer = self._answer(group, since, until)
        if answer is None:
            self._due[group] = scene.now + AWAY_MS
            return 0
        known = self._store.known([one.code for one in indicators], since, until)
        towns = _towns_since(group.cycle, scene.now, filling)
        made = [value for one in indicators for value in Making(one, scene, towns).values(answer)]
        fresh = [value for value in made if _differs(value, known.get((value.indicator, value.region, value.at)))]
        self._store.write(self._learning.learn(indicators, fresh, scene.ground.root))
        return len(fresh)

    def _answer(self, group: Group, since: int, until: int) -> Answer | None:
        """What the library says; None where it doesn't, which is said once."""
        name = f"{group.library}.{group.query}"
        try:
            answer = self._libraries.ask(group.library, group.query, {"since": since, "until": until, **dict(group.parameters)})
        except (LibraryAway, QueryRefused) as error:
            if name not in self._away:
                log.warning("%s doesn't answer, its indicators will be late: %s", name, error)
            self._away.add(name)
            return None
        if name in self._away:
            log.info("%s answers again", name)
            self._away.discard(name)
        return answer


def spans_back(cycle: str, now: int, zone: ZoneInfo) -> list[tuple[int, int]]:
    """What a new indicator is filled with: the last of BACK, and of days the same days a year earlier."""
    first = now - BACK[cycle]
    if cycle != "day":
        return [(first, now)]
    then = last_year(period_of(first, cycle, zone), zone).period or last_year(period_of(first - DAY_MS, cycle, zone), zone).period
    return [(then.starts, then.starts + BACK[cycle] + DAY_MS), (first, now)] if then else [(first, now)]


def _towns_since(cycle: str, now: int, filling: bool) -> Callable[[int], bool]:
    """Whether a period that begins then is kept for the regions below the city too; of a filled past only its last days."""
    back = BACK_TOWNS.get(cycle)
    if not filling or back is None:
        return lambda at: True
    return lambda at: any(0 <= end - at <= back for end in (now, now - 365 * DAY_MS, now - 364 * DAY_MS))


class Making:
    """The values of one indicator from the rows of its query."""

    def __init__(self, indicator: Indicator, scene: Scene, towns: Callable[[int], bool] = lambda at: True) -> None:
        """`towns(at)`: whether a period that begins then is kept for the regions below the city too."""
        self._one, self._scene, self._ground, self._towns = indicator, scene, scene.ground, towns

    def values(self, answer: Answer) -> list[Value]:
        """One for each region and period that is over and has rows."""
        cells: dict[tuple[str, Period], list[Row]] = defaultdict(list)
        for row in answer.rows:
            if row.at is None:
                continue
            period = period_of(row.at, self._one.cycle, self._ground.zone)
            if period.ends <= self._scene.now:
                found = Row(row.at, str(row.values.get("region") or ""), row.values)
                for region in self._regions_of(found.region, period.starts):
                    cells[region, period].append(found)
        usual = _usual(cells) if self._counts_rows() else {}
        return [self._value(region, period, rows, usual.get((region, period), 0)) for (region, period), rows in cells.items()]

    def _regions_of(self, region: str, at: int) -> list[str]:
        """Where the row counts: in its region and all above it, down to the indicator's level; always in the city."""
        if self._one.level == "city" or not self._towns(at):
            return [self._ground.root]
        known = dict(self._ground.regions)
        above = [code for code in ancestors(region, known) if known[code].level not in ("village", "grid")]
        return list(dict.fromkeys([*above, self._ground.root]))

    def _counts_rows(self) -> bool:
        """Whether fewer rows than usual mean that somebody hasn't reported; counts of events have as many as there were events."""
        return self._one.made.library != LIVE or ROLL_UPS[self._one.made.query].steady

    def _value(self, region: str, period: Period, rows: Sequence[Row], usual: int) -> Value:
        one, usual = self._one, max(len(rows), usual)
        made = fold(rows, one.made)
        reporting = usual if len(rows) >= DENSE * usual else len(rows)
        due = period.ends + round(one.due_h * HOUR_MS)
        return Value(
            indicator=one.code,
            region=region,
            at=period.starts,
            ends_at=period.ends,
            computed_at=self._scene.now,
            value=made.value,
            source=f"{one.made.library}.{one.made.query}",
            quality=NONE if made.value is None else quality(one, made.value, reporting, usual),
            late=self._scene.known_since[one.code] < due < self._scene.now,
            rows=made.rows,
            numerator=made.numerator,
            denominator=made.denominator,
            usual=usual,
        )


def _usual(cells: Mapping[tuple[str, Period], Sequence[Row]]) -> dict[tuple[str, Period], int]:
    """How many rows each should have: as many at a moment as the best moments have, and as many moments for its length as the best period
    has (one, where none has more)."""
    moments = {key: len({row.at for row in rows}) for key, rows in cells.items()}
    wide: dict[str, float] = {}
    dense: dict[str, float] = {}
    for (region, period), rows in cells.items():
        many = moments[region, period]
        wide[region] = max(wide.get(region, 0.0), len(rows) / many)
        dense[region] = max(dense.get(region, 0.0), many / (period.ends - period.starts) if many > 1 else 0.0)
    return {(region, period): round(wide[region] * max(1.0, dense[region] * (period.ends - period.starts))) for region, period in cells}


def _differs(value: Value, known: Value | None) -> bool:
    if known is None or value.quality != known.quality or (value.value is None) != (known.value is None):
        return True
    return value.value is not None and abs(value.value - (known.value or 0.0)) > SAME * max(1.0, abs(value.value))
