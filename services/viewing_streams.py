"""The streams that platforms play for us: one for all who watch the same, started once, stopped when nobody watches."""

import logging
import time
from collections.abc import Callable

from domain.identity import uuid7
from domain.viewing import ViewingLimits, Wanted
from services.video_ports import ERRORS, PlatformAway, Stream, TimedOut, VideoError, VideoPlatform
from services.viewing_ports import Camera, Platforms, Playing, ViewingStore

log = logging.getLogger("citydeck.viewing")
LOOK_EVERY_S = 0.1
AGAIN_MS = 15_000
GIVEN_UP = "given_up"


class Streams:
    """Starts and stops. `pause` waits some seconds."""

    def __init__(
        self, store: ViewingStore, platforms: Platforms, limits: ViewingLimits, pause: Callable[[float], object] = time.sleep
    ) -> None:
        self._store, self._platforms, self._limits, self._pause = store, platforms, limits, pause

    def of(self, camera: Camera, wanted: Wanted, now: int) -> Playing:
        """The stream of this camera, started when nobody watches it yet; whoever asks meanwhile waits for it. Raises VideoError."""
        mine = Playing(str(uuid7(now)), camera.platform, camera.camera_id, wanted.key, now)
        for _ in range(max(1, round(self._limits.start_ms / 1000 / LOOK_EVERY_S))):
            held = self._store.playing(camera.platform, camera.camera_id, wanted.key, now)
            if held is not None and held.stream is not None:
                return held
            if held is None and self._store.claim(mine):
                return self._start(mine, camera, wanted)
            self._pause(LOOK_EVERY_S)
            if held is not None and (code := self._store.failure(held.stream_id)):
                raise ERRORS.get(code, VideoError)
        raise TimedOut("another one began to start it")

    def _start(self, mine: Playing, camera: Camera, wanted: Wanted) -> Playing:
        try:
            stream = play(self._platform(camera.platform), camera.channel, wanted)
        except VideoError as error:
            self._store.failed(mine.stream_id, error.code)
            raise
        except BaseException:
            self._store.failed(mine.stream_id, VideoError.code)
            raise
        if not self._store.started(mine.stream_id, stream):
            self._platform(camera.platform).stop(stream.session)
            raise TimedOut("it took so long that it was given up")
        return mine._replace(stream=stream)

    def _platform(self, name: str) -> VideoPlatform:
        if name not in self._platforms:
            raise PlatformAway(f"video.yaml has no platform {name!r}")
        return self._platforms[name]

    def stop_unwatched(self, now: int) -> int:
        """Tell the platforms of all that nobody watches any more; returns how many were told."""
        return sum(
            self._stop(one, now) for one in self._store.unwatched(now - self._limits.linger_ms, now - 2 * self._limits.start_ms, now)
        )

    def _stop(self, one: Playing, now: int) -> bool:
        try:
            if one.stream is not None:
                self._platform(one.platform).stop(one.stream.session)
        except VideoError as error:
            log.warning("%s could not be told to stop %s, trying again: %s", one.platform, one.camera_id, error)
            self._store.not_stopped(one.stream_id, now + AGAIN_MS)
            return False
        self._store.stopped(one.stream_id, now)
        return True


def play(platform: VideoPlatform, channel: str, wanted: Wanted) -> Stream:
    """Ask the platform for what is wanted. Raises VideoError."""
    if wanted.start is None or wanted.end is None:
        return platform.live(channel, "sub" if wanted.size == "sub" else "main")
    return platform.playback(channel, wanted.start, wanted.end)
