"""Which platforms speak to the demo city, by the feed of config/demo/feeds.yaml that hears them."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.platforms.cad_rss import CadRss
from data_adapters.demo.platforms.car_parks import CarParks
from data_adapters.demo.platforms.cast import Cast, Platform
from data_adapters.demo.platforms.face_match import FaceMatch
from data_adapters.demo.platforms.frigate import Frigate
from data_adapters.demo.platforms.gb28181 import Gb28181
from data_adapters.demo.platforms.tasmota import Tasmota
from data_adapters.demo.platforms.tide_office import TideOffice
from data_adapters.demo.platforms.traccar import Traccar
from data_adapters.demo.platforms.ttn import Ttn
from data_adapters.demo.platforms.weather_bureau import WeatherBureau
from data_adapters.demo.platforms.zlmediakit import ZlMediaKit

PLATFORMS: Mapping[str, Callable[[Pack], Platform]] = {
    "tasmota": Tasmota,
    "ttn": Ttn,
    "traccar": Traccar,
    "frigate": Frigate,
    "gb28181": Gb28181,
    "face_match": FaceMatch,
    "zlmediakit": ZlMediaKit,
    "car_parks": CarParks,
    "cad_rss": CadRss,
    "cn_warning": WeatherBureau,
    "cap": TideOffice,
}
POSTED: frozenset[str] = frozenset({"traccar", "face_match", "zlmediakit"})
"""Those whose messages are posted over HTTP, which puts them into the inbox; the others publish over MQTT."""


def publishing(pack: Pack, feeds: Collection[str]) -> Cast:
    """Those that publish to the broker, of the feeds that are on."""
    return Cast(make(pack) for feed, make in PLATFORMS.items() if feed in feeds and feed not in POSTED)


def posting(pack: Pack, feeds: Collection[str], made: Mapping[str, Platform] = MappingProxyType({})) -> dict[str, Cast]:
    """Those that post, each by its feed, of the feeds that are on. `made`: the ones that are there already."""
    wanted = [feed for feed in PLATFORMS if feed in feeds and feed in POSTED]
    return {feed: Cast([made[feed] if feed in made else PLATFORMS[feed](pack)]) for feed in wanted}
