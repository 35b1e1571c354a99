"""Assembles what deals with appeals of other desks: for jobs.py their orders, what is told back and what is learnt; for the web what is
shown."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine

from config.appeals import AppealRules, load_appeals
from config.files import load_catalogue
from config.languages import load_catalogues
from config.notices import load_delivery
from config.settings import Settings, read_secret
from data_adapters.appeals.school import School
from data_adapters.camera_wiring import Rounds
from data_adapters.feeds.registry import configured, make_feeds
from data_adapters.feeds.telling import Teller, said_of
from data_adapters.sql.appeal_counts import AppealCounts
from data_adapters.sql.appeal_repository import AppealRepository
from data_adapters.sql.event_queue import SqlEventQueue
from data_adapters.sql.learning_repository import LearningRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.platform_notices import PlatformNotices
from data_adapters.topics.reading import open_file
from domain.registry import Region
from services.appeal_desk import AppealDesk
from services.appeal_learning import Learner, Suggesting
from services.appeal_ports import Desk
from services.appeal_rises import Rises
from services.appeal_telling import Platforms, Telling
from services.appeals import Orders
from services.audit import Audit
from services.event_queue import Consumer
from services.incident_desk import IncidentDesk
from services.notices import Courier
from services.order_tables import OrderTables
from services.reacting import Acting
from services.webhooks import Webhooks

MODELS = "models"
OPEN311 = "open311"


def desks(demo: bool) -> dict[str, Desk]:
    """Feed -> the desk that is told, of the feeds that are on and have `tell`. Raises ConfigError, SettingsError."""
    found: dict[str, Desk] = {}
    for feed in configured(demo):
        tell = said_of(feed.settings) if feed.adapter in ("hotline", OPEN311) else None
        if tell:
            reference = feed.secrets.get("platform_token")
            extra = {"jurisdiction_id": str(feed.settings["jurisdiction_id"])} if feed.settings.get("jurisdiction_id") else {}
            found[feed.name] = Teller(tell, read_secret(reference) if reference else "", extra)
    return found


def _say(message: str, values: Mapping[str, Any]) -> str:
    return load_catalogues()["zh"][message].format(**values)


def school(engine: Engine, data_dir: Path, rules: AppealRules) -> School:
    """Models under the data directory."""
    how = rules.learning
    return School(data_dir / MODELS, LearningRepository(engine).file, how.held_out, how.half_life_years)


def build_suggesting(engine: Engine, data_dir: Path, rules: AppealRules) -> Suggesting:
    """What suggests."""
    how = rules.learning
    return Suggesting(LearningRepository(engine), school(engine, data_dir, rules).model, how.threshold, how.history)


class AppealWork(NamedTuple):
    """What jobs.py does: on its schedule, with what happens to incidents, and apart from both what takes its time."""

    schedule: list[tuple[str, float, Callable[[int], object]]]
    acting: list[Acting]
    apart: list[Rounds]


def appeal_work(engine: Engine, desk: IncidentDesk, settings: Settings) -> AppealWork:
    """Raises ConfigError, SettingsError."""
    rules, store = load_appeals(), AppealRepository(engine)
    told = desks(settings.plays_demo)
    telling = Telling(store, NoticeRepository(engine), told)
    orders, queue = Orders(store, desk, rules.classes, _say, telling.made), SqlEventQueue(engine)

    def take(now: int) -> int:
        return Consumer(queue, "appeals", {"order"}, lambda _, events: orders.deal(events, now)).round(now)

    how = rules.learning
    learner = Learner(LearningRepository(engine), school(engine, settings.data_dir, rules), how.history, how.again_ms, how.newest)
    suggesting = build_suggesting(engine, settings.data_dir, rules)
    courier = Courier(PlatformNotices(engine), {"platform": Platforms(told)}, lambda *_: ("", ""), load_delivery())
    apart: list[Rounds] = [learner, courier] if told else [learner]
    return AppealWork([("orders of other desks", 2, take)], [telling.follow, suggesting.follow], apart)


def build_order_tables(webhooks: Webhooks, settings: Settings) -> OrderTables:
    """Tables of orders brought by hand, for the hotlines that are on. Raises ConfigError."""
    hotlines = [feed for feed in configured(settings.plays_demo) if feed.adapter == "hotline"]
    return OrderTables(make_feeds(load_catalogue(), settings.clock_ahead_s * 1000, hotlines), open_file, webhooks)


def build_appeals(
    engine: Engine, data_dir: Path, desk: IncidentDesk, regions: Callable[[], Mapping[str, Region]], audit: Audit
) -> AppealDesk:
    """What a web worker shows of appeals. Raises ConfigError."""
    rules = load_appeals()
    rises = Rises(AppealCounts(engine), regions, rules.rises)
    return AppealDesk(AppealRepository(engine), desk, NoticeRepository(engine), build_suggesting(engine, data_dir, rules), rises, audit)
