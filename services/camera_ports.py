"""What cameras need from outside: a store with their past, and who says to which region a place belongs. Times are epoch milliseconds."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from domain.cameras import Camera
from services.video_ports import Entry


class Scope(NamedTuple):
    """What somebody sees: region codes (those of all below them, too) and departments; None means all."""

    regions: Collection[str] | None = None
    departments: Collection[str] | None = None


class Found(NamedTuple):
    """An entry of a platform's catalogue, with the place in the city that it was given."""

    camera_id: str
    entry: Entry
    region: str
    department: str
    path: tuple[str, ...]
    wall: bool


class Changes(NamedTuple):
    """What a page of a catalogue changed: new cameras, others' facts, others' status."""

    new: int = 0
    facts: int = 0
    status: int = 0

    def plus(self, other: "Changes") -> "Changes":
        """Both together."""
        return Changes(*(one + two for one, two in zip(self, other, strict=True)))


class Asked(NamedTuple):
    """What is looked for: `text` (all its words in name, codes or path), a platform, a status, under a path; `after` the last one shown."""

    text: str = ""
    platform: str = ""
    status: str = ""
    path: tuple[str, ...] = ()
    after: tuple[str, str] | None = None
    most: int = 100


class Node(NamedTuple):
    """A group of the tree: its name, and how many cameras are in it and below, of which how many are online."""

    name: str
    cameras: int
    online: int


class PlatformState(NamedTuple):
    """How a platform is doing: when its catalogue was asked for last, when it was last whole, since when it fails and why."""

    platform: str
    asked_at: int
    whole_at: int | None
    cameras: int
    failing_since: int | None
    reason: str


class Hold(NamedTuple):
    """Who turns a camera, and until when nobody else may. `moving`: it was told to turn, and not yet to stop."""

    camera_id: str
    username: str
    until: int
    moving: bool


class CameraStore(Protocol):
    """PostgreSQL, as cameras need it (data_adapters/sql/camera_repository.py). `at` None is now."""

    def one(self, camera_id: str, at: int | None) -> Camera | None:
        """A camera, its status and (a moving one's) place as they were."""

    def search(self, scope: Scope, asked: Asked, at: int | None) -> list[Camera]:
        """Those that fit, by name; none that are gone unless that is asked for."""

    def of_devices(self, scope: Scope, device_ids: Sequence[str]) -> list[Camera]:
        """Those there are now that are devices of the register of these ids."""

    def near(self, scope: Scope, lon: float, lat: float, metres: float, at: int) -> list[Camera]:
        """Those within a box of so many metres, and all moving ones with a fresh place; none that are gone."""

    def nodes(self, scope: Scope, platform: str, path: Sequence[str]) -> list[Node]:
        """The groups right below a path of a platform; the platforms themselves where `platform` is empty."""

    def on_map(self, scope: Scope, most: int) -> list[Camera]:
        """Fixed ones that have a place, by id; none that are gone."""

    def for_wall(self, scope: Scope, most: int) -> list[Camera]:
        """Those online whose picture may be shown on a wall, by name."""

    def platforms(self) -> list[PlatformState]:
        """All platforms that were ever asked."""

    def rate(self, camera_id: str, since: int, until: int) -> float | None:
        """The share of that time in which the camera was online, from 0 to 1; None where nothing is known of it."""


class CatalogueStore(Protocol):
    """What reading a catalogue writes (data_adapters/sql/camera_catalogue.py)."""

    def begin(self, platform: str) -> None:
        """A round begins: nothing has been seen."""

    def put(self, platform: str, found: Sequence[Found], now: int) -> Changes:
        """A page, in one transaction: only what has changed is written."""

    def end(self, platform: str, now: int) -> int:
        """The round saw all: what it did not see is gone; returns how many. The platform is doing well."""

    def known(self, platform: str) -> int:
        """How many cameras the last whole catalogue of the platform had."""

    def failing(self, platform: str) -> bool:
        """Whether its last round was cut."""

    def failed(self, platform: str, reason: str, now: int) -> None:
        """The round was cut: nothing is gone."""

    def retire(self, kept: Collection[str], now: int) -> int:
        """Cameras of platforms that the city has no more are gone; returns how many."""


class HoldStore(Protocol):
    """Who turns which camera (data_adapters/sql/camera_holds.py)."""

    def take(self, hold: Hold, now: int) -> Hold:
        """Take or lengthen it where it is free or one's own; returns the hold that counts now, which may be another's."""

    def leave(self, camera_id: str, username: str) -> None:
        """Give one's own up."""

    def held(self, camera_id: str, now: int) -> Hold | None:
        """Who has it."""

    def runaways(self, now: int, most: int) -> list[Hold]:
        """Holds that ran out while their camera was turning; each is given to one caller only, again after a while unless it is ended."""

    def ended(self, camera_id: str, until: int) -> None:
        """That camera stands still again; a hold that is another's by now stays."""


class Places(Protocol):
    """Where a position or a division's code lies in the city."""

    def region_at(self, lon: float, lat: float) -> str:
        """The smallest region with an area around that place; "" where there is none."""

    def region_of(self, civil_code: str) -> str:
        """The city's region of a GB/T 2260 division, or its nearest one above; "" for one elsewhere."""

    def path_to(self, region: str) -> tuple[str, ...]:
        """The names of a region and those above it, outermost first."""

    def department(self, code: str) -> bool:
        """Whether the city has it."""

    def region(self, code: str) -> bool:
        """Whether the city has it."""
