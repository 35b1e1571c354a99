"""The pictures of the demo city's cameras: clips that were drawn (config/demo/video), served on the loopback as if they were live, and as
if they had been recorded.

Each is twelve seconds in six pieces of fragmented MP4, played round and round: the pieces' times are written anew, so that the picture
goes on without a seam. Made by ffmpeg: moving boxes with the words 演示画面 (`drawtext`), `libx264`, a key frame every two seconds, `-f hls
-hls_segment_type fmp4`.

Most cameras give their pictures themselves: /SCENE/…. Those of the media server come by it: /live/CAMERA/… as long as they are on, and it
hears who watches; /index/api/… is its own interface. A still of each scene is drawn too, with the words 演示数据: still.jpg; the recorder
that watches fences has one of what it saw, at the address of its interface: /api/events/….
"""

import csv
import io
import json
import re
import struct
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from data_adapters.demo.viewers import Viewers

FOLDER = Path(__file__).parents[2] / "config" / "demo" / "video"
SCENES = ("road", "square")
PIECES, PIECE_S, TIMESCALE = 6, 2.0, 12_288
WINDOW = 4
"""Pieces in a playlist."""
AHEAD = 2
"""Pieces that a stream is given at once."""
PATH = re.compile(
    r"/(?:(road|square)|live/([A-Za-z0-9-]{1,64}))/(index\.m3u8|init\.mp4|stream\.mp4|still\.jpg|\d{1,9}\.m4s|past-\d{1,4}\.(?:m3u8|mp4))\Z"
)
SNAPSHOT = re.compile(r"/api/events/[0-9]{1,12}\.[0-9]{6}-[a-z]{6}/snapshot\.jpg\Z")
"""Of what the recorder saw (data_adapters/demo/platforms/frigate.py)."""
SEEN, STILL = "fence", "still.jpg"
STREAMS = {"hls": "index.m3u8", "fmp4": "stream.mp4", "past_hls": "past-{seconds}.m3u8", "past_fmp4": "past-{seconds}.mp4"}
"""Column of the list -> address."""
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "mp4": "video/mp4", "m4s": "video/iso.segment", "jpg": "image/jpeg"}


def init(scene: str) -> bytes:
    """What stands before the pieces."""
    return (FOLDER / scene / "init.mp4").read_bytes()


def piece(scene: str, number: int) -> bytes:
    """A piece of the endless clip: its time (`tfdt`, ISO/IEC 14496-12 8.8.12) is where it stands in it."""
    content = bytearray((FOLDER / scene / f"{number % PIECES}.m4s").read_bytes())
    at = content.index(b"tfdt") + 4
    if content[at] != 1:
        raise ValueError(f"{scene}: expected a time of 64 bits")
    struct.pack_into(">Q", content, at + 4, round(number * PIECE_S * TIMESCALE))
    return bytes(content)


def still(scene: str) -> bytes:
    """A JPEG."""
    return (FOLDER / scene / STILL).read_bytes()


def playlist(newest: int) -> str:
    """A live playlist (RFC 8216) that ends with this piece."""
    first = max(0, newest - WINDOW + 1)
    head = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:2", f"#EXT-X-MEDIA-SEQUENCE:{first}", '#EXT-X-MAP:URI="init.mp4"']
    return "\n".join([*head, *(f"#EXTINF:{PIECE_S:.3f},\n{number}.m4s" for number in range(first, newest + 1))]) + "\n"


def recording(seconds: int) -> str:
    """The playlist of a recording of this length: it has an end."""
    head = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:2", "#EXT-X-PLAYLIST-TYPE:VOD", '#EXT-X-MAP:URI="init.mp4"']
    pieces = [f"#EXTINF:{PIECE_S:.3f},\n{number}.m4s" for number in range(ceil(seconds / PIECE_S))]
    return "\n".join([*head, *pieces, "#EXT-X-ENDLIST"]) + "\n"


def recorded(scene: str, seconds: int) -> Iterator[bytes]:
    """The same in one piece, as fast as it is taken."""
    yield init(scene)
    for number in range(ceil(seconds / PIECE_S)):
        yield piece(scene, number)


def endless(scene: str, pause: Callable[[float], object] = time.sleep) -> Iterator[bytes]:
    """The clip as one stream, as fast as it is watched."""
    yield init(scene)
    number = 0
    while True:
        yield piece(scene, number)
        number += 1
        if number > AHEAD:
            pause(PIECE_S)


class Relay(Protocol):
    """A media server that has some of the streams (data_adapters/demo/platforms/zlmediakit.py). Times: epoch ms."""

    @property
    def streams(self) -> Sequence[str]:
        """The cameras that it has."""
        ...

    @property
    def viewers(self) -> Viewers:
        """Who watches them."""
        ...

    def on_air(self, stream: str, now: int) -> bool:
        """Whether it has this stream."""
        ...

    def answer(self, what: str, asked: Mapping[str, str], now: int) -> Mapping[str, Any] | None:
        """Its answer to /index/api/WHAT; None for what it does not answer."""
        ...


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    relay: Relay | None = None


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    began = time.monotonic()

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        wanted, relay = PATH.match(self.path), self.server.relay
        if SNAPSHOT.match(self.path):
            with suppress(OSError):
                return self._send(SEEN, STILL)
        if wanted is None:
            return self._answer(relay)
        scene, stream, name = wanted.groups()
        with suppress(OSError):
            if stream is None:
                self._send(scene, name)
            elif relay is not None and relay.on_air(stream, _now()):
                self._relayed(relay, stream, name)
            else:
                self._missed(relay, stream)

    def _relayed(self, relay: Relay, stream: str, name: str) -> None:
        scene = SCENES[relay.streams.index(stream) % len(SCENES)]
        if name == "index.m3u8":
            relay.viewers.listed(stream, _now())
        with relay.viewers.connected(stream) if name == "stream.mp4" else nullcontext():
            self._send(scene, name)

    def _missed(self, relay: Relay | None, stream: str) -> None:
        if relay is not None and stream in relay.streams:
            relay.viewers.miss(stream)
        self.send_error(404)

    def _answer(self, relay: Relay | None) -> None:
        asked = urlsplit(self.path)
        what = asked.path.removeprefix("/index/api/")
        said = relay.answer(what, dict(parse_qsl(asked.query)), _now()) if relay and what != asked.path else None
        if said is None:
            return self.send_error(404)
        with suppress(OSError):
            self._begin("application/json")
            self.wfile.write(json.dumps(said).encode())

    def _send(self, scene: str, name: str) -> None:
        self._begin(TYPES[name.rpartition(".")[2]])
        for part in self._parts(scene, name):
            self.wfile.write(part)

    def _begin(self, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.end_headers()

    def _parts(self, scene: str, name: str) -> Iterator[bytes]:
        newest = WINDOW + int((time.monotonic() - self.began) / PIECE_S)
        if name == "stream.mp4":
            yield from endless(scene)
        elif name == "index.m3u8":
            yield playlist(newest).encode()
        elif name == STILL:
            yield still(scene)
        elif name.startswith("past-"):
            seconds, kind = name.removeprefix("past-").split(".")
            yield from [recording(int(seconds)).encode()] if kind == "m3u8" else recorded(scene, int(seconds))
        else:
            yield init(scene) if name == "init.mp4" else piece(scene, int(name[:-4]))


def serve(relay: Relay | None = None) -> str:
    """Begin to serve the clips, until the process ends; returns their address. `relay`: the media server that has some of them."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.relay = relay
    threading.Thread(target=server.serve_forever, name="clips", daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def give_streams(file: Path, base: str, relayed: Collection[str] = ()) -> None:
    """Write into the list of cameras where each one's pictures are; the platform reads the list again. `relayed`: those that come by the
    media server."""
    with file.open(encoding="utf-8", newline="") as held:
        rows = list(csv.DictReader(held))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*dict.fromkeys((*(rows[0] if rows else ()), *STREAMS, "picture"))])
    writer.writeheader()
    for number, row in enumerate(rows):
        scene = SCENES[number % len(SCENES)]
        place = f"live/{row['channel']}" if row["channel"] in relayed else scene
        streams = {way: f"{base}/{place}/{name}" for way, name in STREAMS.items()}
        writer.writerow({**row, **streams, "picture": f"{base}/{scene}/{STILL}"})
    fresh = file.with_suffix(".fresh")
    fresh.write_text(out.getvalue(), encoding="utf-8", newline="")
    fresh.replace(file)


def _now() -> int:
    return time.time_ns() // 1_000_000
