"""A context broker for tests: keeps the REST contract of listing entities, and has the faults of real ones."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.data_adapters.feeds.serving import QuietHandler, serving


class Broker:
    """Its entities, what it was asked, and the fault it has now: `down`, `slow`, `trickle`, `html`, `object`, `refuses`, `moved`, `cut`."""

    def __init__(self) -> None:
        self.entities: list[dict[str, Any]] = []
        self.fault = ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    def page(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        found = [one for one in self.entities if one["type"] == asked["type"]]
        offset, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", 20)), 1000)
        return found[offset : offset + limit]


@contextmanager
def running_broker(token: str = "") -> Iterator[Broker]:
    """A broker that wants this token, where there is one."""
    broker = Broker()

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(place.query).items()}
            broker.asked.append((place.path, {**asked, **{name.lower(): value for name, value in self.headers.items()}}))
            if token and self.headers.get("Authorization") != f"Bearer {token}":
                return self.answer(401, b"{}")
            if broker.fault:
                return self.fail(broker.fault, asked)
            return self.answer(200, json.dumps(broker.page(asked)).encode())

        def fail(self, fault: str, asked: dict[str, str]) -> None:
            if fault == "slow":
                time.sleep(1.5)
            plain = {"html": (200, b"<html>"), "object": (200, b"{}"), "refuses": (503, b""), "moved": (302, b""), "slow": (200, b"[]")}
            if fault in plain:
                return self.answer(*plain[fault])
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(20 if fault == "trickle" else 1):
                self.wfile.write(b"[")
                self.wfile.flush()
                time.sleep(0.1 if fault == "trickle" else 0)
            self.close_connection = True

        def answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as broker.url:
        yield broker
