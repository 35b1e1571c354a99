"""A feed whose places are not in WGS 84 is converted here, once, at the door (data_adapters/coordinates.py)."""

from collections.abc import Sequence

from data_adapters.coordinates import to_wgs84
from domain.messages import Event, Memory, Output, Position, RawMessage, Reply
from services.ports import Feed


class InWgs84:
    """The feed `inner`, whose positions are in `datum` (`gcj02` or `bd09`)."""

    def __init__(self, inner: Feed, datum: str) -> None:
        self._inner, self._datum = inner, datum
        self.name = inner.name
        self.topics: Sequence[str] = inner.topics
        self.remembers = inner.remembers
        self.keeps_raw = getattr(inner, "keeps_raw", True)

    def partition_key(self, topic: str) -> str:
        """As the feed has it."""
        return self._inner.partition_key(topic)

    def parse(self, message: RawMessage, memory: Memory) -> tuple[Sequence[Output | Reply], Memory]:
        """As the feed has it, positions and the places of events in WGS 84."""
        outputs, after = self._inner.parse(message, memory)
        return [self._converted(output) if isinstance(output, Position | Event) else output for output in outputs], after

    def _converted(self, output: Position | Event) -> Position | Event:
        if output.lon is None or output.lat is None:
            return output
        lon, lat = to_wgs84(output.lon, output.lat, self._datum)
        return output._replace(lon=lon, lat=lat)
