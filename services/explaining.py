"""Where a figure comes from, down to its rows: formula, what went in, library, owner, age, quality, versions, 同比 and 环比."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor
from domain.comparison import Change, bases, compare
from domain.indicators import Indicator, Row, formula
from domain.periods import Period, period_of
from domain.registry import ancestors
from services.indicator_ports import Expected, Value
from services.reckoning import BACK, ground_of
from services.topic_ports import Libraries, LibraryAway, QueryRefused
from services.vital_signs import Sign, VitalSigns

MOST_ROWS = 200
SHOWN_BACK = {"hour": 3, "day": 31, "week": 200, "month": 740, "quarter": 800, "year": 1500}
"""Days of past that a series shows unless told otherwise, by cycle."""
DAY_MS = 86_400_000


class Explained(NamedTuple):
    """One figure explained. `versions`: every version of this period's value that was known, the newest last."""

    sign: Sign
    formula: str
    changes: Mapping[str, Change]
    versions: Sequence[Value]
    age_ms: int | None


class Rows(NamedTuple):
    """The rows behind a figure as the library has them now (at most MOST_ROWS; `total` says how many there are), or why not."""

    rows: Sequence[Mapping[str, Any]]
    total: int
    away: str = ""


class Explaining:
    """Answers for one figure at a time."""

    def __init__(self, signs: VitalSigns, libraries: Libraries, names: Mapping[str, tuple[str, str]] | None = None) -> None:
        """`names`: library -> what it is called, zh and en."""
        self.signs, self._libraries, self.names = signs, libraries, dict(names or {})

    def explain(self, actor: Actor, code: str, region: str | None, now: int, at: int | None = None) -> Explained:
        """One indicator of one region at a moment. Raises Forbidden, LookupError."""
        sign = self.signs.sign(actor, code, region, now, at)
        moment = now if at is None else at
        versions = self.signs.store.versions(code, sign.region, sign.value.at, at) if sign.value else []
        age = None if sign.value is None else moment - sign.value.ends_at
        return Explained(sign, formula(sign.indicator.made), self.changes([sign], at).get(code, {}), versions, age)

    def changes(self, signs: Sequence[Sign], at: int | None = None) -> dict[str, dict[str, Change]]:
        """Indicator -> 同比 and 环比 of its value, for signs of one region."""
        zone, wanted = self.signs.zone(), []
        there = [(one, Period(one.indicator.cycle, one.value.at, one.value.ends_at)) for one in signs if one.value is not None]
        for one, period in there:
            wanted += [(one.indicator.code, base.starts) for base, _ in bases(period, zone).values() if base]
        region = signs[0].region if signs else ""
        held = {(one.indicator, one.at): one.value for one in self.signs.store.of_periods(region, wanted, at)} if wanted else {}
        found: dict[str, dict[str, Change]] = {}
        for one, period in there:
            if one.value is None or one.value.value is None:
                continue
            for kind, (base, _) in bases(period, zone).items():
                theirs = held.get((one.indicator.code, base.starts)) if base else None
                change = compare(kind, period, one.value.value, theirs, one.indicator.unit, zone, self.signs.is_working_day)
                found.setdefault(one.indicator.code, {})[kind] = change
        return found

    def series(
        self, actor: Actor, code: str, region: str | None, now: int, at: int | None = None, since: int | None = None
    ) -> tuple[Indicator, str, list[Value], list[Expected]]:
        """The values of the last periods, what is not there is not in it, and what is expected next. Raises Forbidden, LookupError."""
        one, own = self.signs.indicator(actor, code, at), self.signs.region(actor, region, at)
        moment = now if at is None else at
        first = moment - min(SHOWN_BACK[one.cycle] * DAY_MS, BACK[one.cycle]) if since is None else since
        held = self.signs.store.series(code, own, first, moment, at)
        newest = max((value.ends_at for value in held), default=0)
        return one, own, held, [step for step in self.signs.store.expected(code, own, at) if step.at >= newest]

    def rows(self, actor: Actor, code: str, region: str | None, now: int, at: int | None = None) -> Rows:
        """The rows of the figure's period and region. Raises Forbidden, LookupError."""
        sign = self.signs.sign(actor, code, region, now, at)
        if sign.value is None:
            return Rows((), 0)
        made, zone = sign.indicator.made, self.signs.zone()
        period = period_of(sign.value.at, sign.indicator.cycle, zone)
        try:
            answer = self._libraries.ask(made.library, made.query, {"since": period.starts, "until": period.ends, **made.parameters})
        except (LibraryAway, QueryRefused) as error:
            return Rows((), 0, str(error))
        regions = self.signs.register.regions(at)
        whole = sign.region == ground_of(regions, "UTC").root
        found = [Row(row.at or 0, str(row.values.get("region") or ""), row.values) for row in answer.rows]
        there = [row.values for row in found if whole or sign.region in ancestors(row.region, regions)]
        kept = [values for values in there if all(values.get(key) == one for key, one in made.where.items())]
        return Rows(kept[:MOST_ROWS], len(kept))
