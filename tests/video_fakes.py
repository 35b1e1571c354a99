"""A video platform, cameras and media by hand, for tests of watching."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from domain.access import Actor
from services.video_ports import Entry, Offline, Picture, PlatformAlarm, Preset, Size, Stream, Turn, VideoError, Whereabouts
from services.viewing_ports import Answered, Camera, Piece

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


@dataclass
class FakePlatform:
    """Plays `urls` under a new session each time; `wrong` is what the next calls raise."""

    name: str = "hall"
    urls: Mapping[str, str] = field(default_factory=lambda: {"hls": "http://media.test/live/a.m3u8"})
    codec: str = "h264"
    expires_at: int | None = None
    wrong: VideoError | None = None
    asked: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def catalogue(self) -> Iterator[Sequence[Entry]]:
        yield ()

    def offers(self, channel: str) -> frozenset[str]:
        return frozenset({"playback", "snapshot"})

    def live(self, channel: str, size: Size = "main") -> Stream:
        return self._play(f"{channel} {size}")

    def playback(self, channel: str, start: int, end: int) -> Stream:
        return self._play(f"{channel} {start} {end}")

    def _play(self, what: str) -> Stream:
        self.asked.append(what)
        if self.wrong:
            raise self.wrong
        return Stream(f"session-{len(self.asked)}", self.urls, self.codec, self.expires_at)

    def stop(self, session: str) -> None:
        if self.wrong:
            raise self.wrong
        self.stopped.append(session)

    def turn(self, channel: str, turn: Turn) -> None:
        raise Offline

    def presets(self, channel: str) -> Sequence[Preset]:
        return ()

    def go_to(self, channel: str, preset: int) -> None:
        raise Offline

    def snapshot(self, channel: str) -> Picture:
        if self.wrong:
            raise self.wrong
        self.asked.append(f"{channel} snapshot")
        return Picture(JPEG)

    def alarms(self, since: int, until: int) -> Iterator[PlatformAlarm]:
        yield from ()

    def whereabouts(self) -> Iterator[Whereabouts]:
        yield from ()


class FakeCameras:
    """Cameras in memory; an actor with regions sees those of these regions."""

    def __init__(self, *cameras: Camera) -> None:
        self.held = {camera.camera_id: camera for camera in cameras}

    def one(self, actor: Actor, camera_id: str) -> Camera | None:
        found = self.held.get(camera_id)
        return found if found and actor.may("see_picture") and (not actor.regions or found.region in actor.regions) else None

    def for_wall(self, actor: Actor, at_most: int) -> Sequence[Camera]:
        return [one for one in self.held.values() if one.wall and self.one(actor, one.camera_id)][:at_most]


class FakeMedia:
    """A media server in memory: address -> content type and bytes."""

    def __init__(self, held: Mapping[str, tuple[str, bytes]]) -> None:
        self.held, self.hung_up = dict(held), list[str]()

    def offer(self, origins: frozenset[str], url: str, sdp: str) -> Answered:
        return Answered(f"answer to {sdp}", f"{url}/session")

    def hang_up(self, origins: frozenset[str], resource: str) -> None:
        self.hung_up.append(resource)

    def text(self, origins: frozenset[str], url: str) -> str:
        return self.held[url][1].decode()

    @contextmanager
    def stream(self, origins: frozenset[str], url: str) -> Iterator[Piece]:
        kind, content = self.held[url]
        yield Piece(kind, iter([content]))
