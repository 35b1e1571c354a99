"""Assembles indicators and vital signs: what jobs.py reckons, and what a web worker explains."""

from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from config.duty import load_duty_rules
from config.indicators import load_indicators, load_reckoning
from config.settings import Settings
from config.working_time import load_office
from data_adapters.forecasting import Forecaster
from data_adapters.holidays import working_time
from data_adapters.incident_wiring import build_handbook
from data_adapters.live_roll_ups import LiveRollUps, Sources
from data_adapters.sql.alarm_facts import SqlAlarmFacts
from data_adapters.sql.database import make_engine
from data_adapters.sql.indicator_repository import IndicatorRepository
from data_adapters.sql.register_repository import RegisterRepository
from data_adapters.topic_wiring import build_libraries
from data_adapters.topics.registry import KINDS, configured
from domain.event_time import DAY_MS
from domain.indicators import LIVE, Indicator
from services.alarm_incidents import BlindSpot, blind_spots
from services.explaining import Explaining
from services.forecasts import Forecasts
from services.learning import Learning
from services.ports import Clock
from services.reckoning import Ground, Reckoning, ground_of
from services.register import Register
from services.vital_signs import VitalSigns


class SignServices(NamedTuple):
    """What a web worker offers about indicators, under the names that City has for it."""

    vital_signs: VitalSigns
    explaining: Explaining


def build_signs(engine: Engine, settings: Settings, register: Register, clock: Clock) -> SignServices:
    """Vital signs on this database. Opens no connection yet. Raises ConfigError."""
    reckoning = load_reckoning()
    store, zone, works = IndicatorRepository(engine), _zone(), _is_working_day()
    signs = VitalSigns(store, register, reckoning.signs, reckoning.normal_width, lambda: zone, works)
    names = {one.code: (one.zh, one.en) for one in configured(settings.plays_demo)}
    return SignServices(signs, Explaining(signs, sources(engine, settings, clock), names))


def indicator_rounds(settings: Settings, clock: Clock) -> list[Reckoning | Forecasts]:
    """What jobs.py does about indicators, each in a thread of its own, on connections of their own, for they ask much at once. Those of
    the file are the city's from now on. Raises ConfigError."""
    engine = make_engine(settings.database_url or "", pool_size=2)
    rules, store, zone = load_reckoning(), IndicatorRepository(engine), _zone()
    store.define(asked(load_indicators(KINDS), build_libraries(settings).by_code), clock())
    ground = _ground(engine, zone)
    learning = Learning(store, rules.learning, lambda: zone, _is_working_day())
    reckoning = Reckoning(store, sources(engine, settings, clock), learning, ground)
    return [reckoning, Forecasts(store, Forecaster(), ground, round(rules.keep_hours_d * DAY_MS))]


def asked(indicators: Collection[Indicator], libraries: Collection[str]) -> list[Indicator]:
    """Those whose library this city asks: the demo's libraries are there only while it plays."""
    return [one for one in indicators if one.made.library == LIVE or one.made.library in libraries]


def sources(engine: Engine, settings: Settings, clock: Clock) -> Sources:
    """The topic libraries and the city itself. Raises ConfigError."""
    handbook, facts = build_handbook(engine), SqlAlarmFacts(engine)
    limits = handbook.limits.unseen

    def seeable(since: int) -> list[BlindSpot]:
        return [one for one in facts.reported(since) if handbook.kinds(one.class_code)]

    live = LiveRollUps(engine, load_duty_rules(), lambda since: blind_spots(facts, handbook.kinds, limits, since), seeable, clock)
    return Sources(live, build_libraries(settings, engine))


def _zone() -> ZoneInfo:
    return ZoneInfo(load_office().zone)


def _is_working_day() -> Callable[[date], bool]:
    return working_time().is_working_day


def _ground(engine: Engine, zone: ZoneInfo) -> Callable[[], Ground]:
    store = RegisterRepository(engine)
    return lambda: ground_of({one.code: one for one in store.regions(None)}, zone.key)
