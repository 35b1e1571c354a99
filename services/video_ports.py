"""What video needs from outside: platforms that list cameras, play them and turn them (data_adapters/video/<name>/).

A channel is the platform's own reference of one camera, opaque to everybody else. All places are WGS 84 degrees: an adapter converts at
its door. Times are epoch milliseconds. Every call ends within the platform's time-out; what goes wrong is one of the errors below.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from domain.cameras import PTZ as PTZ
from domain.cameras import TURNS as TURNS

Size = Literal["main", "sub"]
"""The large picture, and the small one of a mosaic; a camera with one stream gives that for both."""
WAYS = ("whep", "hls", "fmp4", "flv", "ws_flv", "rtsp")
"""How a stream can be fetched. `whep`: WebRTC by an offer and an answer; `flv`: HTTP-FLV. Browsers play the first three by themselves."""


OFFERS = ("playback", "snapshot")
"""What a camera may have beside its live picture: recordings, a still picture when asked."""


class VideoError(Exception):
    """What kept a picture away. `code` is the reason's name, `words` says it to a person in English; the screen has `video.failed.<code>`.

    `detail` is the platform's own statement, for the log: it holds no secret and is never shown unread.
    """

    code: ClassVar[str] = "failed"
    words: ClassVar[str] = "the picture could not be fetched"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.words}: {detail}" if detail else self.words)
        self.detail = detail


class Offline(VideoError):
    """The platform answers, its camera does not."""

    code, words = "offline", "the camera is offline"


class NoRight(VideoError):
    """The person, or CityDeck's account at the platform, may not."""

    code, words = "no_right", "there is no right to this camera"


class CodecNotSupported(VideoError):
    """The picture is there in a coding that a browser can't show (H.265 in most)."""

    code, words = "codec", "the browser can't show this coding"


class TimedOut(VideoError):
    """The platform, or the camera behind it, took longer than the platform's time-out."""

    code, words = "timed_out", "the platform took too long to answer"


class PlatformAway(VideoError):
    """The platform can't be reached."""

    code, words = "away", "the video platform can't be reached"


class PlatformRefused(VideoError):
    """The platform said no, and why stands in `detail`."""

    code, words = "refused", "the video platform refused"


class BadAnswer(VideoError):
    """The platform answered what nobody can read: a wrong type, too much, no JSON."""

    code, words = "bad_answer", "the video platform answered what can't be read"


class NoStream(VideoError):
    """The platform gave a stream, and nothing flows in it."""

    code, words = "no_stream", "the stream is dead"


class NotOffered(VideoError):
    """This platform or camera does not do that: no PTZ, no recordings."""

    code, words = "not_offered", "this camera does not offer that"


class UnknownChannel(VideoError):
    """The platform knows no such camera (any more)."""

    code, words = "unknown", "the platform does not know this camera"


class Busy(VideoError):
    """Somebody else holds it, or the platform plays no more at once."""

    code, words = "busy", "somebody else is using it"


ERRORS: Mapping[str, type[VideoError]] = {
    kind.code: kind
    for kind in (
        VideoError,
        Offline,
        NoRight,
        CodecNotSupported,
        TimedOut,
        PlatformAway,
        PlatformRefused,
        BadAnswer,
        NoStream,
        NotOffered,
        UnknownChannel,
        Busy,
    )
}
"""Code -> error."""


class Entry(NamedTuple):
    """One camera as a platform's catalogue has it.

    `code`: its GB/T 28181 code or "". `civil_code`: the division (GB/T 2260, two to eight digits) that the platform gives. `group`: names
    of the catalogue's groups above it, outermost first. `direction`: degrees clockwise from north; `field_of_view`: degrees; `range_m`:
    how far it sees; None where nobody knows. `ptz`: a word of PTZ. `vehicle`: the device that carries it, None for a fixed
    one; `device_id`: the register's device that it is, or None. `region`, `department`, `wall`
    (whether its picture may be shown on a wall): where the platform itself knows.
    """

    channel: str
    name: str
    online: bool
    code: str = ""
    civil_code: str = ""
    group: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    direction: float | None = None
    field_of_view: float | None = None
    range_m: float | None = None
    ptz: str = "unknown"
    codec: str = ""
    streams: tuple[str, ...] = ("main",)
    vehicle: str | None = None
    device_id: str | None = None
    region: str = ""
    department: str = ""
    wall: bool | None = None


class Stream(NamedTuple):
    """A stream that plays. `session` is what `stop` wants back (text, so that another process can stop it); `urls` maps a word of WAYS to
    the platform's own address, which never goes to a browser; `codec`: of the picture (`h264`, `h265`), "" where the platform says none;
    `expires_at`: epoch ms after which the addresses are no good, None: as long as it plays."""

    session: str
    urls: Mapping[str, str]
    codec: str = ""
    expires_at: int | None = None


class Turn(NamedTuple):
    """How fast to turn: each from -1 to 1 of the camera's own speed; right, up and in are positive; all 0 is: stand still."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0


class Preset(NamedTuple):
    """A view that the camera remembers."""

    number: int
    name: str


class Picture(NamedTuple):
    """One still picture, as the platform sent it: its reader checks that it is one."""

    content: bytes
    taken_at: int | None = None


class PlatformAlarm(NamedTuple):
    """An alarm in the platform's own words. `alarm_id` is its identity there; `facts` are JSON-able."""

    alarm_id: str
    channel: str
    at: int
    facts: Mapping[str, Any]


class Whereabouts(NamedTuple):
    """Where what carries a camera was, WGS 84."""

    vehicle: str
    at: int
    lon: float
    lat: float


class VideoPlatform(Protocol):
    """One platform (data_adapters/video/<name>/adapter.py). Every method may raise any VideoError."""

    name: str
    """Its name in video.yaml."""

    def catalogue(self) -> Iterator[Sequence[Entry]]:
        """All its cameras, page by page, so that a large catalogue is never held whole. It was whole only when it ends without an error."""

    def offers(self, channel: str) -> frozenset[str]:
        """Words of OFFERS: what is known to be there of this channel without asking anybody. Raises nothing."""

    def live(self, channel: str, size: Size = "main") -> Stream:
        """Begin to play what the camera sees."""

    def playback(self, channel: str, start: int, end: int) -> Stream:
        """Begin to play what was recorded from `start` to `end`."""

    def stop(self, session: str) -> None:
        """Nobody watches this stream any more. One that is not there (any more) is no error."""

    def turn(self, channel: str, turn: Turn) -> None:
        """Turn until told otherwise: the caller sends a Turn() to end it."""

    def presets(self, channel: str) -> Sequence[Preset]:
        """The views that it remembers."""

    def go_to(self, channel: str, preset: int) -> None:
        """Turn to a remembered view."""

    def snapshot(self, channel: str) -> Picture:
        """One still picture of now."""

    def alarms(self, since: int, until: int) -> Iterator[PlatformAlarm]:
        """Alarms of that time, oldest first."""

    def whereabouts(self) -> Iterator[Whereabouts]:
        """The latest position of each device that carries a camera and tells its place to the platform."""
