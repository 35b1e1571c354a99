"""A producer of GTFS Realtime for tests: keeps what HTTP says of ETag and Last-Modified, wants a key, and has the faults of real ones."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from tests.data_adapters.feeds.serving import QuietHandler, serving


class Producer:
    """What it has under each path, the fault of each path (`refuses`, `moved`, `slow`, `huge`), and what it was asked and answered."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        self.validator = "ETag"
        self.answered: list[tuple[str, int]] = []
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def says(self, path: str) -> str:
        """The value of its validator for what it has there now."""
        number = sum(self.content[path]) % 28
        return f'"{number}"' if self.validator == "ETag" else f"Sun, {number + 1:02} Nov 2026 00:00:00 GMT"


@contextmanager
def running_producer() -> Iterator[Producer]:
    """On a free port of this machine."""
    producer = Producer()

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            producer.asked.append({**dict(self.headers), **{f"?{name}": said[0] for name, said in parse_qs(place.query).items()}})
            fault = producer.faults.get(place.path, "")
            if fault == "slow":
                time.sleep(0.8)
            refused = {"refuses": 503, "moved": 302}.get(fault)
            if refused:
                return self.answer(place.path, refused, b"")
            asked = self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since")
            if asked and asked == producer.says(place.path):
                return self.answer(place.path, 304, b"")
            return self.answer(place.path, 200, b"x" * 9_000_000 if fault == "huge" else producer.content[place.path])

        def answer(self, path: str, status: int, content: bytes) -> None:
            producer.answered.append((path, status))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 200 and producer.validator:
                self.send_header(producer.validator, producer.says(path))
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as producer.url:
        yield producer
