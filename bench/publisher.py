"""The city's devices for the benches: messages at a rate over a few MQTT connections, made as bytes, so that the load itself costs little.

    python bench/publisher.py mqtt://user:password@host:port RATE SECONDS CONNECTIONS

Devices d20, d21, … each send one value in turn with QoS 1, at most WINDOW unanswered on a connection: NATS stores what has come
together before it answers any of it, and cuts a connection that it kept waiting for 5 s. When each has spoken once (after a start
ingest looks up the past of each) and SETTLE_S are over, SECONDS begin, and the probes d0 … d19, on a connection of their own, send
numbers that never come again. The last line is one JSON object.
"""

import json
import random
import select
import socket
import struct
import sys
import time
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

DEVICES, PROBES, WINDOW, PROBE_EVERY_S, SETTLE_S = 10_000, 20, 100, 0.2, 5


def now() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


def _packet(head: int, body: bytes) -> bytes:
    """An MQTT 3.1.1 packet with its length before it, seven bits a byte."""
    length, left = b"", len(body)
    while left > 127:
        length, left = length + bytes([left & 127 | 128]), left >> 7
    return bytes([head]) + length + bytes([left]) + body


def _text(text: bytes) -> bytes:
    return struct.pack(">H", len(text)) + text


class Gateway:
    """One connection: QoS 1, what is unanswered, and when the last answers came."""

    def __init__(self, url: str, name: str) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 1883), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        who = [unquote(part or "").encode() for part in (parts.username, parts.password)]
        self.socket.sendall(_packet(0x10, b"\x00\x04MQTT\x04\xc2\x00\x00" + b"".join(map(_text, [name.encode(), *who]))))
        if self.socket.recv(4)[3:] != b"\x00":
            raise ConnectionError("the broker refused the connection")
        self.socket.setblocking(False)
        self.sent = self.acknowledged = 0
        self.answered_at: dict[int, int] = {}
        self._out, self._in = bytearray(), b""

    @property
    def open(self) -> bool:
        """Whether one more message may be unanswered."""
        return self.sent - self.acknowledged < WINDOW

    def put(self, device: int, metric: str, value: int) -> int:
        """A message with the present time, to go out with the next `turn`; returns that time."""
        at, self.sent = now(), self.sent + 1
        body = _text(f"city/v1/devices/d{device}/telemetry".encode()) + struct.pack(">H", self.sent % 65_535 + 1)
        self._out += _packet(0x32, body + f'{{"at":{at},"values":{{"{metric}":{value}}}}}'.encode())
        return at

    def turn(self) -> None:
        """Send what the socket takes, hear what has been answered (PUBACK: four bytes each, in order)."""
        if self._out:
            with_room = select.select([], [self.socket], [], 0)[1]
            if with_room:
                del self._out[: self.socket.send(self._out)]
        while select.select([self.socket], [], [], 0)[0]:
            data = self.socket.recv(65_536)
            if not data:
                raise ConnectionError("the broker hung up")
            self._in += data
            for _ in range(len(self._in) // 4):
                self.acknowledged += 1
                self.answered_at[self.acknowledged] = now()
            self._in = self._in[len(self._in) // 4 * 4 :]


class Load:
    """The devices that are no probes, each in turn, at `rate` messages a second over several connections."""

    def __init__(self, url: str, rate: float, connections: int) -> None:
        self.lines, self.rate, self.n = [Gateway(url, f"bench-{n}") for n in range(connections)], rate, 0

    def run(self, seconds: float, most: int | None = None, beside: Callable[[float], None] = lambda passed: None) -> float:
        """Publish for `seconds` or until `most` messages went out; returns the rate that was acknowledged."""
        started, first, before = time.monotonic(), self.n, sum(line.acknowledged for line in self.lines)
        while (passed := time.monotonic() - started) < seconds and (most is None or self.n - first < most):
            while self.n - first < int(self.rate * passed) and (line := self.lines[self.n % len(self.lines)]).open:
                line.put(PROBES + self.n % (DEVICES - PROBES), "pm25", 20 + self.n % 97)
                self.n += 1
            beside(passed)
            for line in self.lines:
                line.turn()
            time.sleep(0.004)
        return (sum(line.acknowledged for line in self.lines) - before) / passed


class Probes:
    """Sends a new number every PROBE_EVERY_S from the next probe in turn."""

    def __init__(self, url: str) -> None:
        self.line, self.sent_at, self._next = Gateway(url, "bench-probe"), list[int](), 0.0

    def turn(self, passed: float) -> None:
        """Send when it is time; hear."""
        if passed >= self._next:
            self._next = passed + PROBE_EVERY_S * random.uniform(0.75, 1.25)
            self.sent_at.append(self.line.put(len(self.sent_at) % PROBES, "pm10", len(self.sent_at) + 1))
        self.line.turn()

    def told(self) -> dict[int, tuple[int, int | None]]:
        """For each number when it was sent and when acknowledged, after waiting a little for the last ones."""
        until = time.monotonic() + 5
        while self.line.acknowledged < self.line.sent and time.monotonic() < until:
            self.line.turn()
            time.sleep(0.004)
        return {number: (at, self.line.answered_at.get(number)) for number, at in enumerate(self.sent_at, 1)}


def main(url: str, rate: float, seconds: float, connections: int) -> None:
    """Everybody once, then the measured time."""
    load, probes = Load(url, rate, connections), Probes(url)
    load.run(60, DEVICES)
    load.run(SETTLE_S)
    reached = load.run(seconds, beside=probes.turn)
    print(json.dumps({"reached": reached, "probes": probes.told()}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
