"""The receiving lane: what the broker's bytes become, however they are cut, and what goes back."""

import contextlib
import select
import socket
import ssl
import struct
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_adapters.certificates import make_certificate
from data_adapters.mqtt_stream import DUP, QOS_1, RETAIN, Published, Stream, split

CONNACK, PINGRESP = b"\x20\x02\x01\x00", b"\xd0\x00"


class Wire:
    """A socket that gives `chunks`, then nothing for now; it takes `room` bytes at a time."""

    def __init__(self, *chunks: bytes, room: int = 1_000_000) -> None:
        self.chunks, self.room, self.sent = list(chunks), room, b""

    def recv(self, _size: int) -> bytes:
        if not self.chunks:
            raise BlockingIOError
        return self.chunks.pop(0)

    def send(self, data: bytes) -> int:
        if not self.room:
            raise BlockingIOError
        taken, self.room = data[: self.room], max(0, self.room - len(data))
        self.sent += taken
        return len(taken)


def length(n: int) -> bytes:
    parts = [n & 127]
    while n := n >> 7:
        parts[-1] |= 128
        parts.append(n & 127)
    return bytes(parts)


def publish(message: Published) -> bytes:
    topic = message.topic.encode()
    body = struct.pack("!H", len(topic)) + topic + (struct.pack("!H", message.mid) if message.flags & QOS_1 else b"") + message.payload
    return bytes([message.flags]) + length(len(body)) + body


def read_all(stream: Stream) -> bytes:
    """What paho would read."""
    found = b""
    while True:
        try:
            part = stream.recv(1)
        except BlockingIOError:
            return found
        if not part:
            return found
        found += part


ONE = Published(0x30 | QOS_1, "city/v1/devices/d1/telemetry", 7, b'{"at": 1}')
MESSAGES = st.builds(
    lambda flags, topic, mid, payload: Published(0x30 | flags, topic, mid if flags & QOS_1 else 0, payload),
    st.sampled_from((0, RETAIN, QOS_1, QOS_1 | DUP, QOS_1 | RETAIN)),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.integers(1, 65535),
    st.binary(max_size=20_000),
)


@given(st.lists(MESSAGES | st.sampled_from((CONNACK, PINGRESP)), max_size=12), st.data())
def test_every_message_arrives_whole_and_paho_gets_the_rest_however_the_bytes_are_cut(packets, data):
    wire = b"".join(one if isinstance(one, bytes) else publish(one) for one in packets)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    chunks = [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True) if a < b]
    came: list[Published] = []
    stream, paho = Stream(Wire(*chunks), came.extend), b""
    for _ in range(len(chunks) + 1):
        paho += read_all(stream)
    assert came == [one for one in packets if not isinstance(one, bytes)]
    assert paho == b"".join(one for one in packets if isinstance(one, bytes))


def test_what_stands_behind_the_connection_answer_waits_until_paho_has_read_it():
    came: list[Published] = []
    stream = Stream(Wire(CONNACK + publish(ONE)), came.extend)
    assert stream.recv(4) == CONNACK
    assert came == [] and stream.pending() > 0
    with pytest.raises(BlockingIOError):
        stream.recv(1)
    assert came == [ONE] and stream.pending() == 0


@pytest.mark.parametrize(
    "packet",
    [b"\x34\x07\x00\x01t\x00\x07xy", b"\x32\x03\x00\x09t", b"\x32\x03\x00\x01t", b"\x32\x01\x00", b"\x30\x80\x80\x80\x80"],
    ids=["QoS 2", "topic longer than the packet", "no message id", "no topic", "length of five bytes"],
)
def test_what_breaks_the_protocol_or_is_not_ours_is_left_to_paho(packet):
    published, for_paho, end = split(publish(ONE) + packet + b"\x00\x00")
    assert published == [ONE] and packet.startswith(for_paho[:4]) and for_paho
    assert end <= len(publish(ONE) + packet) + 1


def test_a_topic_that_is_no_utf8_stops_nothing():
    broken = publish(ONE).replace(b"city", b"c\xffty", 1)
    assert [one.topic[:4] for one in split(broken + publish(ONE))[0]] == ["c�ty", "city"]


def test_acknowledgements_and_pahos_own_packets_never_mix_when_the_socket_is_full():
    wire = Wire(room=6)
    stream = Stream(wire, lambda _: None)
    stream.acknowledge([1, 2, 65535])
    assert wire.sent == b"\x40\x02\x00\x01\x40\x02"
    assert stream.send(PINGRESP) == len(PINGRESP)
    wire.room = 100
    stream.acknowledge([])
    assert wire.sent == b"\x40\x02\x00\x01\x40\x02\x00\x02\x40\x02\xff\xff" + PINGRESP


def test_a_connection_that_broke_is_not_an_error_of_the_acknowledgement():
    class Broken(Wire):
        def send(self, data: bytes) -> int:
            tried.append(data)
            raise ConnectionResetError

    tried: list[bytes] = []
    Stream(Broken(), lambda _: None).acknowledge([1])
    assert tried == [b"\x40\x02\x00\x01"]


def test_on_an_encrypted_connection_messages_come_and_acknowledgements_go_as_on_a_plain_one(tmp_path):
    certificate, key = make_certificate("broker.example", tmp_path, datetime.now(UTC))
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(certificate, key)
    ours, theirs = socket.socketpair()
    sent = [ONE._replace(mid=mid, payload=bytes(30_000)) for mid in (1, 2, 3)]
    answered: list[bytes] = []

    def broker() -> None:
        with served.wrap_socket(theirs, server_side=True) as side:
            side.sendall(CONNACK + b"".join(publish(one) for one in sent))
            answered.append(side.recv(100))

    thread = threading.Thread(target=broker)
    thread.start()
    client = ssl.create_default_context(cafile=str(tmp_path / "ca.pem")).wrap_socket(ours, server_hostname="broker.example")
    client.setblocking(False)
    came: list[Published] = []
    stream, paho = Stream(client, came.extend), b""
    while len(came) < len(sent):
        if not stream.pending():
            assert select.select([stream], [], [], 10)[0]
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            paho += stream.recv(4)
    stream.acknowledge([1, 2, 3])
    thread.join(10)
    stream.close()
    assert came == sent and paho == CONNACK
    assert answered == [b"\x40\x02\x00\x01\x40\x02\x00\x02\x40\x02\x00\x03"]


def test_the_end_of_the_stream_is_told_to_paho():
    stream = Stream(Wire(publish(ONE)[:5], b""), lambda _: None)
    with pytest.raises(BlockingIOError):
        stream.recv(1)
    assert stream.recv(1) == b""
