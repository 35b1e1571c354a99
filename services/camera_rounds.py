"""Reading the catalogues of video platforms: in their turn, page by page, with growing pauses while one is away. Run by jobs.py.

A catalogue that was cut takes nothing away; what a whole one does not list any more is marked as gone.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from typing import NamedTuple

from services.camera_ports import CatalogueStore, Changes, Found, Places
from services.polling import LONGEST_PAUSE_S
from services.ports import Clock
from services.video_ports import BadAnswer, Entry, VideoError, VideoPlatform

log = logging.getLogger("citydeck.cameras")
ODD = re.compile(r"[^A-Za-z0-9_-]")
LONGEST_ID = 128


class Defaults(NamedTuple):
    """What holds for a platform's cameras where nobody knows better; `every_s`: seconds from one round to the next."""

    region: str = ""
    department: str = ""
    wall: bool = False
    every_s: float = 300.0


def camera_id_of(platform: str, channel: str) -> str:
    """The id of a platform's channel: its own reference where that can stand in a topic and an address, else with a mark of it."""
    plain = f"{platform}-{ODD.sub('_', channel)}"
    if ODD.search(channel) is None and len(plain) <= LONGEST_ID:
        return plain
    mark = hashlib.sha256(channel.encode()).hexdigest()[:10]
    return f"{plain[: LONGEST_ID - 11]}-{mark}"


class CameraRounds:
    """Keeps the cameras of one platform. Its loss and its recovery are logged once each, also over a restart."""

    def __init__(
        self, platform: VideoPlatform, store: CatalogueStore, places: Callable[[], Places], defaults: Defaults, clock: Clock
    ) -> None:
        """`places`: asked for once a round, so that a changed register is taken up."""
        self._platform, self._store, self._places, self._defaults, self._clock = platform, store, places, defaults, clock
        self._due_at, self._failures = 0, 0

    def round(self, now: int) -> int:
        """Read the catalogue, when it is due; returns how much changed."""
        if now < self._due_at:
            return 0
        self._due_at = now + round(self._defaults.every_s * 1000)
        failing = self._store.failing(self._platform.name)
        try:
            changes, gone = self._read(now)
        except VideoError as error:
            self._lost(error, failing)
            return 0
        if failing:
            log.info("%s: its catalogue is whole again", self._platform.name)
        if any(changes) or gone:
            log.info("%s: %d new cameras, %d changed, %d went on or off, %d gone", self._platform.name, *changes, gone)
        self._failures = 0
        return sum(changes) + gone

    def _read(self, now: int) -> tuple[Changes, int]:
        places, changes, many = self._places(), Changes(), 0
        self._store.begin(self._platform.name)
        for page in self._platform.catalogue():
            changes = changes.plus(self._store.put(self._platform.name, [self._found(one, places) for one in page], self._clock()))
            many += len(page)
        if not many and self._store.known(self._platform.name):
            raise BadAnswer("an empty catalogue, where there were cameras")
        return changes, self._store.end(self._platform.name, max(now, self._clock()))

    def _found(self, entry: Entry, places: Places) -> Found:
        region = self._region(entry, places)
        department = entry.department if places.department(entry.department) else self._defaults.department
        wall = self._defaults.wall if entry.wall is None else entry.wall
        path = entry.group or places.path_to(region)
        return Found(camera_id_of(self._platform.name, entry.channel), entry, region, department, path, wall)

    def _region(self, entry: Entry, places: Places) -> str:
        """Where the platform says, else where it stands, else its division, else where the platform's cameras belong."""
        if entry.region and places.region(entry.region):
            return entry.region
        by_place = places.region_at(entry.lon, entry.lat) if entry.lon is not None and entry.lat is not None else ""
        return by_place or places.region_of(entry.civil_code) or self._defaults.region

    def _lost(self, error: VideoError, failing: bool) -> None:
        if not failing:
            log.warning("%s: its catalogue can't be read, asking again with growing pauses: %s", self._platform.name, error)
        pause_s = min(2.0**self._failures, LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 30)
        now = self._clock()
        self._store.failed(self._platform.name, error.code, now)
        self._due_at = now + round(pause_s * 1000)
