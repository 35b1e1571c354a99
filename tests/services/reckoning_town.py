"""A city of two towns with indicators on a real database, over rows that tests make up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from data_adapters.sql.indicator_repository import IndicatorRepository
from domain.access import Actor
from domain.indicators import LIVE, From
from domain.normal import LearningRules
from domain.registry import Region
from domain.vital_signs import SignRules
from services.explaining import Explaining
from services.learning import Learning
from services.reckoning import Reckoning, ground_of
from services.topic_ports import Answer, LibraryAway, TopicRow
from services.vital_signs import VitalSigns
from tests.domain.test_indicators import attendance

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = 3_600_000, 86_400_000
CITY, EAST, WEST = "441900", "441900003", "441900004"
REGIONS = {
    CITY: Region(CITY, "东莞", None, "city"),
    EAST: Region(EAST, "东城", CITY, "town"),
    WEST: Region(WEST, "西城", CITY, "town"),
    "441900003001": Region("441900003001", "岗贝", EAST, "village"),
}
RULES = LearningRules(days=56, least_days=3, pooled=4, width=8, hold=1, calm_h=24)
SIGNS = SignRules(dict.fromkeys(("business", "ecology", "operation", "livelihood", "efficiency", "support"), 1.0), 0.5)
OFFICER = Actor("officer", frozenset({"duty_officer"}))
EASTERNER = Actor("east", frozenset({"duty_officer"}), regions=frozenset({EAST}))


def ms(day, hour=0):
    return round(datetime(2026, 5, day, hour, tzinfo=ZONE).timestamp() * 1000)


def works(day):
    return day.weekday() < 5


class Rows:
    """A library of one table, whose rows tests write."""

    def __init__(self):
        self.rows: dict[tuple[int, str], Mapping[str, object]] = {}
        self.away = False
        self.asked = 0

    def say(self, at, region, **values):
        self.rows[at, region] = {"region": region, **values}

    def ask(self, library, query, parameters=None):
        self.asked += 1
        if self.away:
            raise LibraryAway("no route")
        since, until = parameters["since"], parameters["until"]
        column = "mean" if library == LIVE else "present"
        found = [TopicRow(at, values) for (at, _), values in sorted(self.rows.items()) if since <= at < until and column in values]
        return Answer(library, query, found, until, 1)


class Town:
    """Indicators on a real database, over made-up rows."""

    def __init__(self, engine, indicators):
        self.store, self.library, self.engine = IndicatorRepository(engine), Rows(), engine
        with engine.begin() as tx:
            tx.execute(text("TRUNCATE indicators, indicator_values, indicator_forecasts, indicator_marks, job_marks"))
        self.store.define(indicators, ms(1))
        self.signs = VitalSigns(self.store, self, SIGNS, 3.0, lambda: ZONE, works)
        self.explaining = Explaining(self.signs, self.library)
        self.start_again()

    def start_again(self):
        """As after a kill: what the process knew is gone."""
        learning = Learning(self.store, RULES, lambda: ZONE, works)
        self.reckoning = Reckoning(self.store, self.library, learning, lambda: ground_of(REGIONS, ZONE.key))

    def regions(self, at=None):
        return dict(REGIONS)

    def reckon(self, now):
        self.start_again()
        return self.reckoning.round(now)

    def sign(self, now, code="attendance", region=None, at=None, actor=OFFICER):
        return self.signs.sign(actor, code, region, now, at)

    def rows_of_values(self):
        with self.engine.connect() as tx:
            return tx.execute(text("SELECT count(*) FROM indicator_values")).scalar_one()


def teach(town, day, east=(90, 100), west=(95, 100)):
    for region, (present, enrolled) in ((EAST, east), (WEST, west)):
        town.library.say(ms(day), region, present=present, enrolled=enrolled)


def hourly():
    made = From(LIVE, "readings", "mean", "mean", "", {}, {"kind": "traffic_flow", "metric": "speed"})
    return attendance(code="speed", made=made, unit="km/h", cycle="hour", normal=None, target=None, possible=(0, None), due_h=1.5)


def drive(town, days, odd=None):
    """Hours of speeds from the first of May: 40 by day, 60 at night; `odd` maps an hour to another speed."""
    start = datetime(2026, 5, 1, tzinfo=ZONE)
    for n in range(days * 24):
        at = round((start + timedelta(hours=n)).timestamp() * 1000)
        usual = (60 if n % 24 < 6 else 40) + n % 3
        town.library.say(at, CITY, mean=float((odd or {}).get(at, usual)))
