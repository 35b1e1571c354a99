"""The receiving lane of an ingest worker: PUBLISH packets taken out of paho's stream, acknowledgements written in one piece.

paho keeps the connection (connect, subscribe, keep-alive, reconnect). What it does for each single message is kept out of its way: a
`select`, three reads and one write, each giving the interpreter away to the other thread, and a message object with a lock of its own.
That cost more than storing the message. So `Stream` stands between paho and the socket, as the wrapper of a TLS or web socket would:
it reads what there is, takes the PUBLISH packets of QoS 0 and 1 out of it and gives paho the rest, in the order of the stream.
Packets: MQTT 3.1.1 (OASIS), 2.2 fixed header, 3.3 PUBLISH, 3.4 PUBACK.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

READ_BYTES = 65_536
PUBLISH, KIND_AND_QOS_2, DUP, QOS_1, RETAIN = 0x30, 0xF4, 0x08, 0x02, 0x01
PUBACK = b"\x40\x02"
MORE, LENGTH_BYTES = 0x80, 4


class Published(NamedTuple):
    """One PUBLISH packet. `flags` holds DUP, QOS_1 and RETAIN; `mid` is 0 at QoS 0."""

    flags: int
    topic: str
    mid: int
    payload: bytes


Deliver = Callable[[list[Published]], None]


class Stream:
    """A socket for paho that delivers PUBLISH packets itself. Reading belongs to paho's thread, `acknowledge` to any."""

    def __init__(self, sock: Any, deliver: Deliver) -> None:
        self._sock, self._deliver = sock, deliver
        self._lock = threading.Lock()  # a TLS socket must not be read and written at once
        self._read = b""
        self._for_paho = b""
        self._unread = False
        self._unsent = b""

    def recv(self, size: int) -> bytes:
        """The next bytes of packets that paho handles. Raises what a socket raises: BlockingIOError when there are none."""
        if not self._for_paho:
            if not self._unread:
                with self._lock:
                    more = self._sock.recv(READ_BYTES)
                if not more:
                    return b""
                self._read += more
            self._take_apart()
        if not self._for_paho:
            raise BlockingIOError
        given, self._for_paho = self._for_paho[:size], self._for_paho[size:]
        return given

    def _take_apart(self) -> None:
        """Deliver what stands before the first packet of another kind, which paho must see before anything behind it comes."""
        published, self._for_paho, end = split(self._read)
        self._read, self._unread = self._read[end:], bool(self._for_paho)
        if published:
            self._deliver(published)

    def pending(self) -> int:
        """How many bytes can be read without the socket's becoming readable; paho asks before it waits."""
        if self._for_paho or self._unread:
            return len(self._for_paho) + len(self._read)
        return int(self._sock.pending()) if hasattr(self._sock, "pending") else 0

    def send(self, packet: bytes) -> int:
        """Take the whole packet. What the socket has no room for goes with the next one, so that no other comes between its bytes."""
        with self._lock:
            self._unsent += packet
            self._send()
        return len(packet)

    def _send(self) -> None:
        try:
            while self._unsent:
                self._unsent = self._unsent[self._sock.send(self._unsent) :]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return

    def acknowledge(self, mids: Sequence[int]) -> None:
        """Send the PUBACK packets of `mids`. A broken connection is paho's to notice: the broker sends the messages again."""
        try:
            self.send(b"".join([PUBACK + mid.to_bytes(2, "big") for mid in mids]))
        except OSError:
            return

    def fileno(self) -> int:
        """For select."""
        return int(self._sock.fileno())

    def setblocking(self, flag: bool) -> None:
        """As a socket's."""
        self._sock.setblocking(flag)

    def close(self) -> None:
        """As a socket's."""
        self._sock.close()


class StreamClient(paho.Client):
    """paho's client on a `Stream`; messages go to `deliver`, never to on_message."""

    def __init__(self, client_id: str, deliver: Deliver) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id, clean_session=False, manual_ack=True)
        self._deliver = deliver

    def _create_socket(self) -> Any:
        made = super()._create_socket()
        if isinstance(made, socket.socket) and made.family != socket.AF_UNIX:
            # A block of acknowledgements must not wait for the broker's answer to the one before.
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Stream(made, self._deliver)

    def acknowledge(self, mids: Sequence[int]) -> None:
        """Tell the broker that these messages are safe, where we are still connected."""
        stream = self.socket()
        if isinstance(stream, Stream) and mids:
            stream.acknowledge(mids)


def split(data: bytes) -> tuple[list[Published], bytes, int]:
    """Take `data` apart: the PUBLISH packets it begins with, then one packet for paho if there is one, and where what is left begins."""
    published: list[Published] = []
    start, end = 0, len(data)
    while start + 1 < end:
        length, body = data[start + 1], start + 2
        if length >= MORE:
            length, body = _long_length(data, body)
        after = body + length
        if not body or after > end:
            break
        one = _published(data, start, body, after)
        if one is None:
            return published, data[start:after], after
        published.append(one)
        start = after
    return published, b"", start


def _long_length(data: bytes, at: int) -> tuple[int, int]:
    """The length that began in the byte before `at`, and where the body begins; 0 there while the length is not complete.

    One of more than four bytes is no MQTT: the packet ends there, and paho refuses it.
    """
    length, shift = data[at - 1] & ~MORE, 7
    for byte in data[at : at + 3]:
        length |= (byte & ~MORE) << shift
        at, shift = at + 1, shift + 7
        if byte < MORE:
            return length, at
    return (1, at) if shift == 28 else (0, 0)


def _published(data: bytes, start: int, body: int, after: int) -> Published | None:
    """The message, or None for what paho shall handle: other packets, QoS 2, and what breaks the protocol."""
    flags = data[start]
    if flags & KIND_AND_QOS_2 != PUBLISH or after < body + 2:
        return None
    ends = body + 2 + (data[body] << 8 | data[body + 1])
    payload = ends + (flags & QOS_1)
    if payload > after:
        return None
    mid = data[ends] << 8 | data[ends + 1] if flags & QOS_1 else 0
    return Published(flags, data[body + 2 : ends].decode(errors="replace"), mid, data[payload:after])
