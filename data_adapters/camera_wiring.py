"""Assembles cameras: for a web worker, and for jobs.py, which reads the platforms' catalogues and stops cameras that turn on."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from sqlalchemy import Engine

from config.settings import Settings
from config.strict import ConfigError
from data_adapters.demo.pack import demo_pack_dir
from data_adapters.feeds.registry import configured as configured_feeds
from data_adapters.sql.camera_catalogue import CameraCatalogue
from data_adapters.sql.camera_holds import CameraHolds
from data_adapters.sql.camera_repository import CameraRepository
from data_adapters.sql.city_places import CityPlaces
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.register_repository import RegisterRepository
from data_adapters.video.alarms import TOPIC, PlatformAlarms
from data_adapters.video.registry import configured, make_platforms
from services.audit import Audit
from services.camera_rounds import CameraRounds, Defaults
from services.camera_turning import Runaways, Turning
from services.cameras import Cameras
from services.polling import Polling, SourceAway
from services.ports import Clock
from services.register import Register
from services.video_ports import NotOffered, VideoError, VideoPlatform

WHEREABOUTS_S = 10.0
Schedule = list[tuple[str, float, Callable[[int], object]]]


class Rounds(Protocol):
    """Work with the outside world, which may take its time (jobs.py)."""

    def round(self, now: int) -> int: ...


class CameraServices(NamedTuple):
    """What a web worker offers about cameras, under the names that City has for it."""

    cameras: Cameras
    camera_turning: Turning


def pack_folder(settings: Settings) -> Path | None:
    """Where the city pack lies, for a list of cameras that is part of it."""
    return settings.city or (demo_pack_dir(settings.data_dir) if settings.demo else None)


def platforms_of(settings: Settings) -> dict[str, VideoPlatform]:
    """The city's video platforms by name. Raises ConfigError."""
    return make_platforms(pack_folder(settings))


def build_cameras(engine: Engine, platforms: Mapping[str, VideoPlatform], register: Register, audit: Audit) -> CameraServices:
    """Cameras on these platforms."""
    cameras = Cameras(CameraRepository(engine), register)
    return CameraServices(cameras, Turning(cameras, CameraHolds(engine), platforms, audit))


class Whereabouts:
    """The Source port on a platform's moving cameras: places in the native format, as the devices themselves would tell them."""

    feed = "native"
    every_s = WHEREABOUTS_S

    def __init__(self, platform: VideoPlatform) -> None:
        self._platform = platform

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """One message a device. Raises SourceAway."""
        try:
            for one in self._platform.whereabouts():
                place = {"at": one.at, "lon": one.lon, "lat": one.lat}
                yield f"city/v1/devices/{one.vehicle}/location", json.dumps(place).encode()
        except NotOffered:
            return
        except VideoError as error:
            raise SourceAway(f"the places of {self._platform.name}'s cameras: {error}") from None


def camera_rounds(engine: Engine, settings: Settings, clock: Clock) -> list[Rounds]:
    """The rounds of jobs.py, each in a thread of its own. Raises ConfigError."""
    platforms, catalogue, cameras = platforms_of(settings), CameraCatalogue(engine), CameraRepository(engine)
    found: list[Rounds] = [Runaways(CameraHolds(engine), lambda camera_id: _channel(cameras, camera_id), platforms, clock)]
    for config in configured():
        defaults = Defaults(config.region, config.department, config.wall, config.every_s)
        found.append(CameraRounds(platforms[config.name], catalogue, lambda: city_places(engine), defaults, clock))
        if config.settings.get("vehicles"):
            found.append(Polling(Whereabouts(platforms[config.name]), InboxRepository(engine), _device, clock))
        if config.alarm_feed:
            alarms = PlatformAlarms(platforms[config.name], _feed(config.name, config.alarm_feed, settings.plays_demo), clock)
            found.append(Polling(alarms, InboxRepository(engine), lambda _: TOPIC, clock))
    return found


def camera_schedule(engine: Engine) -> Schedule:
    """What jobs.py does about cameras by the clock. Raises ConfigError."""
    kept, catalogue = [config.name for config in configured()], CameraCatalogue(engine)
    return [("cameras of platforms that are no more", 300, lambda now: catalogue.retire(kept, now))]


def city_places(engine: Engine) -> CityPlaces:
    """The register's areas and departments of this moment."""
    register = RegisterRepository(engine)
    return CityPlaces(register.areas(), register.departments(None))


def _channel(cameras: CameraRepository, camera_id: str) -> tuple[str, str] | None:
    found = cameras.one(camera_id, None)
    return None if found is None else (found.platform, found.channel)


def _feed(platform: str, feed: str, demo: bool) -> str:
    adapters = {one.name: one.adapter for one in configured_feeds(demo)}
    if adapters.get(feed) != "gb28181":
        raise ConfigError(f"video.yaml: {platform}: alarm_feed: {feed!r}: expected a feed of feeds.yaml that is on, of the adapter gb28181")
    return feed


def _device(topic: str) -> str:
    return topic.split("/")[3]
