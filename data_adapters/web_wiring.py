"""Assembles what a web worker needs: adapters into services, one City."""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from config.accounts import load_account_policy
from config.alarm_care import load_alarm_care
from config.files import load_catalogue
from config.settings import Settings
from data_adapters.affairs import CityFacts, checks
from data_adapters.alarm_wiring import build_alarms
from data_adapters.brief_wiring import build_briefs
from data_adapters.dispatch_wiring import build_dispatch
from data_adapters.duty_wiring import build_duty
from data_adapters.exposition import exposition
from data_adapters.feeds.registry import make_feeds
from data_adapters.holidays import working_time
from data_adapters.house_facts import SystemFacts
from data_adapters.incident_wiring import build_incidents
from data_adapters.live_frames import RedisFrames
from data_adapters.live_incidents import past_incidents
from data_adapters.passwords import Argon2Passwords
from data_adapters.plan_wiring import build_plans
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.heard_repository import HeardRepository
from data_adapters.sql.history_repository import HistoryRepository
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.past_picture import SqlPastPicture
from data_adapters.sql.register_repository import RegisterRepository
from services.accounts import Accounts
from services.adoption import Adoption
from services.audit import Audit
from services.city import City
from services.fanout import Fanout
from services.history import History
from services.operations import Operations
from services.own_account import OwnAccount
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
    frames = RedisFrames(settings.redis_url or "")
    past = SqlPastPicture(engine, past_incidents(engine, working_time()), load_alarm_care().flapping)
    fanout = Fanout(frames, past.tree, f"{os.getpid()}-{secrets.token_hex(4)}", build_mark())
    inbox = InboxRepository(engine)
    register_store = RegisterRepository(engine)
    register = Register(RememberedRegister(register_store, register_store.stamp))
    people = _people(engine, register)
    incidents = build_incidents(engine, settings.redis_url or "", settings.data_dir)
    history = History(HistoryRepository(engine), register)
    picture = Picture(fanout, past)
    duty = build_duty(engine, register, incidents.desk, incidents.board, picture)
    return City(
        picture=picture,
        register=register,
        adoption=Adoption(register_store, HeardRepository(engine)),
        history=history,
        **build_alarms(engine, past.tree, register, people.audit)._asdict(),
        **people._asdict(),
        webhooks=Webhooks(inbox, register, _keys(settings)),
        fanout=fanout,
        **_house(engine, frames, settings)._asdict(),
        incident_desk=incidents.desk,
        incident_board=incidents.board,
        attachments=incidents.attachments,
        reports=incidents.reports,
        reviews=incidents.reviews,
        briefs=build_briefs(incidents.board, picture, duty.roster, register, incidents.handbook),
        **build_dispatch(engine, settings, incidents.desk, incidents.board, register, history, incidents.handbook)._asdict(),
        **duty._asdict(),
        **build_plans(engine, register, incidents.desk)._asdict(),
    )


def _named(settings: Settings) -> None:
    for name in ("database_url", "redis_url", "mqtt_url"):
        if not getattr(settings, name):
            raise ValueError(f"CITYDECK_{name.upper()}: is not set; start the city with app.py, or name the engine yourself")


class House(NamedTuple):
    """What is about the system itself, under the names that City has for it."""

    affairs: StateOfAffairs
    operations: Operations
    metrics: Callable[[], tuple[bytes, str]]


def _house(engine: Engine, frames: RedisFrames, settings: Settings) -> House:
    facts = CityFacts(engine, frames, settings.ingest_workers)
    must_answer = checks(engine, frames, settings.mqtt_url or "", settings.data_dir, settings.disk_limit_gb)
    affairs = StateOfAffairs(facts, must_answer, settings.ingest_workers)
    return House(affairs, Operations(SystemFacts(engine, frames, settings, build_mark()), affairs), exposition(facts))


def _keys(settings: Settings) -> dict[str, Callable[[str], str]]:
    """Each feed with the partition key that it gives a topic. Raises ConfigError."""
    return {name: feed.partition_key for name, feed in make_feeds(load_catalogue(), settings.clock_ahead_s * 1000).items()}


class People(NamedTuple):
    """What is about people's accounts, under the names that City has for it."""

    accounts: Accounts
    user_desk: UserDesk
    own_account: OwnAccount
    audit: Audit


def _people(engine: Engine, register: Register) -> People:
    store, audit_store, passwords = AccountRepository(engine), AuditRepository(engine), Argon2Passwords()
    accounts = Accounts(store, audit_store, passwords, load_account_policy())
    user_desk = UserDesk(store, passwords, accounts, register.regions)
    return People(accounts, user_desk, OwnAccount(store, passwords, accounts), Audit(audit_store, user_desk.colleagues))


def build_mark() -> str:
    """A short name of this very program: screens made by another one load themselves again."""
    digest = hashlib.sha256()
    for package in PROGRAM:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".js", ".css", ".yaml", ".po"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
