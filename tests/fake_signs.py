"""Made-up vital signs for tests of pages and panels: three indicators, one anomalous, one late, one missing."""

from typing import Any

from domain.access import Actor
from domain.comparison import Change
from domain.indicators import From, Indicator, formula
from domain.metrics import DOMAINS
from domain.periods import Period
from domain.vital_signs import Band, Part, Rolled, Scored, roll_up
from services.explaining import Explained, Rows
from services.forecast_ports import Ahead
from services.indicator_ports import Expected, Value
from services.vital_signs import Overview, Sign, TownSign

HOUR = 3_600_000
CITY, TOWN = "441900", "441900121"
MADE = From("education", "attendance", "present", "share", "enrolled")


def indicator(code: str, **other: Any) -> Indicator:
    said = dict(code=code, zh="到校率", en="Attendance", unit="%", decimals=1, domain="livelihood", made=MADE, cycle="hour", level="town")
    more = dict(normal=(94.0, 100.0), target=98.0, direction="higher", weight=1.0, owner="education", due_h=1.5, source="(local)")
    return Indicator(**{**said, **more, **other})  # type: ignore[arg-type]


def value(one: Indicator, at: int, amount: float | None, **other: Any) -> Value:
    said = Value(one.code, CITY, at, at + HOUR, at + HOUR, amount, "education.attendance", "good", False, 32, 90.0, 100.0, 32)
    return said._replace(**other)


class FakeSigns:
    """The reads of services.vital_signs.VitalSigns that pages use."""

    def __init__(self, now: int) -> None:
        self.at = now // HOUR * HOUR - HOUR
        odd, late, gone = indicator("odd"), indicator("late", domain="ecology"), indicator("gone", domain="ecology", normal=None)
        band = Band(94.0, 100.0)
        self.held = [
            Sign(odd, CITY, value(odd, self.at, 90.0, anomaly_since=self.at - HOUR), "ok", band, Scored(20.0)),
            Sign(late, CITY, value(late, self.at - 9 * HOUR, 97.0), "late", band, Scored(None, "late")),
            Sign(gone, CITY, None, "missing", None, Scored(None, "missing")),
        ]

    def overview(self, actor: Actor, now: int, region: str | None = None, at: int | None = None) -> Overview:
        domains = {}
        for name in DOMAINS:
            parts = [Part(one.indicator.code, 1.0, one.scored) for one in self.held if one.indicator.domain == name]
            domains[name] = roll_up(parts, 0.5)
        whole = Rolled(20.0, 0.5, [Part("ecology", 1.0, Scored(None, "coverage"))])
        return Overview(region or CITY, now, whole, domains, self.held, self.held[:1])

    def indicators(self, actor: Actor, at: int | None = None) -> list[Indicator]:
        return [one.indicator for one in self.held]

    def home(self, actor: Actor, at: int | None = None) -> str:
        return CITY

    def towns(self, actor: Actor, now: int, at: int | None = None) -> list[TownSign]:
        return [TownSign(TOWN, Rolled(55.0, 1.0, ()), {})]

    def places(self, actor: Actor, code: str, now: int, at: int | None = None) -> list[Sign]:
        return [self.held[0]._replace(region=TOWN)]


class FakeExplaining:
    """The reads of services.explaining.Explaining that pages use."""

    names = {"education": ("教育专题库", "Education library")}  # noqa: RUF012

    def __init__(self, signs: FakeSigns) -> None:
        self.signs = signs

    def explain(self, actor: Actor, code: str, region: str | None, now: int, at: int | None = None) -> Explained:
        sign = next(one for one in self.signs.held if one.indicator.code == code)
        period = Period("hour", self.signs.at, self.signs.at + HOUR)
        year, earlier = Change("last_year", period, 91.0, -1.0, True, "", 1, -2), Change("before", None, None, None, True, "zero")
        changes = {"last_year": year, "before": earlier}
        versions = [sign.value, sign.value._replace(value=89.0)] if sign.value else []
        return Explained(sign, formula(MADE), changes, versions, HOUR)

    def series(self, actor: Actor, code: str, region: str | None, now: int, at: int | None = None, since: int | None = None) -> Any:
        sign = next(one for one in self.signs.held if one.indicator.code == code)
        held = [value(sign.indicator, self.signs.at - n * HOUR, 95.0 + n) for n in (3, 2, 0)]
        return sign.indicator, CITY, held, [Expected(self.signs.at + HOUR, now, Ahead(95.0, 94.0, 96.0))]

    def rows(self, *_: Any) -> Rows:
        return Rows([{"region": TOWN, "present": 90, "enrolled": 100.5}], 1)
