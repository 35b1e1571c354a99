"""What an adapter is given when its feed is made: the feed's entry in config/feeds.yaml, and what all adapters need."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from config.feeds import read_settings
from config.strict import ConfigError, Field
from domain.metrics import MetricCatalogue


class FeedSetup(NamedTuple):
    """A feed's name, its topic filters, the metrics, how far (ms) a device's clock may be ahead, its own settings, its secrets in clear."""

    name: str
    topics: tuple[str, ...]
    catalogue: MetricCatalogue
    clock_ahead_ms: int
    settings: Mapping[str, Any] = {}
    secrets: Mapping[str, str] = {}

    def read(self, known: Mapping[str, Field], secrets: Collection[str] | None = None) -> dict[str, Any]:
        """The settings, checked: key -> (how to read it, default or REQUIRED), as in config/strict.py. `secrets`: those that the adapter
        knows; None checks nothing. Raises ConfigError."""
        unknown = [] if secrets is None else sorted(set(self.secrets) - set(secrets))
        if unknown:
            raise ConfigError(
                f"feeds.yaml: {self.name}: secrets: {unknown[0]!r}: expected a known secret: {', '.join(secrets or ['none'])}"
            )
        return read_settings(self.name, self.settings, known)
