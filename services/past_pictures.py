"""Pictures of past moments: made once for everybody who asks at the same time, the last few kept; and what changed from one to another."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from services.mirror import Mirror

KEPT = 6
Pieces = dict[str, Any]
STATUS = "|status"


class Changes(NamedTuple):
    """What a map draws at `at` (epoch ms): `pieces` as the live stream has them. With `since` only what is another than it was then."""

    at: int
    since: int | None
    pieces: Mapping[str, Any]


class PastPictures:
    """Mirrors by their moment. Works with threads and with gevent's patched ones."""

    def __init__(self, make: Callable[[int], Mirror]) -> None:
        self._make = make
        self._held: OrderedDict[int, Mirror] = OrderedDict()
        self._making: dict[int, threading.Lock] = {}
        self._guard = threading.Lock()

    def of(self, at: int, settled: bool) -> Mirror:
        """The whole city at `at`. `settled`: nothing of that moment is still on its way, so that it may be kept."""
        if not settled:
            return self._make(at)
        with self._guard:
            turn = self._making.setdefault(at, threading.Lock())
        try:
            with turn:
                held = self.held(at) or self._make(at)
                with self._guard:
                    self._held[at] = held
                    while len(self._held) > KEPT:
                        self._held.popitem(last=False)
        finally:
            with self._guard:
                self._making.pop(at, None)
        return held

    def held(self, at: int) -> Mirror | None:
        """The picture of `at` if it is kept."""
        with self._guard:
            if at in self._held:
                self._held.move_to_end(at)
            return self._held.get(at)


def drawn(devices: Mapping[str, Any], alarms: Any, vehicles: Mapping[str, Any], incidents: Any, counts: Mapping[str, Any]) -> Pieces:
    """What a map draws of a snapshot, in pieces; a device that has said nothing of itself is there with None."""
    found: Pieces = {f"{code}||counts": numbers for code, numbers in counts.items()}

    def put(place: tuple[str, str], section: str, key: str, value: Any) -> None:
        found.setdefault(f"{place[0]}|{place[1]}|{section}", {})[key] = value

    for key, device in devices.items():
        put((device["region"], device["department"]), "status", key, device["online"])
    for alarm in alarms:
        put((alarm["region"], alarm["department"]), "alarms", alarm["alarm_id"], alarm)
    for key, vehicle in vehicles.items():
        put((vehicle["region"], vehicle["department"]), "vehicles", key, vehicle)
    for one in incidents:
        put((one["region"], one["lead"]), "incidents", one["incident_id"], one)
    return found


def changed(before: Pieces, after: Pieces) -> Pieces | None:
    """What is another in `after`, gone keys with None; None where devices or regions came or went: then all must be drawn anew."""
    if _known(before) != _known(after):
        return None
    found: Pieces = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name, {}), after.get(name, {})
        if name.endswith("||counts"):
            moved = new if new != old else {}
        else:
            moved = {key: value for key, value in new.items() if old.get(key) != value} | {key: None for key in old if key not in new}
        if moved:
            found[name] = moved
    return found


def _known(pieces: Pieces) -> dict[str, Any]:
    return {
        name: entries.keys() if name.endswith(STATUS) else None for name, entries in pieces.items() if name.endswith((STATUS, "||counts"))
    }
