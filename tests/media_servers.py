"""Real media for tests: ffmpeg makes moving pictures with a clock in them; nginx with its RTMP module makes HLS of them, ffmpeg itself
fragmented MP4, and aiortc (an implementation of WebRTC of its own) answers WHEP offers.

Each is a context manager that yields its address. `missing()` says what is not installed here.
"""

import asyncio
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

RTMP_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
PICTURES = ["-re", "-f", "lavfi", "-i", "testsrc=size={size}:rate=20"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-g", "10"]
NGINX = """
load_module {module};
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
{user}
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{rtmp}; application live {{
  live on; record off; hls on; hls_path {folder}/hls; hls_fragment 500ms; hls_playlist_length 6s;
}} }} }}
http {{
  access_log off;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{http}; root {folder}; types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; }} }}
}}
"""


def missing() -> str:
    """What these servers need and is not here; empty when all is."""
    lacks = [name for name in ("ffmpeg", "nginx") if not shutil.which(name) and not Path(f"/usr/sbin/{name}").exists()]
    lacks += [] if RTMP_MODULE.exists() else ["nginx's RTMP module (libnginx-mod-rtmp)"]
    lacks += [] if find_spec("aiortc") else ["aiortc"]
    return ", ".join(lacks)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pictures(size: str = "320x180", sound: bool = False) -> list[str]:
    """ffmpeg's arguments for pictures that move for ever. `sound`: nginx's module announces a track of sound whether or not there is one,
    and a browser waits for it."""
    heard = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100", "-c:a", "aac"] if sound else []
    return ["ffmpeg", "-loglevel", "error", "-nostdin", *[part.format(size=size) for part in PICTURES], *heard, *H264]


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process for as long as the block runs. It is asked to end: nginx takes its own children with it then, who would hold this
    process's output open for ever."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def hls_server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """nginx: RTMP in, HLS out. Yields the playlist's address and the process that sends the pictures."""
    rtmp, http = free_port(), free_port()
    (folder / "hls").mkdir(parents=True, mode=0o777)
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(module=RTMP_MODULE, folder=folder, rtmp=rtmp, http=http, user="user root;" if _is_root() else ""))
    with running([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(config), "-p", str(folder)]):
        wait_for(lambda: _listens(rtmp))
        with running([*pictures(sound=True), "-f", "flv", f"rtmp://127.0.0.1:{rtmp}/live/road"]) as sender:
            playlist = folder / "hls" / "road.m3u8"
            wait_for(lambda: playlist.exists() and playlist.read_text().count("#EXTINF") >= 3)
            yield f"http://127.0.0.1:{http}/hls/road.m3u8", sender


@contextmanager
def fmp4_server() -> Iterator[tuple[str, "Count"]]:
    """Each request gets pictures of its own as fragmented MP4. Yields the address and how many are being served."""
    served = Count()

    class Handler(_Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "video/mp4")
            self.end_headers()
            flags = ["-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", "pipe:1"]
            with subprocess.Popen([*pictures(), *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as made, served:
                served.makers.append(made)
                try:
                    while part := made.stdout.read1(65536):  # type: ignore[union-attr]
                        self.wfile.write(part)
                except OSError:
                    pass
                finally:
                    made.kill()

    with _serving(Handler) as port:
        yield f"http://127.0.0.1:{port}/live/road.mp4", served


@contextmanager
def whep_server() -> Iterator[tuple[str, "Count"]]:
    """aiortc answers offers with pictures. Yields the address and how many sessions are open."""
    import_module("aiortc")
    loop, sessions, held = asyncio.new_event_loop(), Count(), dict[str, Any]()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    class Handler(_Quiet):
        def do_POST(self) -> None:
            offer = self.rfile.read(int(self.headers["Content-Length"])).decode()
            name = f"/whep/{len(held)}"
            answer, held[name] = asyncio.run_coroutine_threadsafe(_answered(offer), loop).result(10)
            sessions.add(1)
            content = answer.encode()
            self.send_response(201)
            for key, value in {"Content-Type": "application/sdp", "Location": name, "Content-Length": str(len(content))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(content)

        def do_DELETE(self) -> None:
            peer = held.pop(self.path, None)
            if peer is not None:
                sessions.add(-1)
                asyncio.run_coroutine_threadsafe(peer.close(), loop).result(10)
            self.send_response(200 if peer is not None else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with _serving(Handler) as port:
        try:
            yield f"http://127.0.0.1:{port}/whep", sessions
        finally:
            for peer in held.values():
                asyncio.run_coroutine_threadsafe(peer.close(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)


async def _answered(offer: str) -> tuple[str, Any]:
    """The answer to an offer, and the peer that sends pictures."""
    from aiortc import RTCPeerConnection, RTCSessionDescription

    peer = RTCPeerConnection()
    await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    peer.addTrack(_counting())
    await peer.setLocalDescription(await peer.createAnswer())
    return peer.localDescription.sdp, peer


def _counting() -> Any:
    """A track whose pictures change with each frame."""
    import numpy
    from aiortc import MediaStreamTrack
    from av import VideoFrame

    class Counting(MediaStreamTrack):
        kind = "video"
        number = 0
        began: float | None = None

        async def recv(self) -> Any:
            self.began = self.began or time.monotonic()
            self.number += 1
            await asyncio.sleep(max(0.0, self.began + self.number / 15 - time.monotonic()))
            picture = numpy.full((180, 320, 3), 40, numpy.uint8)
            picture[:, (self.number * 8) % 320 :][:, :40] = (250, 200, self.number % 255)
            frame = VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = self.number * 6000, Fraction(1, 90_000)
            return frame

    return Counting()


class Count:
    """How many of something there are; as a context manager one more for the block."""

    def __init__(self) -> None:
        self.now, self.ever, self._lock = 0, 0, threading.Lock()
        self.makers: list[subprocess.Popen[bytes]] = []

    def add(self, many: int) -> None:
        with self._lock:
            self.now += many
            self.ever += max(0, many)

    def cut(self) -> None:
        """Kill whatever makes the pictures of those."""
        for maker in self.makers:
            maker.kill()

    def __enter__(self) -> None:
        self.add(1)

    def __exit__(self, *_: object) -> None:
        self.add(-1)


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...

    def problem(self, status: int) -> None:
        content = json.dumps({"status": status}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def wrong_server() -> Iterator[str]:
    """Addresses that fail in their own way: /slow never answers, /404 and the like answer so."""

    class Handler(_Quiet):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if "slow" in self.path:
                time.sleep(30)
            self.problem(int(self.path.rpartition("/")[2]) if self.path[-3:].isdigit() else 500)

        do_GET = do_POST = do_DELETE = answer

    with _serving(Handler) as port:
        yield f"http://127.0.0.1:{port}"


def wait_for(check: Any, within_s: float = 20.0) -> None:
    """Until `check` comes true. Raises AssertionError."""
    until = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < until, "it did not come up in time"
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_root() -> bool:
    import os

    return os.geteuid() == 0
