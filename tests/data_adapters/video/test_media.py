"""Media are fetched from the stream's own origins alone, in bounded parts, and every failure has its name."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from data_adapters.feeds.asking import CHUNK
from data_adapters.video import media
from data_adapters.video.media import HttpMedia
from services.video_ports import BadAnswer, NoRight, NoStream, PlatformAway, PlatformRefused, TimedOut, VideoError
from services.viewing_ports import origins_of

SDP = "v=0\r\n"


class Server(BaseHTTPRequestHandler):
    """Answers by its path."""

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        status = int(self.path[1:]) if self.path[1:].isdigit() else 200
        body = {"/large": b"x" * (media.LARGEST_TEXT + 1), "/media": b"m" * (3 * CHUNK + 5)}.get(self.path, b"#EXTM3U\n")
        if self.path == "/silent":
            threading.Event().wait(1.0)
        self.answer(status, body, {"Location": "http://127.0.0.1:1/"} if status == 302 else {})

    def do_POST(self) -> None:
        offer = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert self.headers["Content-Type"] == "application/sdp" and offer == SDP
        if self.path == "/zlm":
            return self.answer(200, json.dumps({"code": 0, "sdp": "answer"}).encode(), {"Content-Type": "application/json"})
        if self.path == "/zlm-dead":
            return self.answer(200, json.dumps({"code": -400, "msg": "stream not found"}).encode(), {"Content-Type": "application/json"})
        place = "http://elsewhere.test/1" if self.path == "/leads-away" else "/sessions/1"
        return self.answer(201, b"answer", {"Content-Type": "application/sdp", "Location": place})

    def do_DELETE(self) -> None:
        self.answer(404 if self.path == "/gone" else 200, b"", {})

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_an_offer_is_answered_as_whep_and_as_zlmediakit_answer(url):
    origins = origins_of({"whep": url + "/whep"})
    found = HttpMedia().offer(origins, url + "/whep", SDP)
    assert found.sdp == "answer" and found.resource == url + "/sessions/1"
    assert HttpMedia().offer(origins, url + "/zlm", SDP).sdp == "answer"
    with pytest.raises(NoStream):
        HttpMedia().offer(origins, url + "/zlm-dead", SDP)
    with pytest.raises(BadAnswer):
        HttpMedia().offer(origins, url + "/leads-away", SDP)


def test_nothing_is_asked_of_another_host_port_or_scheme(url):
    origins = origins_of({"hls": url + "/x", "rtsp": "rtsp://127.0.0.1/x"})
    for place in ("http://127.0.0.1:1/", "http://localhost/", "file:///etc/passwd", "rtsp://127.0.0.1/x", "http://[::1", url[:-1] + "/"):
        with pytest.raises(BadAnswer):
            HttpMedia().text(origins, place)


@pytest.mark.parametrize(
    ("path", "wrong"), [("/401", NoRight), ("/403", NoRight), ("/404", NoStream), ("/500", PlatformRefused), ("/302", PlatformRefused)]
)
def test_a_failure_has_its_name_and_no_redirection_is_followed(url, path, wrong: type[VideoError]):
    with pytest.raises(wrong):
        HttpMedia().text(origins_of({"hls": url}), url + path)


def test_a_server_that_is_away_silent_or_endless_is_told_apart(url, monkeypatch):
    monkeypatch.setattr(media, "SILENT_S", 0.2)
    with pytest.raises(PlatformAway):
        HttpMedia().text(frozenset({"127.0.0.1:9"}), "http://127.0.0.1:9/")
    with pytest.raises(TimedOut):
        HttpMedia().text(origins_of({"hls": url}), url + "/silent")
    with pytest.raises(BadAnswer):
        HttpMedia().text(origins_of({"hls": url}), url + "/large")


def test_media_come_in_bounded_parts_and_a_session_that_is_gone_is_no_error(url):
    origins = origins_of({"hls": url})
    with HttpMedia().stream(origins, url + "/media") as piece:
        parts = list(piece.parts)
    assert max(map(len, parts)) <= CHUNK and sum(map(len, parts)) == 3 * CHUNK + 5
    HttpMedia().hang_up(origins, url + "/gone")
