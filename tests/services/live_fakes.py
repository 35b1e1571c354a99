"""A live picture in memory, and a screen that keeps what it was sent, for the tests of the web side."""

import json
import queue
from typing import Any

from domain.registry import Region
from services.live_ports import LiveFrame, LiveUnavailable

TREE = {
    "441900": Region("441900", "东莞市", None, "city"),
    "east": Region("east", "东部", "441900", "zone"),
    "tangxia": Region("tangxia", "塘厦镇", "east", "town"),
    "humen": Region("humen", "虎门镇", "441900", "town"),
}
KEYED = ("values", "status", "alarms", "vehicles")


def alarm(**fields: Any) -> dict[str, Any]:
    """An alarm record; give what matters."""
    record = {
        "alarm_id": "a1",
        "number": "A-1",
        "rule_id": "r",
        "device_id": "d1",
        "metric": "m",
        "region": "tangxia",
        "department": "water",
    }
    record |= {"severity": "major", "state": "active", "raised_at": 1000, "cleared_at": None, "raised_value": 1.0, "limit_value": 1.0}
    return record | {"acknowledged_at": None, "acknowledged_by": None} | fields


def frame(version: int, pieces: dict[str, Any], epoch: str = "e1", at: int = 1_000) -> LiveFrame:
    """A frame from plain values."""
    return LiveFrame(epoch, version, at, {name: json.dumps(value) for name, value in pieces.items()})


class FakeFrames:
    """The Frames port: `put` makes the next frame; `loaded` is what a load gives."""

    def __init__(self, loaded: LiveFrame | None) -> None:
        self.loaded = loaded
        self.coming: queue.Queue[list[LiveFrame] | None] = queue.Queue()
        self.down = False
        self.reported = 0

    def load(self) -> LiveFrame | None:
        if self.down:
            raise LiveUnavailable("down")
        return self.loaded

    def after(self, epoch: str, version: int, wait_s: float) -> list[LiveFrame] | None:
        if self.down:
            raise LiveUnavailable("down")
        try:
            return self.coming.get(timeout=min(wait_s, 0.1))
        except queue.Empty:
            return []

    def put(self, *frames: LiveFrame) -> None:
        self.coming.put(list(frames))

    def lose(self, loaded: LiveFrame | None) -> None:
        self.loaded = loaded
        self.coming.put(None)

    def report_clients(self, worker: str, clients: int) -> None:
        self.reported = clients

    def totals(self) -> tuple[int, int]:
        return self.reported, 0


def parsed(data: bytes) -> list[tuple[str, str, Any]]:
    """(event, id, data) of each server-sent event in `data`; comments are left out."""
    found = []
    for block in data.decode().split("\n\n"):
        fields = dict(line.split(":", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"].strip(), fields.get("id", "").strip(), json.loads(fields["data"])))
    return found


class ScreenState:
    """What a screen knows after the events it was sent; the same merging that live_worker.js does."""

    def __init__(self) -> None:
        self.pieces: dict[str, Any] = {}
        self.kinds: list[str] = []

    def take(self, kind: str, data: dict[str, Any]) -> None:
        self.kinds.append(kind)
        if kind in ("reset", "snapshot"):
            self.pieces = {}
        for name, change in data.get("pieces", {}).items():
            self._merge(name, change)

    def _merge(self, name: str, change: Any) -> None:
        if name.rpartition("|")[2] not in KEYED:
            self.pieces[name] = change
            return
        held = self.pieces.setdefault(name, {})
        for key, value in change.items():
            held.pop(key, None)
            if value is not None:
                held[key] = value
        if not held:
            del self.pieces[name]
