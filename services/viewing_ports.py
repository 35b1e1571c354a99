"""What watching needs from outside: the cameras in scope, the platforms, what is open, sealed addresses, and the media themselves."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from domain.access import Actor
from domain.viewing import Wanted
from services.video_ports import Stream, VideoPlatform


class Camera(NamedTuple):
    """A camera that can be watched. `wall`: whether its picture may be shown on a wall; `online` None: nobody knows; `offers`: words of
    services/video_ports.py, OFFERS."""

    camera_id: str
    name: str
    platform: str
    channel: str
    region: str = ""
    department: str = ""
    online: bool | None = None
    wall: bool = False
    demo: bool = False
    offers: frozenset[str] = frozenset()


class Cameras(Protocol):
    """The city's cameras."""

    def one(self, actor: Actor, camera_id: str) -> Camera | None:
        """One in the actor's scope; None outside of it as if it didn't exist."""

    def for_wall(self, actor: Actor, at_most: int) -> Sequence[Camera]:
        """Those in scope that may be shown on a wall, in the order in which the city wants them."""


class Opened(NamedTuple):
    """A viewing as it is written down. `session`: a hash of the session it belongs to; `resource`: the WebRTC session at the platform."""

    viewing_id: str
    stream_id: str
    username: str
    session: str
    camera_id: str
    wanted: Wanted
    incident_id: str | None
    face: str
    opened_at: int
    seen_at: int
    resource: str | None = None


class Playing(NamedTuple):
    """A stream that a platform plays for us. `stream` is None while it is being started."""

    stream_id: str
    platform: str
    camera_id: str
    key: str
    asked_at: int
    stream: Stream | None = None


class ViewingStore(Protocol):
    """What is open, for all web workers alike."""

    def claim(self, stream: Playing) -> bool:
        """Write down that a stream is being started; False when there is one of its camera and key already."""

    def playing(self, platform: str, camera_id: str, key: str, now: int) -> Playing | None:
        """The stream of this camera and key that is not stopped yet. Without its addresses while nobody can join it: it is being started
        or stopped, or its only player said that it is dead. One whose addresses are too old is left to those who watch it."""

    def started(self, stream_id: str, stream: Stream) -> bool:
        """It plays; False when it was given up meanwhile."""

    def failed(self, stream_id: str, code: str) -> None:
        """It did not start, and why."""

    def failure(self, stream_id: str) -> str | None:
        """Why a stream did not start; None where nothing is said."""

    def count(self, username: str) -> tuple[int, int]:
        """How many viewings this person has open, and all people."""

    def open(self, viewing: Opened) -> bool:
        """Write down a viewing; False when its stream was given up meanwhile."""

    def viewing(self, viewing_id: str) -> tuple[Opened, Playing] | None:
        """An open viewing and its stream."""

    def beat(self, viewing_ids: Sequence[str], session: str, now: int) -> Sequence[Opened]:
        """Those of this session that are still open, now seen at `now`."""

    def kept(self, viewing_id: str, resource: str) -> None:
        """The address of its WebRTC session at the platform."""

    def close(self, viewing_ids: Sequence[str], session: str, why: str, now: int) -> Sequence[Opened]:
        """Close those of this session that are open, and return them."""

    def close_silent(self, before: int, why: str, now: int) -> Sequence[Opened]:
        """Close those last heard of before a moment, and return them."""

    def doubt(self, viewing_id: str, session: str) -> None:
        """A player said that nothing flows: its stream is stopped as soon as nobody watches, and given to nobody new."""

    def unwatched(self, before: int, given_up: int, now: int) -> Sequence[Playing]:
        """Streams that nobody has used since `before`, and those asked for before `given_up` that never played: claimed for stopping.

        Without their addresses where there is nothing to stop: it never played, or another one shares its session."""

    def hang_ups(self) -> Sequence[tuple[frozenset[str], str]]:
        """The WebRTC sessions of closed viewings, each once: the stream's origins, and the session's address."""

    def stopped(self, stream_id: str, now: int) -> None:
        """The platform has been told."""

    def not_stopped(self, stream_id: str, again_at: int) -> None:
        """The platform could not be told; it is tried again."""

    def forget(self, before: int) -> None:
        """Delete what ended before a moment: the audit log keeps who watched what."""


class Seal(Protocol):
    """Texts that only this instance can make and read (encrypted and authenticated: HMAC-SHA256 with the instance's secret)."""

    def seal(self, facts: Mapping[str, Any], until: int) -> str:
        """A short text for an address, good until a moment."""

    def unseal(self, text: str, now: int) -> Mapping[str, Any] | None:
        """What was sealed; None for what is not ours, was changed, or is too old."""


class Piece(NamedTuple):
    """Media on their way: what they are, and their bytes as they come (a bounded part at a time)."""

    content_type: str
    parts: Iterator[bytes]


class Answered(NamedTuple):
    """A platform's answer to a WebRTC offer; `resource` is where that session can be ended."""

    sdp: str
    resource: str | None


class Media(Protocol):
    """Fetching from a platform's media server, with time-outs. `origins`: where this stream's media may come from (`host:port`), which are
    those of the addresses that the platform's adapter gave; nothing is asked of any other, and no redirection is followed."""

    def offer(self, origins: frozenset[str], url: str, sdp: str) -> Answered:
        """Hand in a WebRTC offer. Raises VideoError."""

    def hang_up(self, origins: frozenset[str], resource: str) -> None:
        """End a WebRTC session; one that is gone is no error. Raises VideoError."""

    def text(self, origins: frozenset[str], url: str) -> str:
        """A playlist. Raises VideoError."""

    def stream(self, origins: frozenset[str], url: str) -> AbstractContextManager[Piece]:
        """Media of any length. Raises VideoError."""


PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str | None:
    """`host:port` of an http(s) address; None for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    return f"{parts.hostname}:{port}" if parts.scheme in PORTS and parts.hostname and port else None


def origins_of(urls: Mapping[str, str]) -> frozenset[str]:
    """Where a stream's media may come from."""
    return frozenset(origin for origin in map(origin_of, urls.values()) if origin)


Platforms = Mapping[str, VideoPlatform]
"""Name in video.yaml -> platform."""
