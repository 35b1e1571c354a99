"""Many screens in one process, for the fan-out bench: it only looks for where a frame begins and ends, so that it is not what is late.

    python bench/screen_reader.py < (one line of JSON: port, tokens, callback) ; prints `ready`, then takes a second line: from, until

Each screen is an open /live. With `callback` (the slow lane's, of /_dash-dependencies) it also asks for its panels as live.js does: two
to two and a half seconds after a change, on a connection of its own, telling what is on its page. The last line is one JSON object.
"""

import json
import random
import re
import select
import selectors
import socket
import sys
import time
from typing import Any

from publisher import now

HEAD = re.compile(rb'event: delta\nid: [^\n]*\ndata: \{"epoch":"[^"]*","version":\d+,"at":(\d+)')
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)
STAMPS = re.compile(rb'"slow-lane":\{"data":(\{[^}]*\})')
END, TAIL, PAUSE_S, JITTER_S = b"\n\n\r\n", 300, 2.0, 0.5
PANELS = ("header", "figures", "map", "alarms", "trends", "towns", "feeds")
buffer = bytearray(1 << 20)


class Live:
    """One open /live: how late each frame's last byte was, and how many bytes came."""

    def __init__(self, port: int, token: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(f"GET /live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.late: list[tuple[int, int]] = []
        self.bytes, self.begun = 0, False
        self.panels: Panels | None = None
        self._made: int | None = None
        self._tail = b""

    def hear(self) -> None:
        """Take what has come."""
        size = self.socket.recv_into(buffer)
        at = now()
        if not size:
            raise ConnectionError("the server ended a screen's stream")
        data = self._tail + buffer[:size]
        ended = data.endswith(END)
        self.bytes += size
        for found in HEAD.finditer(data):
            self._frame(at)
            self._made = int(found[1])
        if ended:
            self._frame(at)
            self.begun = True
        self._tail = b"" if ended or self._made else bytes(data[-TAIL:])

    def _frame(self, at: int) -> None:
        """The frame that was begun has come whole."""
        if self._made is not None:
            self.late.append((at, at - self._made))
            if self.panels is not None:
                self.panels.changed()
        self._made = None


class Panels:
    """A screen's slow lane."""

    def __init__(self, port: int, token: str, callback: dict[str, Any], chosen: selectors.BaseSelector) -> None:
        self.socket: socket.socket | None = None
        self._port, self._token, self._callback, self._chosen = port, token, callback, chosen
        self.took: list[tuple[int, int]] = []
        self.due: float | None = None
        self._asked, self._answer, self._stamps, self._n = 0, b"", {}, 0

    def changed(self) -> None:
        """Something has changed: ask a little later, once."""
        if self.due is None and not self._asked:
            self.due = time.monotonic() + PAUSE_S + JITTER_S * random.random()

    def ask(self) -> None:
        """Send what Dash's renderer sends."""
        self.due, self._asked, self._n = None, now(), self._n + 1
        values = {"live-cursor.data": {"cursor": f"bench-{self._n}"}, "slow-lane.data": self._stamps, "url.search": ""}
        slots = [{"id": {"type": "panel", "page": "big", "name": name}, "property": "children"} for name in PANELS]
        sides = {
            side: [{**one, "value": values.get(f"{one['id']}.{one['property']}")} for one in self._callback[side]]
            for side in ("inputs", "state")
        }
        outputs = [slots, {"id": "slow-lane", "property": "data"}]
        question = {"output": self._callback["output"], "outputs": outputs, **sides, "changedPropIds": ["live-cursor.data"]}
        body = json.dumps(question).encode()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self._port))
            self._chosen.register(self.socket, selectors.EVENT_READ, self)
        head = f"POST /_dash-update-component HTTP/1.1\r\nHost: bench\r\nCookie: citydeck_session={self._token}\r\n"
        self.socket.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def hear(self) -> None:
        """Take what has come of the answer; the server closes connections that have been idle."""
        assert self.socket is not None
        try:
            size = self.socket.recv_into(buffer)
        except ConnectionResetError:
            size = 0
        if not size:
            return self._closed()
        self._answer += buffer[:size]
        head, ended, body = self._answer.partition(b"\r\n\r\n")
        found = LENGTH.search(head + b"\r\n")
        if not ended or not found or len(body) < int(found[1]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the slow lane answered {head[:60]!r}")
        if stamps := STAMPS.search(body):
            self._stamps = json.loads(stamps[1])
        self.took.append((self._asked, now() - self._asked))
        self._answer, self._asked = b"", 0

    def _closed(self) -> None:
        """An idle connection's end; as browsers do, ask again on another one when it met a question on its way."""
        assert self.socket is not None
        self._chosen.unregister(self.socket)
        self.socket.close()
        self.socket = None
        if self._asked:
            self.ask()


def serve(lives: list[Live], until_ms: float, chosen: selectors.BaseSelector) -> None:
    """Read everything that comes until then."""
    panels = [live.panels for live in lives if live.panels is not None]
    while (left := until_ms - now()) > 0:
        for key, _ in chosen.select(min(left, 20) / 1000):
            key.data.hear()
        at = time.monotonic()
        for one in panels:
            if one.due is not None and one.due <= at:
                one.ask()


def main() -> None:
    """Open, wait to be told the time, read, tell."""
    given = json.loads(sys.stdin.readline())
    chosen, lives = selectors.DefaultSelector(), []
    for token in given["tokens"]:
        live = Live(given["port"], token)
        if given["callback"]:
            live.panels = Panels(given["port"], token, given["callback"], chosen)
        chosen.register(live.socket, selectors.EVENT_READ, live)
        lives.append(live)
        serve(lives, now() + 5, chosen)
    while not all(live.begun for live in lives):
        serve(lives, now() + 100, chosen)
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        serve(lives, now() + 100, chosen)
    span = json.loads(sys.stdin.readline())
    serve(lives, span["from"], chosen)
    for live in lives:
        live.bytes = 0
    serve(lives, span["until"], chosen)
    counted = [[ms for at, ms in live.late if at >= span["from"]] for live in lives]
    asked = [ms for live in lives if live.panels for at, ms in live.panels.took if at >= span["from"]]
    print(json.dumps({"late": counted, "bytes": sum(live.bytes for live in lives), "panels": asked}))


if __name__ == "__main__":
    main()
