"""`python -m data_adapters.demo`: play the demo city (演示数据) to the broker of CITYDECK_MQTT_URL until it is told to stop.

`python -m data_adapters.demo --pack DIR` only writes the demo's city pack into DIR.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from config.settings import Settings, SettingsError
from data_adapters.city_pack import read_pack
from data_adapters.demo.diary import Diary
from data_adapters.demo.pack import build_demo_pack, demo_pack_dir
from data_adapters.demo.play import Play
from data_adapters.demo.publisher import Publisher

LOG = logging.getLogger("citydeck.demo")


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
        _play(settings.mqtt_url, settings.data_dir)
    return 0


def _until_told_to_stop() -> threading.Event:
    told = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: told.set())
    return told


def _play(mqtt_url: str, data_dir: Path) -> None:
    folder = build_demo_pack(demo_pack_dir(data_dir))
    told = _until_told_to_stop()
    publisher = Publisher(mqtt_url, Play(read_pack(folder)), Diary(data_dir / "demo-diary.json"))
    publisher.run(told)


if __name__ == "__main__":
    sys.exit(main())
