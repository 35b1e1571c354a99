"""The register as a web process remembers it: everybody's panels read it, and it hardly ever changes.

It asks the store for a stamp every CACHED_S at most and reads anew when that is another one, so a change made elsewhere is seen within
CACHED_S; one made here is seen at once. A past register is that of the last change before it, and remembered as such: a replay goes
through a day on few of them.
"""

import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from domain.registry import Department, Device, Region
from services.account_ports import AuditEntry
from services.register_ports import Place, RegionArea, RegisterStore

CACHED_S = 2.0
PASTS = 12
"""So many lists of past registers are remembered."""


class RememberedRegister:
    """The RegisterStore port over another one. `stamp` changes when anything of the register does; `clock` gives seconds."""

    def __init__(self, store: RegisterStore, stamp: Callable[[], Any], clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._stamp, self._clock = store, stamp, clock
        self._held: dict[str, Any] = {}
        self._pasts: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self._known: Any = None
        self._next = 0.0
        self._lock = threading.Lock()

    def changes(self) -> list[int]:
        """See RegisterStore."""
        found: list[int] = self._now("changes", self._store.changes)
        return found

    def regions(self, at: int | None) -> list[Region]:
        """See RegisterStore."""
        found: list[Region] = self._at("regions", at, self._store.regions)
        return found

    def areas(self) -> list[RegionArea]:
        """See RegisterStore."""
        return self._store.areas()

    def departments(self, at: int | None) -> list[Department]:
        """See RegisterStore."""
        found: list[Department] = self._at("departments", at, self._store.departments)
        return found

    def devices(self, at: int | None) -> list[Device]:
        """See RegisterStore."""
        found: list[Device] = self._at("devices", at, self._store.devices)
        return found

    def device(self, device_id: str, at: int | None) -> Device | None:
        """See RegisterStore."""
        return self._store.device(device_id, at)

    def unadopted(self) -> list[Device]:
        """See RegisterStore."""
        return self._store.unadopted()

    def places(self) -> list[Place]:
        """See RegisterStore."""
        return self._store.places()

    def city(self) -> dict[str, Any]:
        """See RegisterStore."""
        return dict(self._now("city", self._store.city))

    def adopt(self, device: Device, entry: AuditEntry) -> bool:
        """See RegisterStore."""
        done = self._store.adopt(device, entry)
        self._next = 0.0
        return done

    def _at(self, name: str, at: int | None, read: Callable[[int | None], Any]) -> Any:
        if at is None:
            return self._now(name, lambda: read(None))
        key = (name, bisect_right(self.changes(), at))
        with self._lock:
            held = self._pasts.get(key)
        if held is None:
            held = read(at)
            with self._lock:
                self._pasts[key] = held
                while len(self._pasts) > PASTS:
                    self._pasts.popitem(last=False)
        return held

    def _now(self, name: str, read: Callable[[], Any]) -> Any:
        with self._lock:
            if self._clock() >= self._next:
                known = self._stamp()
                if known != self._known:
                    self._held, self._known = {}, known
                    self._pasts.clear()
                self._next = self._clock() + CACHED_S
            if name not in self._held:
                self._held[name] = read()
            return self._held[name]
