"""City vital signs 城市体征 as an actor may see them: indicators with their scores, domains, the city, its towns; what was known then.

Nothing is filled in: an indicator without a value is missing, one whose newest value should have been followed by another is late.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.access import Actor, Forbidden
from domain.indicators import Indicator
from domain.metrics import DOMAINS
from domain.periods import before, period_of
from domain.registry import Region, compared_level
from domain.vital_signs import Band, Part, Rolled, Scored, SignRules, roll_up, score
from services.indicator_ports import NONE, IndicatorStore, Value
from services.reckoning import HOUR_MS, ground_of
from services.register import Register

DAY_MS = 24 * HOUR_MS
STILL = {"hour": 2 * DAY_MS, "day": 14 * DAY_MS, "week": 60 * DAY_MS, "month": 150 * DAY_MS, "quarter": 400 * DAY_MS, "year": 1100 * DAY_MS}
"""A value older than this is as good as missing."""


class Sign(NamedTuple):
    """One indicator of one region. `state`: ok, late, missing. `band`: what is normal then, None where that isn't learnt yet."""

    indicator: Indicator
    region: str
    value: Value | None
    state: str
    band: Band | None
    scored: Scored

    @property
    def outside(self) -> bool:
        """Whether it is outside of what is normal, on the bad side."""
        return self.scored.score is not None and self.scored.score < 60


class Overview(NamedTuple):
    """The vital signs of one region at one moment: its score, its domains', its indicators, and which of them are anomalous."""

    region: str
    at: int
    city: Rolled
    domains: Mapping[str, Rolled]
    signs: Sequence[Sign]
    anomalies: Sequence[Sign]


class TownSign(NamedTuple):
    """A town's score and its domains'."""

    region: str
    city: Rolled
    domains: Mapping[str, Rolled]


class VitalSigns:
    """Every read takes the Actor, the clock's now, and `at`, a past moment or None."""

    def __init__(
        self,
        store: IndicatorStore,
        register: Register,
        rules: SignRules,
        normal_width: float,
        zone: Callable[[], ZoneInfo],
        is_working_day: Callable[[date], bool],
    ) -> None:
        """`normal_width`: a learnt normal range is so many spreads wide on both sides."""
        self.store, self.register, self.zone, self.is_working_day = store, register, zone, is_working_day
        self._rules, self._width = rules, normal_width

    def home(self, actor: Actor, at: int | None = None) -> str:
        """The region that the actor sees as a whole: the city, or their own. Raises Forbidden."""
        regions = self.register.regions(at)
        root = ground_of(regions, "UTC").root
        own = root if not actor.regions else next((code for code in sorted(actor.regions) if code in regions), "")
        if not actor.may("see_picture") or not own:
            raise Forbidden("see_picture")
        return own

    def region(self, actor: Actor, region: str | None, at: int | None = None) -> str:
        """The region asked for, or the actor's own. Raises Forbidden for one outside the scope, or that isn't there."""
        if region is None:
            return self.home(actor, at)
        regions = self.register.regions(at)
        everywhere = Actor(actor.username, actor.roles, actor.regions, token_scope=actor.token_scope)
        if region not in regions or not everywhere.sees(region, "", regions):
            raise Forbidden("the region lies outside your scope")
        return region

    def indicators(self, actor: Actor, at: int | None = None) -> list[Indicator]:
        """Those that the actor may see: of their departments, where they are bound to some. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        found = [one.indicator for one in self.store.defined(at)]
        return [one for one in found if not actor.departments or one.owner in actor.departments]

    def indicator(self, actor: Actor, code: str, at: int | None = None) -> Indicator:
        """One of them. Raises LookupError for one that isn't there or not in scope."""
        found = next((one for one in self.indicators(actor, at) if one.code == code), None)
        if found is None:
            raise LookupError(code)
        return found

    def overview(self, actor: Actor, now: int, region: str | None = None, at: int | None = None) -> Overview:
        """The vital signs of a region. Raises Forbidden."""
        own = self.region(actor, region, at)
        signs = self._signs(self.indicators(actor, at), [own], now, at)[own]
        if self._is_below(own, at):
            signs = [one for one in signs if one.indicator.level != "city"]
        city, domains = self._rolled(signs)
        return Overview(own, now if at is None else at, city, domains, signs, [one for one in signs if one.value and _is_anomalous(one)])

    def towns(self, actor: Actor, now: int, at: int | None = None) -> list[TownSign]:
        """The compared places in scope, the worst first, those without a score last. Raises Forbidden."""
        regions = self.register.regions(at)
        level = compared_level(regions.values())
        codes = [one.code for one in regions.values() if one.level == level and self._sees(actor, one.code, regions)]
        shared = [one for one in self.indicators(actor, at) if one.level != "city"]
        found = [TownSign(code, *self._rolled(signs)) for code, signs in self._signs(shared, codes, now, at).items()]
        return sorted(found, key=lambda one: (one.city.score is None, one.city.score or 0.0, one.region))

    def places(self, actor: Actor, code: str, now: int, at: int | None = None) -> list[Sign]:
        """One indicator in every compared place in scope, the worst first. Raises Forbidden, LookupError."""
        one, regions = self.indicator(actor, code, at), self.register.regions(at)
        level = compared_level(regions.values())
        codes = [place.code for place in regions.values() if place.level == level and self._sees(actor, place.code, regions)]
        found = [signs[0] for signs in self._signs([one], codes, now, at).values()] if one.level != "city" else []
        return sorted(found, key=lambda sign: (sign.scored.score is None, sign.scored.score or 0.0, sign.region))

    def sign(self, actor: Actor, code: str, region: str | None, now: int, at: int | None = None) -> Sign:
        """One indicator of one region. Raises Forbidden, LookupError."""
        one, own = self.indicator(actor, code, at), self.region(actor, region, at)
        return self._signs([one], [own], now, at)[own][0]

    def _sees(self, actor: Actor, code: str, regions: dict[str, Region]) -> bool:
        return Actor(actor.username, actor.roles, actor.regions, token_scope=actor.token_scope).sees(code, "", regions)

    def _is_below(self, region: str, at: int | None) -> bool:
        return region != ground_of(self.register.regions(at), "UTC").root

    def _signs(self, indicators: Sequence[Indicator], regions: Sequence[str], now: int, at: int | None) -> dict[str, list[Sign]]:
        moment, zone = now if at is None else at, self.zone()
        oldest = {one.code: moment - STILL[one.cycle] for one in indicators}
        held = {(one.indicator, one.region): one for one in self.store.latest(oldest, regions, at)} if oldest and regions else {}
        return {region: [self._sign(one, region, held.get((one.code, region)), moment, zone) for one in indicators] for region in regions}

    def _sign(self, one: Indicator, region: str, value: Value | None, moment: int, zone: ZoneInfo) -> Sign:
        band, state = self.band(one, value), _state(one, value, moment, zone)
        return Sign(one, region, value, state, band, _scored(one, value, state, band))

    def band(self, one: Indicator, value: Value | None) -> Band | None:
        """What is normal: as configured, or as it was learnt for the value's hour and weekday, within what is possible."""
        if one.normal is not None:
            return Band(*one.normal)
        if value is None or value.normal_middle is None or value.normal_spread is None:
            return None
        low, high = (value.normal_middle + side * self._width * value.normal_spread for side in (-1, 1))
        least, most = one.possible
        low, high = low if least is None else max(low, least), high if most is None else min(high, most)
        return Band(low, high, value.normal_middle, value.normal_days, value.normal_basis)

    def _rolled(self, signs: Sequence[Sign]) -> tuple[Rolled, Mapping[str, Rolled]]:
        domains = {}
        for domain in DOMAINS:
            parts = [Part(one.indicator.code, one.indicator.weight, one.scored) for one in signs if one.indicator.domain == domain]
            if parts:
                domains[domain] = roll_up(parts, self._rules.least_coverage)
        whole = [
            Part(name, self._rules.weights[name], Scored(one.score, "" if one.score is not None else "coverage"))
            for name, one in domains.items()
        ]
        return roll_up(whole, self._rules.least_coverage), domains


def _state(one: Indicator, value: Value | None, moment: int, zone: ZoneInfo) -> str:
    """Whether the newest period that should be known is."""
    if value is None:
        return "missing"
    owed = before(period_of(moment - round(one.due_h * HOUR_MS), one.cycle, zone), zone)
    return "ok" if value.at >= owed.starts else "late"


def _scored(one: Indicator, value: Value | None, state: str, band: Band | None) -> Scored:
    if value is None or state != "ok":
        return Scored(None, state)
    if value.value is None or value.quality in (NONE, "suspect"):
        return Scored(None, "nothing" if value.value is None else "suspect")
    return Scored(None, "not_learnt") if band is None else score(value.value, band, one.target, one.direction)


def _is_anomalous(sign: Sign) -> bool:
    return sign.value is not None and sign.value.anomaly_since is not None and sign.state == "ok"
