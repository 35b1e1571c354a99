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
from pathlib import Path

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings, SettingsError
from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.affairs import Affairs
from data_adapters.demo.diary import Diary
from data_adapters.demo.pack import build_demo_pack, demo_pack_dir
from data_adapters.demo.play import Play
from data_adapters.demo.publisher import Publisher
from data_adapters.demo.roster import is_staffed
from data_adapters.incident_wiring import build_incidents
from data_adapters.sql.database import make_engine

LOG = logging.getLogger("citydeck.demo")
TICK_S = 10.0


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
    told = _until_told_to_stop()
    threading.Thread(target=_report, args=(settings, pack, told), daemon=True).start()
    Publisher(mqtt_url, Play(pack), Diary(data_dir / "demo-diary.json")).run(told)


def _report(settings: Settings, pack: Pack, told: threading.Event) -> None:
    """Let people report and the staff act, where the demo's own staff is there; a fault of the database is waited out."""
    if settings.database_url is None or settings.redis_url is None:
        LOG.info("without the city's database nobody reports anything")
        return
    engine = make_engine(settings.database_url, pool_size=1)
    desk = build_incidents(engine, settings.redis_url, settings.data_dir).desk
    affairs = Affairs(desk, [one.device for one in pack.devices], settings.data_dir / "demo-affairs.json")
    while not told.wait(TICK_S):
        try:
            if is_staffed(engine):
                affairs.tick(time.time_ns() // 1_000_000)
        except (SQLAlchemyError, RedisError) as error:
            LOG.warning("incidents wait: %s", type(error).__name__)


if __name__ == "__main__":
    sys.exit(main())
