"""Who receives notices in tests: a real SMTP server, and an HTTP receiver that fails half of the time."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class Letters:
    """Keeps whom the SMTP server was given letters for; takes `takes_s` for each."""

    def __init__(self, takes_s: float = 0.0) -> None:
        self.to: Counter[str] = Counter()
        self._takes_s = takes_s

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        time.sleep(self._takes_s)
        self.to.update(envelope.rcpt_tos)
        return "250 kept"


@contextmanager
def smtp_server(takes_s: float = 0.0) -> Iterator[tuple[Letters, int]]:
    """The letters, and the port."""
    letters = Letters(takes_s)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    yield letters, port
    server.stop()


@contextmanager
def moody_receiver() -> Iterator[tuple[Counter[str], int]]:
    """Paths it took, and its port; every other request to a path, beginning with the first, is answered with 503."""
    heard: Counter[str] = Counter()
    asked: Counter[str] = Counter()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked[self.path] += 1
            fails = asked[self.path] % 2 == 1
            if not fails:
                heard[self.path] += 1
            self.send_response(503 if fails else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield heard, server.server_address[1]
    server.shutdown()
