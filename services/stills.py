"""Still pictures of cameras, for what is not playing: asked of the platform at most every so often, whoever looks."""

import threading
from collections import OrderedDict
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.viewing import RIGHT
from services.audit import Audit
from services.video_ports import BadAnswer, NotOffered, Offline, PlatformAway
from services.viewing_ports import Camera, Cameras, Platforms

FRESH_MS = 10_000
WRITTEN_EVERY_MS = 600_000
KEPT = 64
LARGEST = 4 * 1024 * 1024
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""How a picture that is let through begins."""


class Still(NamedTuple):
    """A picture as a browser takes it; `at`: when it was asked for."""

    content: bytes
    media_type: str
    at: int


class Stills:
    """Keeps the newest still of the last KEPT cameras in memory: they are of everybody who may see the camera, and soon old."""

    def __init__(self, cameras: Cameras, platforms: Platforms, audit: Audit) -> None:
        self._cameras, self._platforms, self._audit = cameras, platforms, audit
        self._held: OrderedDict[str, Still] = OrderedDict()
        self._written: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, actor: Actor, camera_id: str, now: int) -> Still:
        """Raises Forbidden, LookupError for a camera out of scope, VideoError. Who looked is written down once in ten minutes."""
        if not actor.may(RIGHT["live"]):
            raise Forbidden(RIGHT["live"])
        camera = self._cameras.one(actor, camera_id)
        if camera is None:
            raise LookupError(camera_id)
        if camera.online is False:
            raise Offline
        if "snapshot" not in camera.offers:
            raise NotOffered("a picture")
        held = self._held.get(camera_id)
        found = held if held and now - held.at < FRESH_MS else self._asked(camera, now)
        self._write(actor, camera_id, now)
        return found

    def _asked(self, camera: Camera, now: int) -> Still:
        if camera.platform not in self._platforms:
            raise PlatformAway(f"video.yaml has no platform {camera.platform!r}")
        content = self._platforms[camera.platform].snapshot(camera.channel).content
        kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
        if kind is None or len(content) > LARGEST:
            raise BadAnswer("no picture, or one that is too large")
        made = Still(content, kind, now)
        with self._lock:
            self._held[camera.camera_id] = made
            self._held.move_to_end(camera.camera_id)
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return made

    def _write(self, actor: Actor, camera_id: str, now: int) -> None:
        key = (actor.username, camera_id)
        with self._lock:
            if now - self._written.get(key, -WRITTEN_EVERY_MS) < WRITTEN_EVERY_MS:
                return
            self._written[key] = now
            self._written.move_to_end(key)
            while len(self._written) > 100 * KEPT:
                self._written.popitem(last=False)
        self._audit.record(actor.username, "view_still", now, camera_id)
