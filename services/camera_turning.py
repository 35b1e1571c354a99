"""Turning cameras: who has the right, one person at a time, every deed written down, and no camera that turns for ever.

Whoever turns a camera holds it for HOLD_MS from their last deed; until then nobody else may. A camera whose holder fell silent while it
was turning is told to stand still by jobs.py.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from domain.access import Actor, Forbidden
from domain.cameras import Camera
from services.audit import Audit
from services.camera_ports import Hold, HoldStore
from services.cameras import Cameras
from services.ports import Clock
from services.video_ports import Busy, NotOffered, Offline, PlatformAway, Preset, Turn, VideoError, VideoPlatform

log = logging.getLogger("citydeck.cameras")
T = TypeVar("T")
RIGHT = "turn_camera"
HOLD_MS = 20_000
STILL = Turn()
AT_A_TIME = 20


class Turning:
    """For web workers. `platforms`: name -> platform."""

    def __init__(self, cameras: Cameras, holds: HoldStore, platforms: Mapping[str, VideoPlatform], audit: Audit) -> None:
        self._cameras, self._holds, self._platforms, self._audit = cameras, holds, platforms, audit

    def turn(self, actor: Actor, camera_id: str, turn: Turn, now: int) -> Hold:
        """Turn it until told otherwise, or stand still. Returns the actor's hold.

        Raises Forbidden, LookupError outside the scope, Busy while another one holds it (`detail` says who), VideoErrors.
        """
        detail = {name: speed for name, speed in turn._asdict().items() if speed}

        def deed(camera: Camera, platform: VideoPlatform) -> Hold:
            hold = self._take(actor, camera, now, moving=turn != STILL)
            platform.turn(camera.channel, turn)
            return hold

        return self._done(actor, camera_id, "turn_camera", detail or {"stop": True}, now, deed)

    def go_to(self, actor: Actor, camera_id: str, preset: int, now: int) -> Hold:
        """Turn it to a remembered view. Raises as `turn`."""

        def deed(camera: Camera, platform: VideoPlatform) -> Hold:
            hold = self._take(actor, camera, now, moving=False)
            platform.go_to(camera.channel, preset)
            return hold

        return self._done(actor, camera_id, "camera_preset", {"preset": preset}, now, deed)

    def presets(self, actor: Actor, camera_id: str) -> Sequence[Preset]:
        """The views that it remembers. Raises Forbidden, LookupError, VideoErrors."""
        return self._platform(camera := self._mine(actor, camera_id)).presets(camera.channel)

    def leave(self, actor: Actor, camera_id: str) -> None:
        """Let others turn it. Raises Forbidden, LookupError."""
        self._mine(actor, camera_id)
        self._holds.leave(camera_id, actor.username)

    def held(self, actor: Actor, camera_id: str, now: int) -> Hold | None:
        """Who turns it now. Raises Forbidden, LookupError."""
        self._mine(actor, camera_id)
        return self._holds.held(camera_id, now)

    def _done(
        self, actor: Actor, camera_id: str, action: str, detail: dict[str, Any], now: int, deed: Callable[[Camera, VideoPlatform], T]
    ) -> T:
        try:
            camera = self._mine(actor, camera_id)
            done = deed(camera, self._platform(camera))
        except (Forbidden, LookupError, VideoError) as error:
            why = error.code if isinstance(error, VideoError) else "no_right"
            self._audit.record(actor.username, action, now, camera_id, "refused", detail={**detail, "why": why})
            raise
        self._audit.record(actor.username, action, now, camera_id, detail=detail)
        return done

    def _take(self, actor: Actor, camera: Camera, now: int, moving: bool) -> Hold:
        hold = self._holds.take(Hold(camera.camera_id, actor.username, now + HOLD_MS, moving), now)
        if hold.username != actor.username:
            raise Busy(hold.username)
        return hold

    def _mine(self, actor: Actor, camera_id: str) -> Camera:
        if not actor.may(RIGHT):
            raise Forbidden(RIGHT)
        camera = self._cameras.one(actor, camera_id)
        if camera is None:
            raise LookupError(camera_id)
        return camera

    def _platform(self, camera: Camera) -> VideoPlatform:
        if camera.status != "online":
            raise Offline
        if not camera.turns:
            raise NotOffered(camera.ptz)
        if camera.platform not in self._platforms:
            raise PlatformAway("the city has this platform no more")
        return self._platforms[camera.platform]


class Runaways:
    """The rounds of jobs.py that tell cameras to stand still whose holders fell silent while they turned."""

    def __init__(
        self, holds: HoldStore, channel_of: Callable[[str], tuple[str, str] | None], platforms: Mapping[str, VideoPlatform], clock: Clock
    ) -> None:
        """`channel_of`: a camera's platform and channel."""
        self._holds, self._channel_of, self._platforms, self._clock = holds, channel_of, platforms, clock

    def round(self, now: int) -> int:
        """Returns how many were told."""
        found = self._holds.runaways(now, AT_A_TIME)
        return sum(self._still(hold) for hold in found)

    def _still(self, hold: Hold) -> bool:
        where = self._channel_of(hold.camera_id)
        if where is None or where[0] not in self._platforms:
            self._holds.ended(hold.camera_id, hold.until)
            return False
        try:
            self._platforms[where[0]].turn(where[1], STILL)
        except VideoError as error:
            log.warning("%s turns on and could not be told to stand still, trying again: %s", hold.camera_id, error)
            return False
        self._holds.ended(hold.camera_id, hold.until)
        return True
