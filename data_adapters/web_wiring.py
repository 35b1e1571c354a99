"""Assembles what a web worker needs: adapters into services, one City."""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine

from config.accounts import load_account_policy
from config.alarm_care import load_alarm_care
from config.files import load_catalogue
from config.freshness import load_freshness
from config.pairing import load_pairing
from config.settings import Settings
from config.walls import load_walls
from data_adapters.affairs import CityFacts, checks
from data_adapters.alarm_wiring import build_alarms, finder
from data_adapters.appeal_wiring import build_appeals, build_order_tables
from data_adapters.brief_wiring import build_briefs
from data_adapters.camera_wiring import build_cameras, platforms_of
from data_adapters.dispatch_wiring import build_dispatch
from data_adapters.duty_wiring import build_duty
from data_adapters.exposition import exposition
from data_adapters.feed_exposition import FeedCollector
from data_adapters.feeds.registry import configured, make_answers, make_feeds
from data_adapters.holidays import working_time
from data_adapters.house_facts import SystemFacts
from data_adapters.incident_wiring import IncidentServices, build_incidents
from data_adapters.indicator_wiring import build_signs
from data_adapters.ingest_wiring import now_ms
from data_adapters.live_frames import RedisFrames
from data_adapters.live_incidents import past_incidents
from data_adapters.office_wiring import Parts, build_office
from data_adapters.passwords import Argon2Passwords
from data_adapters.picture_wiring import build_pictures
from data_adapters.plan_wiring import build_applying, build_plans
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.feed_way_repository import WayRepository
from data_adapters.sql.heard_repository import HeardRepository
from data_adapters.sql.history_repository import HistoryRepository
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.pairing_repository import PairingRepository
from data_adapters.sql.past_picture import SqlPastPicture
from data_adapters.sql.register_repository import RegisterRepository
from data_adapters.topic_wiring import build_catalogue, build_imports
from data_adapters.upkeep_wiring import OperationsServices, build_operations
from data_adapters.viewing_wiring import build_viewings
from data_adapters.wall_news import WallNews
from data_adapters.wall_wiring import build_walls
from data_adapters.warning_wiring import build_warnings, past_warnings
from domain.freshness import Freshness
from services.accounts import Accounts
from services.adoption import Adoption
from services.audit import Audit
from services.city import City
from services.fanout import Fanout
from services.feed_posts import Posts
from services.history import History
from services.operations import Operations
from services.own_account import OwnAccount
from services.pairing import Pairing
from services.people import People
from services.picture import Picture
from services.register import Register
from services.register_memory import RememberedRegister
from services.state_of_affairs import StateOfAffairs
from services.user_desk import UserDesk
from services.webhooks import Webhooks

POOL_SIZE = 10
ROOT = Path(__file__).parents[1]
PROGRAM = ("api", "assets", "callbacks", "config", "layouts", "services")


def build_web(settings: Settings) -> City:
    """The city as one web worker serves it. Opens no connection yet; the live reader starts with the first request for it."""
    _named(settings)
    engine = make_engine(settings.database_url or "", pool_size=POOL_SIZE)
    register_store = RegisterRepository(engine)
    register = Register(RememberedRegister(register_store, register_store.stamp))
    live, people = _live(engine, settings), _people(engine, register)
    incidents = build_incidents(engine, settings.redis_url or "", settings.data_dir, people.people.called)
    desk, board, handbook = incidents.desk, incidents.board, incidents.handbook
    history, picture = History(HistoryRepository(engine), register), Picture(live.fanout, live.past)
    platforms = platforms_of(settings)
    cameras = build_cameras(engine, platforms, register, people.audit)
    viewings = build_viewings(engine, cameras.cameras, register, platforms, people.audit, desk)
    duty, plans = build_duty(engine, register, desk, board, picture), build_plans(engine, register, desk)
    warnings, signs = build_warnings(engine, register, people.audit), build_signs(engine, settings, register, now_ms)
    appeals = build_appeals(engine, settings.data_dir, desk, handbook.regions, people.audit)
    office = Parts(register, board, desk, handbook, picture, duty.roster, signs.explaining, appeals, people.user_desk)
    return City(
        picture=picture,
        register=register,
        adoption=Adoption(register_store, HeardRepository(engine)),
        history=history,
        **people._asdict(),
        **_watched(engine, settings, live, register, people.audit, picture),
        **_written(incidents),
        appeals=appeals,
        briefs=build_briefs(board, picture, duty.roster, register, handbook),
        **build_dispatch(engine, settings, desk, board, register, history, handbook, cameras.cameras)._asdict(),
        applying=build_applying(desk, plans.plans, warnings.warnings, register),
        **cameras._asdict(),
        **viewings._asdict(),
        **duty._asdict(),
        **build_walls(engine, register, viewings.viewings, desk, duty.notices, live.news)._asdict(),
        **plans._asdict(),
        **signs._asdict(),
        **build_office(engine, office)._asdict(),
        catalogue=build_catalogue(engine),
        imports=build_imports(engine, settings),
        **warnings._asdict(),
    )


class Live(NamedTuple):
    """The picture's sources, now and in the past, and what walls are told beside it."""

    frames: RedisFrames
    past: SqlPastPicture
    fanout: Fanout
    news: WallNews
    freshness: Freshness


def _live(engine: Engine, settings: Settings) -> Live:
    frames, news = RedisFrames(settings.redis_url or ""), WallNews(settings.redis_url or "")
    care, freshness = load_alarm_care(), load_freshness()
    past = SqlPastPicture(engine, care.cleared_shown_ms, past_incidents(engine, working_time()), care.flapping, past_warnings(engine))
    fanout = Fanout(frames, past.tree, f"{os.getpid()}-{secrets.token_hex(4)}", freshness, build_mark())
    fanout.beside.append(news.follow)
    return Live(frames, past, fanout, news, freshness)


def _watched(engine: Engine, settings: Settings, live: Live, register: Register, audit: Audit, picture: Picture) -> dict[str, Any]:
    """Alarms, what comes in by HTTP, and the system itself, under the names that City has for them."""
    looked_after = build_operations(engine, settings, register, audit, picture)
    webhooks = _webhooks(engine, InboxRepository(engine), register, settings)
    return {
        **build_alarms(engine, live.past.tree, register, audit)._asdict(),
        "alarm_pictures": build_pictures(engine, settings, live.past.tree, finder(engine)),
        "webhooks": webhooks,
        "order_tables": build_order_tables(webhooks, settings),
        "fanout": live.fanout,
        **_house(engine, live.frames, settings, live.freshness, looked_after)._asdict(),
        **looked_after._asdict(),
    }


def _written(incidents: IncidentServices) -> dict[str, Any]:
    """What people write of incidents, under the names that City has for it."""
    return {
        "incident_desk": incidents.desk,
        "incident_board": incidents.board,
        "neighbour_calls": incidents.calls,
        "attachments": incidents.attachments,
        "reports": incidents.reports,
        "reviews": incidents.reviews,
    }


def _named(settings: Settings) -> None:
    for name in ("database_url", "redis_url", "mqtt_url"):
        if not getattr(settings, name):
            raise ValueError(f"CITYDECK_{name.upper()}: is not set; start the city with app.py, or name the engine yourself")


class House(NamedTuple):
    """What is about the system itself, under the names that City has for it."""

    affairs: StateOfAffairs
    operations: Operations
    metrics: Callable[[], tuple[bytes, str]]


def _house(engine: Engine, frames: RedisFrames, settings: Settings, freshness: Freshness, looked_after: OperationsServices) -> House:
    facts = CityFacts(engine, frames, settings.ingest_workers)
    must_answer = checks(engine, frames, settings.mqtt_url or "", settings.data_dir, settings.disk_limit_gb, freshness.disk_left)
    affairs = StateOfAffairs(facts, must_answer, settings.ingest_workers, freshness)
    figures = exposition(facts, FeedCollector(looked_after.feed_health, looked_after.upkeep, now_ms))
    return House(affairs, Operations(SystemFacts(engine, frames, settings, build_mark()), affairs), figures)


def _webhooks(engine: Engine, inbox: InboxRepository, register: Register, settings: Settings) -> Webhooks:
    feeds = _keys(settings)
    return Webhooks(inbox, register, feeds, Posts(WayRepository(engine), feeds, now_ms), make_answers(configured(settings.plays_demo)))


def _keys(settings: Settings) -> dict[str, Callable[[str], str]]:
    """Each feed with the partition key that it gives a topic. Raises ConfigError."""
    feeds = make_feeds(load_catalogue(), settings.clock_ahead_s * 1000, configured(settings.plays_demo))
    return {name: feed.partition_key for name, feed in feeds.items()}


class PeopleServices(NamedTuple):
    """What is about people's accounts, under the names that City has for it."""

    accounts: Accounts
    people: People
    user_desk: UserDesk
    own_account: OwnAccount
    pairing: Pairing
    audit: Audit


def _people(engine: Engine, register: Register) -> PeopleServices:
    store, audit_store, passwords = AccountRepository(engine), AuditRepository(engine), Argon2Passwords()
    policy = load_account_policy()
    pairing = Pairing(PairingRepository(engine), store, register.regions, tuple(load_walls().walls), load_pairing(), policy)
    accounts = Accounts(store, audit_store, passwords, policy, pairing.actor_of)
    user_desk = UserDesk(store, passwords, accounts, register.regions)
    own = OwnAccount(store, passwords, accounts)
    return PeopleServices(accounts, People(store.names, now_ms), user_desk, own, pairing, Audit(audit_store, user_desk.colleagues))


def build_mark() -> str:
    """A short name of this very program: screens made by another one load themselves again."""
    digest = hashlib.sha256()
    for package in PROGRAM:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".js", ".css", ".yaml", ".po"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
