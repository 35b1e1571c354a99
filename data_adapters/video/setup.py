"""What an adapter is given when its platform is made: the platform's entry in config/video.yaml, and its secrets in clear."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from config.strict import ConfigError, Field
from config.video import read_settings
from data_adapters.coordinates import to_wgs84


class PlatformSetup(NamedTuple):
    """A platform's name, the datum of its positions, the longest a request may take, its settings, its secrets, the city pack's folder."""

    name: str
    datum: str = "wgs84"
    timeout_s: float = 10.0
    settings: Mapping[str, Any] = {}
    secrets: Mapping[str, str] = {}
    folder: Path | None = None

    def read(self, known: Mapping[str, Field], secrets: Collection[str] = ()) -> dict[str, Any]:
        """The settings, checked: key -> (how to read it, its default). `secrets`: those that the adapter knows. Raises ConfigError."""
        unknown = sorted(set(self.secrets) - set(secrets))
        if unknown:
            raise ConfigError(f"video.yaml: {self.name}: secrets: {unknown[0]!r}: expected a known secret: {', '.join(secrets) or 'none'}")
        return read_settings(self.name, self.settings, known)

    def wgs84(self, lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
        """A place of the platform's datum; nowhere for 0, 0 and for what is no place, as platforms write what they don't know."""
        if lon is None or lat is None or not -180 <= lon <= 180 or not -90 < lat < 90 or (lon == 0 and lat == 0):
            return None, None
        return to_wgs84(lon, lat, self.datum)
