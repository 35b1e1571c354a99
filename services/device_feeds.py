"""Which feed a device's values come from: what a value on a screen names as its source."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from domain.access import Actor, Forbidden
from domain.event_time import DAY_MS
from domain.registry import Device
from services.register import Register

KEPT_MS = 300_000
"""What was asked for holds for so long: a device hardly ever changes its feed, and every panel asks."""
KEPT_AT_MOST = 100_000


class BroughtStore(Protocol):
    """Which feed brought which device, by the day (data_adapters/sql/feed_health_repository.py)."""

    def feed_of(self, device_id: str, at: int) -> str:
        """The feed that brought the device last until then; "" for none."""

    def feeds_of_kinds(self, at: int) -> Mapping[str, tuple[str, ...]]:
        """Kind of device -> the feeds that brought such devices last, the one with the most first."""


class DeviceFeeds:
    """Reads take an Actor, `now` and `at` (epoch ms, None for now)."""

    def __init__(self, store: BroughtStore, register: Register) -> None:
        self._store, self._register = store, register
        self._held: dict[tuple[str, int | None], tuple[int, Any]] = {}
        self._lock = threading.Lock()

    def of(self, actor: Actor, device: Device, now: int, at: int | None = None) -> str:
        """The device's feed; "" while no feed has brought it. Raises Forbidden for a device outside the scope."""
        if not actor.sees(device.region, device.department, self._register.regions(at)):
            raise Forbidden("the device lies outside your scope")
        return str(self._asked(f"device:{device.device_id}", now, at))

    def of_kind(self, actor: Actor, kind: str, now: int, at: int | None = None) -> Sequence[str]:
        """The feeds of all devices of a kind, the one with the most first: a feed is the whole city's. Raises Forbidden without the
        right to see the picture."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        found: Mapping[str, tuple[str, ...]] = self._asked("kinds", now, at)
        return found.get(kind, ())

    def _asked(self, what: str, now: int, at: int | None) -> Any:
        """Once in KEPT_MS, of a past moment once for its day."""
        key = (what, None if at is None else at // DAY_MS)
        until, found = self._held.get(key, (0, None))
        if now < until:
            return found
        name, _, device_id = what.partition(":")
        moment = now if at is None else at
        found = self._store.feeds_of_kinds(moment) if name == "kinds" else self._store.feed_of(device_id, moment)
        with self._lock:
            if len(self._held) >= KEPT_AT_MOST:
                self._held.clear()
            self._held[key] = (now + KEPT_MS, found)
        return found
