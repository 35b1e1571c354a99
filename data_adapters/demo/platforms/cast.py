"""What a platform of the demo is, and how far each has spoken. Pure: who asks gives the times."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple, Protocol

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.play import CATCH_UP_MS, Message
from domain.registry import Device

LEAST_MS = 1_000
"""Platforms are asked at most once in this."""
MOST_MS = 30_000
"""So much is caught up at once."""


class Due(NamedTuple):
    """A message and when it is said, epoch ms."""

    at: int
    message: Message


class Platform(Protocol):
    """Another system of the demo city."""

    def said(self, since: int, until: int) -> Iterable[Due]:
        """What it says after `since` and up to `until`, in any order; always the same for the same times."""
        ...

    def standing(self, now: int) -> Iterable[Message]:
        """What it says first to a broker that it has reached: presences and the like, as they are now."""
        ...


class Cast:
    """Platforms that speak the same way, and up to when they have spoken."""

    def __init__(self, platforms: Iterable[Platform]) -> None:
        self._platforms, self._until = list(platforms), 0

    def start(self, since: int) -> None:
        """They go on after this."""
        self._until = since

    def due(self, now: int) -> list[Message]:
        """The next of what they say up to `now`, oldest first; of an outage only the last ten minutes."""
        since = max(self._until, now - CATCH_UP_MS)
        if now - since < LEAST_MS:
            return []
        self._until = min(now, since + MOST_MS)
        found = [due for platform in self._platforms for due in platform.said(since, self._until)]
        return [message for _, message in sorted(found, key=itemgetter(0))]

    def standing(self, now: int) -> list[Message]:
        """What they say first."""
        return [message for platform in self._platforms for message in platform.standing(now)]


def own_devices(pack: Pack, platform: str) -> list[Device]:
    """The devices of the demo's pack that this platform speaks for."""
    return [found.device for found in pack.devices if found.attributes.get("platform") == platform]


def moments(since: int, until: int, every_ms: int, phase_ms: int = 0) -> Iterator[int]:
    """The moments after `since`, up to `until`, of something that happens every `every_ms`, `phase_ms` after the full ones."""
    first = (since - phase_ms) // every_ms * every_ms + every_ms + phase_ms
    return iter(range(first, until + 1, every_ms))
