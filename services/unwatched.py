"""The rounds of jobs.py that end what nobody watches: players that fell silent, their WebRTC sessions, streams without a player."""

import logging

from domain.event_time import DAY_MS
from services.video_ports import VideoError
from services.viewing import Viewings
from services.viewing_ports import Media, ViewingStore

log = logging.getLogger("citydeck.viewing")
EVERY_MS = 2_000
FORGET_EVERY_MS = 3_600_000
KEPT_MS = DAY_MS


class Unwatched:
    """Every EVERY_MS, in a thread of its own, for a platform may take its time."""

    def __init__(self, viewings: Viewings, store: ViewingStore, media: Media) -> None:
        self._viewings, self._store, self._media = viewings, store, media
        self._due_at = self._forget_at = 0

    def round(self, now: int) -> int:
        """End what is to be ended; returns how many streams were stopped."""
        if now < self._due_at:
            return 0
        self._due_at = now + EVERY_MS
        stopped = self._viewings.tidy(now)
        for origins, resource in self._store.hang_ups():
            self._hang_up(origins, resource)
        if now >= self._forget_at:
            self._forget_at = now + FORGET_EVERY_MS
            self._store.forget(now - KEPT_MS)
        return stopped

    def _hang_up(self, origins: frozenset[str], resource: str) -> None:
        try:
            self._media.hang_up(origins, resource)
        except VideoError as error:
            log.info("a media server could not be told that a player is gone; it will see that itself: %s", error)
