"""The inbound formats this program knows, one line each, and the feeds that config/feeds.yaml makes of them."""

from collections.abc import Callable, Iterable

from config.feeds import FeedConfig, load_feeds
from config.settings import read_secret
from config.strict import ConfigError
from data_adapters.feeds.chirpstack.adapter import ChirpstackFeed
from data_adapters.feeds.datum import InWgs84
from data_adapters.feeds.gtfs_realtime.adapter import GtfsRealtimeFeed
from data_adapters.feeds.gtfs_realtime.polling import producer
from data_adapters.feeds.mapping.adapter import MappingFeed
from data_adapters.feeds.native.adapter import NativeFeed
from data_adapters.feeds.ngsi.adapter import NgsiFeed
from data_adapters.feeds.ngsi.polling import context_broker
from data_adapters.feeds.senml.adapter import SenmlFeed
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.sparkplug.adapter import SparkplugFeed
from data_adapters.feeds.tasmota.adapter import TasmotaFeed
from data_adapters.feeds.traccar.adapter import TraccarFeed
from data_adapters.feeds.ttn.adapter import TtnFeed
from data_adapters.feeds.zigbee2mqtt.adapter import Zigbee2MqttFeed
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
}
POLLERS: dict[str, Callable[[FeedSetup], Source | None]] = {
    "ngsi": context_broker,
    "gtfs_realtime": producer,
}
"""Adapters whose feeds may have to be asked for their messages; None for a feed that has nobody to ask."""
ANY_TOPIC = frozenset({"gtfs_realtime", "ngsi", "traccar"})
"""Adapters whose messages say all of themselves, whatever topic they come under."""


def configured() -> list[FeedConfig]:
    """The feeds of config/feeds.yaml that are on. Raises ConfigError."""
    return [feed for feed in load_feeds(ADAPTERS).values() if feed.enabled]


def make_feeds(catalogue: MetricCatalogue, clock_ahead_ms: int, configs: Iterable[FeedConfig] | None = None) -> dict[str, Feed]:
    """The feeds of `configs` (those of config/feeds.yaml that are on, when None) by name. `clock_ahead_ms` is for those that set none.

    Raises ConfigError for what an adapter or a secret's place does not allow.
    """
    return {one.name: make_feed(one, catalogue, clock_ahead_ms) for one in (configured() if configs is None else configs)}


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


def _setup(config: FeedConfig, catalogue: MetricCatalogue, clock_ahead_ms: int) -> FeedSetup:
    ahead_ms = clock_ahead_ms if config.clock_ahead_s is None else round(config.clock_ahead_s * 1000)
    return FeedSetup(config.name, config.filters, catalogue, ahead_ms, config.settings, _secrets(config))


def _secrets(config: FeedConfig) -> dict[str, str]:
    found = {}
    for name, reference in config.secrets.items():
        try:
            found[name] = read_secret(reference)
        except ValueError as error:
            raise ConfigError(f"feeds.yaml: {config.name}: secrets: {name}: {reference!r}: expected {error}") from None
    return found
