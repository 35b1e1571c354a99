"""`python -m data_adapters.demo`: play the demo city (演示数据) to the broker of CITYDECK_MQTT_URL until it is told to stop, and let its
people report incidents that its staff works on.

`python -m data_adapters.demo --pack DIR` only writes the demo's city pack into DIR.
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config.files import load_catalogue
from config.settings import Settings, SettingsError
from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.advising import demo_advisories
from data_adapters.demo.advisories import Advisories
from data_adapters.demo.affairs import Affairs
from data_adapters.demo.clips import give_streams, serve
from data_adapters.demo.diary import Diary
from data_adapters.demo.facts import read_facts
from data_adapters.demo.hotline import DemoHotline
from data_adapters.demo.libraries import Filling, read_libraries
from data_adapters.demo.open_desk import OpenDesk
from data_adapters.demo.pack import build_demo_pack, demo_pack_dir
from data_adapters.demo.platforms.cast import Cast
from data_adapters.demo.platforms.registry import posting, publishing
from data_adapters.demo.platforms.zlmediakit import FEED as RELAY
from data_adapters.demo.platforms.zlmediakit import SCHEMAS, ZlMediaKit
from data_adapters.demo.play import Play
from data_adapters.demo.publisher import Publisher
from data_adapters.demo.recorder import tell_place
from data_adapters.demo.roster import is_staffed
from data_adapters.feeds.registry import configured, make_feeds
from data_adapters.feeds.zlmediakit.polling import MediaServer
from data_adapters.incident_wiring import build_incidents
from data_adapters.sql.appeal_repository import AppealRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.inbox_repository import InboxRepository
from services.polling import Polling, Source

LOG = logging.getLogger("citydeck.demo")
TICK_S = 10.0
LIBRARIES_S = 60.0
POST_S = 2.0
LISTED = {"every_s": 60.0, "timeout_s": 5.0, "streams": []}
"""How the media server is asked for its list."""


def main(arguments: list[str] | None = None) -> int:
    """0 after a clean stop, 1 with one line when a setting is missing."""
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.INFO, stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="python -m data_adapters.demo", description="Play the demo city over MQTT.")
    parser.add_argument("--pack", type=Path, metavar="DIR", help="only write the demo's city pack into DIR")
    options = parser.parse_args(arguments)
    if options.pack:
        print(build_demo_pack(options.pack))
        return 0
    try:
        settings = Settings.from_environment(os.environ)
        if settings.mqtt_url is None:
            raise SettingsError("CITYDECK_MQTT_URL: is not set; start the city with app.py, or name the broker yourself")
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    if settings.city:
        LOG.info("another city is loaded (%s): the demo has nothing to say", settings.city)
        _until_told_to_stop().wait()
    else:
        _play(settings, settings.mqtt_url)
    return 0


def _until_told_to_stop() -> threading.Event:
    told = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: told.set())
    return told


def _play(settings: Settings, mqtt_url: str) -> None:
    pack, data_dir = read_pack(build_demo_pack(demo_pack_dir(settings.data_dir))), settings.data_dir
    relay = ZlMediaKit(pack)
    place = serve(relay)
    give_streams(demo_pack_dir(data_dir) / "cameras.csv", place, relay.streams)
    tell_place(data_dir, place)
    told = _until_told_to_stop()
    threading.Thread(target=_report, args=(settings, pack, told), daemon=True).start()
    threading.Thread(target=_fill, args=(settings, told), daemon=True).start()
    feeds = {feed.name for feed in configured(demo=True)}
    casts = posting(pack, feeds, {RELAY: relay})
    asked = [MediaServer(RELAY, {**LISTED, "url": place}, SCHEMAS[0], relay.secret)] if RELAY in feeds else []
    threading.Thread(target=_post, args=(settings, casts, asked, told), daemon=True).start()
    Publisher(mqtt_url, Play(pack), Diary(data_dir / "demo-diary.json"), publishing(pack, feeds)).run(told)


def _report(settings: Settings, pack: Pack, told: threading.Event) -> None:
    """Let people report and the staff act, where the demo's own staff is there; a fault of the database is waited out."""
    if settings.database_url is None or settings.redis_url is None:
        LOG.info("without the city's database nobody reports anything")
        return
    engine = make_engine(settings.database_url, pool_size=1)
    desk = build_incidents(engine, settings.redis_url, settings.data_dir).desk
    diary = settings.data_dir / "demo-affairs.json"
    affairs = Affairs(desk, [one.device for one in pack.devices], diary, desks=_desks(engine))
    advisories: Advisories | None = None
    while not told.wait(TICK_S):
        try:
            if is_staffed(engine):
                now = time.time_ns() // 1_000_000
                affairs.tick(now)
                advisories = advisories or demo_advisories(engine)
                advisories.tick(now)
        except (SQLAlchemyError, RedisError) as error:
            LOG.warning("incidents wait: %s", type(error).__name__)


def _desks(engine: Engine) -> list[DemoHotline]:
    """The platforms of other desks that the city listens to."""
    on = {feed.name for feed in configured(demo=True)}
    return [_desk(desk, engine) for desk in (DemoHotline, OpenDesk) if desk.feed in on]


def _desk(desk: type[DemoHotline], engine: Engine) -> DemoHotline:
    inbox, appeals = InboxRepository(engine), AppealRepository(engine)

    def put(payload: bytes) -> int:
        return inbox.put(desk.feed, desk.feed, payload, desk.feed)

    def find(number: str) -> str | None:
        known = appeals.find(desk.feed, number)
        return known.incident_id if known else None

    return desk(put, find)


def _post(settings: Settings, casts: Mapping[str, Cast], asked: Sequence[Source], told: threading.Event) -> None:
    """Let the platforms that post hand in what they say, and ask those whose address nobody but this process knows: jobs.py asks the
    others. A fault of the database is waited out."""
    if settings.database_url is None or not casts:
        return
    inbox = InboxRepository(make_engine(settings.database_url, pool_size=1))
    heard = make_feeds(load_catalogue(), settings.clock_ahead_s * 1000, configured(demo=True))
    pollings = [Polling(source, inbox, heard[source.feed].partition_key, _now) for source in asked]
    for cast in casts.values():
        cast.start(_now())
    while not told.wait(POST_S):
        try:
            for feed, cast in casts.items():
                for message in cast.due(_now()):
                    inbox.put(feed, message.topic, message.payload, heard[feed].partition_key(message.topic))
            for polling in pollings:
                polling.round(_now())
        except SQLAlchemyError as error:
            LOG.warning("what is posted waits: %s", type(error).__name__)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _fill(settings: Settings, told: threading.Event) -> None:
    """Let the departments' libraries grow; a fault of the database is waited out."""
    if settings.database_url is None:
        return
    filling = Filling(make_engine(settings.database_url, pool_size=1), read_libraries(), read_facts())
    while not told.is_set():
        try:
            if new := filling.tick(time.time_ns() // 1_000_000):
                LOG.info("the departments' libraries have %d new rows", new)
        except SQLAlchemyError as error:
            LOG.warning("the departments' libraries wait: %s", type(error).__name__)
        told.wait(LIBRARIES_S)


if __name__ == "__main__":
    sys.exit(main())
