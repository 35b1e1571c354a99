"""The feeds this city can be given. One line each."""

from collections.abc import Callable

from data_adapters.feeds.native.adapter import NativeFeed
from domain.metrics import MetricCatalogue
from services.ports import Feed

FEEDS: dict[str, Callable[[MetricCatalogue, int], Feed]] = {
    "native": NativeFeed,
}


def make_feeds(catalogue: MetricCatalogue, clock_ahead_ms: int, names: list[str] | None = None) -> dict[str, Feed]:
    """The feeds called `names` (all when None); an unknown name is a KeyError."""
    return {name: FEEDS[name](catalogue, clock_ahead_ms) for name in names or FEEDS}
