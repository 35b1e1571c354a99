"""Assembles what ingest.py and jobs.py drive; part of data_adapters/wiring.py."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import redis
from sqlalchemy import Engine, text

from config.alarm_care import load_alarm_care
from config.alarm_rules import load_rules
from config.files import load_catalogue
from config.freshness import load_freshness
from config.settings import Settings
from config.working_time import load_office
from data_adapters.alarm_wiring import alarm_work
from data_adapters.appeal_wiring import appeal_work
from data_adapters.camera_wiring import Rounds, camera_rounds, camera_schedule
from data_adapters.duty_wiring import duty_schedule
from data_adapters.feeds.registry import configured, make_feeds, make_sources
from data_adapters.incident_wiring import build_incidents, incident_work
from data_adapters.indicator_wiring import indicator_rounds
from data_adapters.live_incidents import LiveIncidents
from data_adapters.live_redis import RedisLivePicture
from data_adapters.mqtt import MqttInlet, Subscription
from data_adapters.notice_wiring import build_courier, notice_schedule
from data_adapters.office_wiring import office_schedule
from data_adapters.picture_wiring import picture_rounds, picture_schedule
from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.sql.batch_repository import BatchRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.feed_way_repository import WayRepository
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.live_source import LiveSource
from data_adapters.sql.locks import LEADER_LOCK, WORKER_LOCK, HeldLock
from data_adapters.sql.partitions import Partitions
from data_adapters.sql.progress_repository import ProgressRepository
from data_adapters.sql.region_areas import RegionAreas
from data_adapters.sql.retention import forget_old, forget_to_fit
from data_adapters.sql.rollups import MINUTE_MS, roll_up
from data_adapters.sql.ticker import Ticker
from data_adapters.topic_plan import Plan, Router, plan
from data_adapters.topic_wiring import topic_rounds
from data_adapters.upkeep_wiring import upkeep_schedule
from data_adapters.viewing_wiring import viewing_rounds
from data_adapters.warning_wiring import warning_schedule
from domain.event_time import DAY_MS, to_datetime
from services.alarms import AlarmEvaluator
from services.notices import Courier
from services.polling import Polling
from services.ports import Clock
from services.readings import Ingest


def now_ms() -> int:
    """The wall clock, epoch milliseconds."""
    return time.time_ns() // 1_000_000


def required(url: str | None, name: str) -> str:
    """The URL of an engine; app.py gives it to its children. Raises ValueError with the setting's name."""
    if not url:
        raise ValueError(f"CITYDECK_{name}: is not set; start the city with app.py, or name the engine yourself")
    return url


@dataclass
class IngestParts:
    """What ingest.py's loop drives."""

    ingest: Ingest
    ownership: HeldLock
    inlet: MqttInlet
    live: RedisLivePicture
    inbox: InboxRepository
    progress: ProgressRepository
    clock: Clock
    router: Router
    worker: int
    workers: int
    live_errors: tuple[type[Exception], ...] = (redis.RedisError,)


def session_plan(settings: Settings) -> Plan:
    """How this city's workers share the topics of its feeds. Raises ConfigError."""
    return plan(settings.ingest_workers, configured(settings.plays_demo), settings.mqtt_nats)


def build_ingest(settings: Settings, share: Subscription | None = None) -> IngestParts:
    """One ingest worker on the engines that `settings` name, on its own share of the topics or on `share`.

    Raises ValueError for a missing URL or a wrong configuration file.
    """
    engine = make_engine(required(settings.database_url, "DATABASE_URL"), pool_size=3)
    feeds = make_feeds(load_catalogue(), settings.clock_ahead_s * 1000, configured(settings.plays_demo))
    shared = session_plan(settings)
    heard = share or shared.shares()[settings.worker]
    live = RedisLivePicture(required(settings.redis_url, "REDIS_URL"))
    inlet = MqttInlet(required(settings.mqtt_url, "MQTT_URL"), heard)
    rules = load_rules()
    rules.find_areas(RegionAreas(engine))
    ingest = Ingest(
        feeds,
        BatchRepository(engine, Partitions(engine)),
        AlarmEvaluator(rules, AlarmRepository(), origin_center(engine)),
        live,
        LiveSource(engine, rules.flapping),
        now_ms,
        load_alarm_care().cleared_shown_ms,
        settings.worker,
        settings.ingest_workers,
        live_errors=(redis.RedisError,),
        hash_of=shared.hash_of,
        say=inlet.say,
    )
    ownership = HeldLock(engine, WORKER_LOCK + settings.worker)
    inbox, progress = InboxRepository(engine), ProgressRepository(engine)
    router = Router(feeds, heard.filters)
    return IngestParts(ingest, ownership, inlet, live, inbox, progress, now_ms, router, settings.worker, settings.ingest_workers)


@dataclass
class JobsParts:
    """What jobs.py runs: (name, seconds between turns, work) for each job."""

    schedule: list[tuple[str, float, Callable[[int], object]]]
    leadership: HeldLock
    clock: Clock
    courier: Courier
    pollings: Sequence[Rounds]
    live_errors: tuple[type[Exception], ...] = (redis.RedisError,)


def build_jobs(settings: Settings) -> JobsParts:
    """The scheduled work of a city. Raises ValueError for a missing URL or one of the settings' that cannot be used, ConfigError."""
    engine = make_engine(required(settings.database_url, "DATABASE_URL"), pool_size=4)
    redis_url = required(settings.redis_url, "REDIS_URL")
    live = RedisLivePicture(redis_url)
    intervals = {feed.name: feed.interval_s for feed in configured(settings.plays_demo)}
    ticker = Ticker(engine, ProgressRepository(engine), live, settings.ingest_workers, intervals, load_freshness().judged_within_ms)
    desk = build_incidents(engine, redis_url, settings.data_dir).desk
    appeals = appeal_work(engine, desk, settings)
    return JobsParts(
        [
            ("tick", 1, ticker.tick),
            ("incidents on the picture", 1, LiveIncidents(redis_url, engine).make_good),
            *incident_work(engine, redis_url, settings.data_dir),
            *alarm_work(engine),
            *upkeep_schedule(engine, settings, ticker.hear_health),
            ("feed health", 5, ticker.show_feeds),
            *warning_schedule(engine, live),
            *_keeping(engine, settings),
            *appeals.schedule,
            *notice_schedule(engine, desk, appeals.acting),
            *office_schedule(engine, desk),
            *camera_schedule(engine),
            *picture_schedule(engine, settings),
            *duty_schedule(engine, load_office().zone, live.note),
        ],
        HeldLock(engine, LEADER_LOCK),
        now_ms,
        build_courier(engine, settings),
        [*appeals.apart, *_rounds(engine, settings)],
    )


def _keeping(engine: Engine, settings: Settings) -> list[tuple[str, float, Callable[[int], object]]]:
    """What is rolled up, and what is forgotten: by age, and where the disk has a limit."""
    partitions, keep_ms = Partitions(engine), settings.keep_days * DAY_MS
    limit_bytes = None if settings.disk_limit_gb is None else round(settings.disk_limit_gb * 1e9)
    return [
        ("1-minute roll-up", 5, lambda now: roll_up(engine, partitions, "1m", now - MINUTE_MS)),
        ("1-hour roll-up", 60, lambda now: roll_up(engine, partitions, "1h", now)),
        ("retention", 3600, lambda now: forget_old(engine, to_datetime(now - keep_ms))),
        ("disk limit", 60, lambda now: forget_to_fit(engine, limit_bytes, to_datetime(now))),
    ]


def _rounds(engine: Engine, settings: Settings) -> list[Rounds]:
    """What asks other systems, each in a thread of its own. Raises ConfigError."""
    return [
        *_pollings(engine, settings),
        *topic_rounds(engine, settings, now_ms),
        *indicator_rounds(settings, now_ms),
        *camera_rounds(engine, settings, now_ms),
        *viewing_rounds(engine, settings),
        picture_rounds(engine, settings),
    ]


def _pollings(engine: Engine, settings: Settings) -> list[Polling]:
    """One for each system that a feed must ask. Raises ConfigError."""
    catalogue, ahead_ms, inbox = load_catalogue(), settings.clock_ahead_s * 1000, InboxRepository(engine)
    configs = configured(settings.plays_demo)
    feeds, sources = make_feeds(catalogue, ahead_ms, configs), make_sources(catalogue, ahead_ms, configs)
    ways = WayRepository(engine)
    return [Polling(source, inbox, feeds[source.feed].partition_key, now_ms, ways) for source in sources]


def origin_center(engine: Engine) -> str:
    """The code of this centre, as the loaded city pack has it; `local` before one is loaded."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT settings->>'origin_center' FROM city")).scalar_one_or_none()
    return str(found or "local")
