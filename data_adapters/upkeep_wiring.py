"""Assembles feed health and operations work orders: for a web worker, and for jobs.py."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Engine

from config.feed_health import load_feed_limits
from config.feeds import load_feeds
from config.files import load_catalogue, load_kinds
from config.freshness import load_freshness
from config.settings import Settings
from config.upkeep import check_upkeep, load_upkeep
from data_adapters.feeds.registry import ADAPTERS, configured, make_sources
from data_adapters.holidays import working_time
from data_adapters.incident_wiring import center_of
from data_adapters.notice_wiring import build_notices
from data_adapters.sql.feed_health_repository import FeedHealthRepository
from data_adapters.sql.people_repository import PeopleRepository
from data_adapters.sql.standing_repository import StandingRepository
from data_adapters.sql.upkeep_repository import UpkeepRepository
from data_adapters.sql.upkeep_things import CameraThings, GatewayThings
from domain.feed_health import Health
from domain.upkeep import UpkeepRule
from services.audit import Audit
from services.device_feeds import DeviceFeeds
from services.feed_health import FeedHealth
from services.feed_ports import FeedPlan
from services.feed_things import FeedThings
from services.picture import Picture
from services.register import Register
from services.upkeep import Upkeep
from services.upkeep_ports import Watched
from services.upkeep_watch import UpkeepWatch

EVERY_S, THINGS_EVERY_S = 5.0, 30.0
"""Feeds are few; cameras may be a hundred thousand."""


class OperationsServices(NamedTuple):
    """What a web worker offers, under the names that City has for it."""

    feed_health: FeedHealth
    device_feeds: DeviceFeeds
    upkeep: Upkeep


def feed_plans(settings: Settings) -> list[FeedPlan]:
    """The feeds of this city that are on. Raises ConfigError."""
    configs = configured(settings.plays_demo)
    asked = {source.feed for source in make_sources(load_catalogue(), settings.clock_ahead_s * 1000, configs)}
    return [FeedPlan(one.name, one.adapter, one.interval_s, one.name in asked, one.filters) for one in configs]


def upkeep_rules() -> tuple[UpkeepRule, ...]:
    """The rules of upkeep.yaml, about things that there are. Raises ConfigError."""
    rules = load_upkeep()
    check_upkeep(rules, {"feed": ADAPTERS, "gateway": load_kinds()}, load_feeds(ADAPTERS))
    return rules


def build_feed_health(engine: Engine, settings: Settings, picture: Picture | None = None) -> FeedHealth:
    """Feed health on this database. Opens no connection yet. Raises ConfigError."""
    standings = StandingRepository(engine)
    return FeedHealth(_feeds(engine, settings), standings, feed_plans(settings), load_feed_limits(), load_freshness().stale_after, picture)


def _feeds(engine: Engine, settings: Settings) -> FeedHealthRepository:
    return FeedHealthRepository(engine, settings.ingest_workers, load_freshness().judged_within_ms)


def build_operations(engine: Engine, settings: Settings, register: Register, audit: Audit, picture: Picture) -> OperationsServices:
    """For a web worker. Raises ConfigError."""
    upkeep_rules()
    orders = UpkeepRepository(engine, center_of(engine))
    upkeep = Upkeep(orders, StandingRepository(engine), audit, register.regions)
    return OperationsServices(build_feed_health(engine, settings, picture), DeviceFeeds(_feeds(engine, settings), register), upkeep)


def upkeep_schedule(
    engine: Engine, settings: Settings, show: Callable[[Sequence[Health]], None]
) -> list[tuple[str, float, Callable[[int], object]]]:
    """What jobs.py does. `show`: what each round's feed health is told to. Raises ConfigError."""
    rules, freshness, health = upkeep_rules(), load_freshness(), build_feed_health(engine, settings)
    store = _feeds(engine, settings)
    kinds = sorted({kind for rule in rules if rule.kind == "gateway" for kind in rule.of})
    feeds: list[Watched] = [FeedThings(health.judged, {plan.name: plan for plan in feed_plans(settings)}, show)]
    things: list[Watched] = [GatewayThings(engine, kinds, freshness, lambda now: store.hearing(now).blind), CameraThings(engine)]
    return [
        ("feeds up and down", EVERY_S, _watch(engine, feeds, rules).round),
        ("gateways and cameras up and down", THINGS_EVERY_S, _watch(engine, things, rules).round),
    ]


def _watch(engine: Engine, watched: Sequence[Watched], rules: Sequence[UpkeepRule]) -> UpkeepWatch:
    return UpkeepWatch(
        watched,
        StandingRepository(engine),
        UpkeepRepository(engine, center_of(engine)),
        rules,
        working_time(),
        build_notices(engine),
        PeopleRepository(engine),
    )
