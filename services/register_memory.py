"""The register as a web process remembers it: everybody's panels read it, and it hardly ever changes.

It asks the store for a stamp every CACHED_S at most and reads anew when that is another one, so a change made elsewhere is seen within
CACHED_S; one made here is seen at once. The past is always read.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from domain.registry import Department, Device, Region
from services.account_ports import AuditEntry
from services.register_ports import Place, RegionArea, RegisterStore

CACHED_S = 2.0


class RememberedRegister:
    """The RegisterStore port over another one. `stamp` changes when anything of the register does; `clock` gives seconds."""

    def __init__(self, store: RegisterStore, stamp: Callable[[], Any], clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._stamp, self._clock = store, stamp, clock
        self._held: dict[str, Any] = {}
        self._known: Any = None
        self._next = 0.0
        self._lock = threading.Lock()

    def regions(self, at: int | None) -> list[Region]:
        """See RegisterStore."""
        found: list[Region] = self._now("regions", lambda: self._store.regions(None)) if at is None else self._store.regions(at)
        return found

    def areas(self) -> list[RegionArea]:
        """See RegisterStore."""
        return self._store.areas()

    def departments(self, at: int | None) -> list[Department]:
        """See RegisterStore."""
        if at is not None:
            return self._store.departments(at)
        found: list[Department] = self._now("departments", lambda: self._store.departments(None))
        return found

    def devices(self, at: int | None) -> list[Device]:
        """See RegisterStore."""
        found: list[Device] = self._now("devices", lambda: self._store.devices(None)) if at is None else self._store.devices(at)
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

    def _now(self, name: str, read: Callable[[], Any]) -> Any:
        with self._lock:
            if self._clock() >= self._next:
                known = self._stamp()
                if known != self._known:
                    self._held, self._known = {}, known
                self._next = self._clock() + CACHED_S
            if name not in self._held:
                self._held[name] = read()
            return self._held[name]
