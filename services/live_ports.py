"""What the web side of the live picture needs from outside: the frames, and the picture of a past moment."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from domain.registry import Region


class LiveUnavailable(Exception):
    """The live picture cannot be reached now; what is already here stays, and the caller tries again."""


class LiveFrame(NamedTuple):
    """What changed: `pieces` maps `region|department|section` to JSON text, an object of key -> value (null: taken off),
    or the whole value for a city-wide note (`||ingest`)."""

    epoch: str
    version: int
    at: int
    pieces: Mapping[str, str]


class Frames(Protocol):
    """The one stream of frames (data_adapters/live_frames.py). Every method may raise LiveUnavailable."""

    def load(self) -> LiveFrame | None:
        """The whole picture as one frame; None while there is no picture."""

    def after(self, epoch: str, version: int, wait_s: float) -> list[LiveFrame] | None:
        """The frames that follow `version`, waiting for the first one; None when they are gone or the epoch is another."""

    def report_clients(self, worker: str, clients: int) -> None:
        """How many screens this web worker serves; forgotten after ten seconds."""

    def totals(self) -> tuple[int, int]:
        """Screens of all web workers, and bytes of the last frame."""


class PastRecords(NamedTuple):
    """The picture's records at a past moment, shaped as services.ports.LivePicture takes them."""

    regions: Mapping[str, Region]
    devices: Mapping[str, Any]
    alarms: Mapping[str, Any]
    vehicles: Mapping[str, Any]
    incidents: Mapping[str, Any] = {}
    notes: Mapping[str, Any] = {}


class PastPicture(Protocol):
    """The picture at a past moment, from the database (data_adapters/sql/past_picture.py)."""

    def records(self, at: int) -> PastRecords:
        """What had been received and recorded at `at` (epoch ms)."""
