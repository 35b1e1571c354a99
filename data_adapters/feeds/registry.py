"""The inbound formats this program knows, one line each, and the feeds that config/feeds.yaml makes of them."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from config.feeds import FeedConfig, load_feeds
from config.settings import read_secrets
from config.strict import ConfigError
from data_adapters.feeds.cad_rss.adapter import CadRssFeed
from data_adapters.feeds.cad_rss.polling import dispatch_centre
from data_adapters.feeds.cap.adapter import CapFeed
from data_adapters.feeds.cap.polling import cap_source
from data_adapters.feeds.chirpstack.adapter import ChirpstackFeed
from data_adapters.feeds.cn_warning.adapter import CnWarningFeed
from data_adapters.feeds.cn_warning.polling import warning_centre
from data_adapters.feeds.datum import InWgs84
from data_adapters.feeds.face_match.adapter import FaceMatchFeed
from data_adapters.feeds.frigate.adapter import FrigateFeed
from data_adapters.feeds.gb28181.adapter import Gb28181Feed
from data_adapters.feeds.gtfs_realtime.adapter import GtfsRealtimeFeed
from data_adapters.feeds.gtfs_realtime.polling import producer
from data_adapters.feeds.hotline.adapter import HotlineFeed
from data_adapters.feeds.hotline.polling import platform
from data_adapters.feeds.mapping.adapter import MappingFeed
from data_adapters.feeds.native.adapter import NativeFeed
from data_adapters.feeds.ngsi.adapter import NgsiFeed
from data_adapters.feeds.ngsi.polling import context_broker
from data_adapters.feeds.onvif.adapter import OnvifFeed
from data_adapters.feeds.open311.adapter import Open311Feed
from data_adapters.feeds.open311.polling import server
from data_adapters.feeds.pictures import PictureSource, picture_source
from data_adapters.feeds.senml.adapter import SenmlFeed
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.sparkplug.adapter import SparkplugFeed
from data_adapters.feeds.tasmota.adapter import TasmotaFeed
from data_adapters.feeds.traccar.adapter import TraccarFeed
from data_adapters.feeds.ttn.adapter import TtnFeed
from data_adapters.feeds.zigbee2mqtt.adapter import Zigbee2MqttFeed
from data_adapters.feeds.zlmediakit.adapter import ZlMediaKitFeed
from data_adapters.feeds.zlmediakit.hooks import answer as zlmediakit_answer
from data_adapters.feeds.zlmediakit.polling import media_server
from domain.metrics import MetricCatalogue
from services.internal import INTERNAL
from services.polling import Source
from services.ports import Feed

ADAPTERS: dict[str, Callable[[FeedSetup], Feed]] = {
    "native": NativeFeed,
    "mapping": MappingFeed,
    "senml": SenmlFeed,
    "tasmota": TasmotaFeed,
    "zigbee2mqtt": Zigbee2MqttFeed,
    "sparkplug": SparkplugFeed,
    "ngsi": NgsiFeed,
    "chirpstack": ChirpstackFeed,
    "ttn": TtnFeed,
    "gtfs_realtime": GtfsRealtimeFeed,
    "traccar": TraccarFeed,
    "hotline": HotlineFeed,
    "open311": Open311Feed,
    "cap": CapFeed,
    "cad_rss": CadRssFeed,
    "cn_warning": CnWarningFeed,
    "gb28181": Gb28181Feed,
    "onvif": OnvifFeed,
    "frigate": FrigateFeed,
    "zlmediakit": ZlMediaKitFeed,
    "face_match": FaceMatchFeed,
}
POLLERS: dict[str, Callable[[FeedSetup], Source | None]] = {
    "ngsi": context_broker,
    "gtfs_realtime": producer,
    "hotline": platform,
    "open311": server,
    "cap": cap_source,
    "cad_rss": dispatch_centre,
    "cn_warning": warning_centre,
    "zlmediakit": media_server,
}
"""Adapters whose feeds may have to be asked for their messages; None for a feed that has nobody to ask."""
ANSWERS: dict[str, Callable[..., Mapping[str, Any]]] = {"zlmediakit": zlmediakit_answer}
"""Adapters whose platform waits for an answer of its own when it hands in a message: (topic, settings) -> the answer."""
PICTURED = frozenset({"frigate", "onvif"})
"""Adapters whose messages tell of pictures."""
ANY_TOPIC = frozenset({"face_match", "cad_rss", "cap", "cn_warning", "gb28181", "gtfs_realtime", "hotline", "ngsi", "open311", "traccar"})
"""Adapters whose messages say all of themselves, whatever topic they come under."""


def configured(demo: bool = False) -> list[FeedConfig]:
    """The feeds of config/feeds.yaml that are on; where the demo plays, those of config/demo/feeds.yaml too. Raises ConfigError."""
    return [feed for feed in load_feeds(ADAPTERS, demo=demo).values() if feed.enabled]


def make_feeds(catalogue: MetricCatalogue, clock_ahead_ms: int, configs: Iterable[FeedConfig]) -> dict[str, Feed]:
    """The feeds of `configs` by name. `clock_ahead_ms` is for those that set none.

    Raises ConfigError for what an adapter or a secret's place does not allow.
    """
    return {one.name: make_feed(one, catalogue, clock_ahead_ms) for one in configs}


def make_feed(config: FeedConfig, catalogue: MetricCatalogue, clock_ahead_ms: int) -> Feed:
    """One feed. Raises ConfigError."""
    if config.name in INTERNAL:
        raise ConfigError(f"feeds.yaml: {config.name}: name: {config.name!r}: expected a name that CityDeck itself does not use")
    feed = ADAPTERS[config.adapter](_setup(config, catalogue, clock_ahead_ms))
    return feed if config.datum == "wgs84" else InWgs84(feed, config.datum)


def make_sources(catalogue: MetricCatalogue, clock_ahead_ms: int, configs: Iterable[FeedConfig]) -> list[Source]:
    """What the feeds of `configs` must be asked for. Raises ConfigError."""
    asking = [POLLERS[one.adapter](_setup(one, catalogue, clock_ahead_ms)) for one in configs if one.adapter in POLLERS]
    return [source for source in asking if source is not None]


def make_answers(configs: Iterable[FeedConfig]) -> dict[str, Callable[[str], Mapping[str, Any]]]:
    """For the feeds of `configs` whose platform expects an answer of its own: what it is told for a topic."""
    return {one.name: partial(ANSWERS[one.adapter], settings=one.settings) for one in configs if one.adapter in ANSWERS}


def make_picture_sources(catalogue: MetricCatalogue, clock_ahead_ms: int, configs: Iterable[FeedConfig]) -> dict[str, PictureSource]:
    """Who fetches the pictures of the feeds of `configs`, by name. Raises ConfigError."""
    found = {one.name: picture_source(_setup(one, catalogue, clock_ahead_ms)) for one in configs if one.adapter in PICTURED}
    return {name: source for name, source in found.items() if source is not None}


def _setup(config: FeedConfig, catalogue: MetricCatalogue, clock_ahead_ms: int) -> FeedSetup:
    ahead_ms = clock_ahead_ms if config.clock_ahead_s is None else round(config.clock_ahead_s * 1000)
    secrets = read_secrets("feeds.yaml", config.name, config.secrets)
    return FeedSetup(config.name, config.filters, catalogue, ahead_ms, config.settings, secrets)
