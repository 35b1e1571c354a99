"""The broker's side of an ingest worker: a persistent session, QoS 1, acknowledged by hand, last of all.

Receiving (mqtt_stream.py) never blocks: it stamps the time and puts the messages in a queue that the broker's own limit
(max_ack_pending) keeps finite. A message that comes again while we still hold it is dropped here.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from data_adapters.mqtt_stream import DUP, QOS_1, RETAIN, Published, StreamClient
from domain.messages import RawMessage, Reply

log = logging.getLogger("citydeck.mqtt")
KEEPALIVE_S = 30
BEAT = ""
"""The topic under which our own heartbeat goes through the queue: it counts once everything before it is stored."""
OWN_BEAT = "city/v1/beat"
"""Where the heartbeat of a single worker goes."""
EVERYTHING = ("#",)
IN_FLIGHT = 20_000
"""How many messages the embedded broker lets out before the first comes back acknowledged. A filter that ends on `#` counts twice, and
NATS grants a session 65,535 over all its filters (server/mqtt.go). A worker takes half as one batch: the next arrives meanwhile."""
NOT_OURS = b"0"
"""What a heartbeat says that this process did not send (its killed predecessor did): nothing."""
SETTLE_MS = 5_000
"""After a connection old messages may come behind new ones for as long as the broker waits for acknowledgements (ack_wait 3 s)."""


class BrokerRefused(Exception):
    """The broker does not grant a subscription; what it acknowledges there would reach nobody."""


class Receipt(NamedTuple):
    """What the broker must get back, on the connection that it belongs to."""

    generation: int
    mid: int


class Arrival(NamedTuple):
    """A message and its receipt."""

    message: RawMessage
    receipt: Receipt


class Subscription(NamedTuple):
    """What one worker listens to: the client id of its session, its topic filters, and where its heartbeat goes."""

    client_id: str
    filters: tuple[str, ...]
    prefix: str
    beat: str


def subscription(worker: int, workers: int, topics: Sequence[str], nats: bool = False) -> Subscription:
    """How worker `worker` of `workers` takes its share. With more than one the broker maps each device to `part/<n>/…` (topic_plan.py).

    A single worker subscribes to `topics`; on NATS, where they are several, to everything, and passes over what no feed wants. NATS
    makes a queue of every subscription and lets no more messages out than max_ack_pending over all queues of a session: what the
    others then bring it drops until ack_wait is over, out of order, and a heartbeat says nothing of the other queues.
    """
    name = f"citydeck-ingest-{workers}-{worker}"
    if workers == 1:
        heard = any(paho.topic_matches_sub(topic, OWN_BEAT) for topic in topics)
        filters = tuple(topics) if heard else (*topics, OWN_BEAT)
        return Subscription(name, EVERYTHING if nats and len(filters) > 1 else filters, "", OWN_BEAT)
    prefix = f"part/{worker}/"
    return Subscription(name, (f"{prefix}#",), prefix, f"{prefix}beat")


def make_client(url: str, client_id: str, clean: bool = False, manual_ack: bool = False) -> paho.Client:
    """An MQTT 3.1.1 client for `mqtt://user:password@host:port`, not yet connected; `mqtts://` is encrypted."""
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id, clean_session=clean, manual_ack=manual_ack)
    _set_up(client, url)
    return client


def _set_up(client: paho.Client, url: str) -> None:
    parts = urlsplit(url)
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    if parts.scheme == "mqtts":
        client.tls_set()
    client.reconnect_delay_set(1, 8)
    client.max_inflight_messages_set(1000)


def connect(client: paho.Client, url: str) -> None:
    """Begin to connect in the background; paho goes on trying."""
    parts = urlsplit(url)
    client.connect_async(parts.hostname or "127.0.0.1", parts.port or (8883 if parts.scheme == "mqtts" else 1883), KEEPALIVE_S)
    client.loop_start()


class MqttInlet:
    """Receives for one worker. `take` gives what has come, `acknowledge` gives it back to the broker."""

    def __init__(self, url: str, share: Subscription) -> None:
        self._url, self._share = url, share
        self._queue: deque[Arrival] = deque()
        self._held: set[int] = set()
        self._lock = threading.Lock()
        self._came = threading.Event()
        self._generation = 0
        self._connected_at: int | None = None
        self._asked_again = False
        self._fresh: set[str] | None = None
        self._beats: deque[bytes] = deque(maxlen=600)
        self._client = StreamClient(share.client_id, self._deliver)
        _set_up(self._client, url)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_socket_close = self._on_socket_close

    def start(self) -> None:
        """Connect and subscribe; goes on trying for as long as it takes."""
        connect(self._client, self._url)

    def stop(self) -> None:
        """Leave; the session stays with the broker, unacknowledged messages come again."""
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted us."""
        return self._connected_at is not None

    def take(self, most: int, wait_s: float) -> list[Arrival]:
        """Up to `most` messages: waits for the first up to `wait_s` seconds, then takes what is there."""
        if not self._queue:
            self._came.clear()
            if not self._queue:
                self._came.wait(wait_s)
        queue = self._queue
        return [queue.popleft() for _ in range(min(most, len(queue)))]

    def waiting(self) -> int:
        """How many messages have come and are not taken yet."""
        return len(self._queue)

    def acknowledge(self, receipts: Sequence[Receipt]) -> None:
        """Tell the broker that these are safe. Receipts of an earlier connection mean nothing any more and are passed over."""
        with self._lock:
            mids = [mid for generation, mid in receipts if generation == self._generation]
            self._held.difference_update(mids)
            self._client.acknowledge(mids)

    def beat(self, now: int) -> None:
        """Send ourselves a heartbeat through the broker: when it comes back, everything published before it has come too."""
        if self.connected:
            self._beats.append(str(now).encode())
            self._client.publish(self._share.beat, str(now), qos=1)
        if self.settled(now):
            self._ask_again(now)

    def say(self, reply: Reply) -> None:
        """Publish what a feed has to say back, at QoS 0. Without a connection it is dropped: the feed asks again."""
        if self.connected:
            self._client.publish(reply.topic, reply.payload)

    def _ask_again(self, now: int) -> None:
        """Subscribe once more when a connection has settled: the broker then says again what it retains.

        NATS files what is retained some time after it has acknowledged and delivered it. What it gave at the first subscription may be
        older than a message that only comes as redelivered (and that a feed may therefore pass over), or than one that came anew just
        before. So it is asked again, and for topics heard anew since the connection nothing retained is believed.
        """
        if not self._asked_again:
            self._asked_again = True
            self._client.subscribe([(topic, 1) for topic in self._share.filters])
        elif self._connected_at is not None and now - self._connected_at > 4 * SETTLE_MS:
            self._fresh = None

    def _on_connect(self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.error("the broker refused the session %s: %s", self._share.client_id, reason)
            return
        self._connected_at, self._asked_again, self._fresh = _now(), False, set()
        log.info("connected to the broker as %s", self._share.client_id)
        client.subscribe([(topic, 1) for topic in self._share.filters])

    def _on_subscribe(self, _client: paho.Client, _data: Any, _mid: int, reasons: Sequence[Any], _properties: Any) -> None:
        for topic, reason in zip(self._share.filters, reasons, strict=False):
            if reason.is_failure:
                log.error("the broker refused the subscription to %s, its messages will not come: %s", topic, reason)

    def _on_disconnect(self, _client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        log.warning("lost the broker (%s), trying again", reason)

    def _on_socket_close(self, *_: Any) -> None:
        with self._lock:
            self._generation += 1
            self._held.clear()
            self._connected_at = None

    def _deliver(self, published: Sequence[Published]) -> None:
        now, beat, prefix, fresh = _now(), self._share.beat, self._share.prefix, self._fresh
        for flags, topic, mid, payload in published:
            generation = -1
            if flags & QOS_1:
                if mid in self._held:
                    continue
                self._held.add(mid)
                generation = self._generation
            if topic == beat:
                topic, payload = BEAT, payload if payload in self._beats else NOT_OURS
            elif fresh is not None and _is_stale(flags, topic, fresh):
                topic, payload = BEAT, NOT_OURS
            elif prefix:
                topic = topic.removeprefix(prefix)
            message = RawMessage(topic, payload, now, flags & RETAIN != 0, flags & DUP != 0)
            self._queue.append(Arrival(message, Receipt(generation, mid)))
        self._came.set()

    def settled(self, now: int) -> bool:
        """Whether the connection is old enough for late redeliveries to have come."""
        return self._connected_at is not None and now - self._connected_at > SETTLE_MS


def _is_stale(flags: int, topic: str, fresh: set[str]) -> bool:
    """Whether this is retained, of a topic that was heard anew; notes what is heard anew."""
    if flags & RETAIN:
        return topic in fresh
    if not flags & DUP:
        fresh.add(topic)
    return False


def _now() -> int:
    return time.time_ns() // 1_000_000


def make_sessions(url: str, shares: Sequence[Subscription], timeout_s: float = 20) -> None:
    """Make the workers' sessions before anybody is told of the broker: it drops what comes before the first one exists.

    What an existing session holds comes here at once; nothing of it is acknowledged, so that the worker gets it.
    Raises TimeoutError when the broker does not answer, BrokerRefused when it will not give a topic.
    """
    for share in shares:
        client, done = make_client(url, share.client_id, manual_ack=True), threading.Event()
        refused: list[Any] = []
        client.on_connect = lambda c, *_, topics=share.filters: c.subscribe([(topic, 1) for topic in topics])

        def on_subscribe(_c: Any, _d: Any, _m: int, reasons: Sequence[Any], _p: Any, done: Any = done, refused: Any = refused) -> None:
            refused.extend(reason for reason in reasons if reason.is_failure)
            done.set()

        client.on_subscribe = on_subscribe
        connect(client, url)
        try:
            if not done.wait(timeout_s):
                raise TimeoutError(
                    f"the broker at {urlsplit(url).hostname}:{urlsplit(url).port} did not make a session in {timeout_s:.0f} s"
                )
            if refused:
                raise BrokerRefused(f"the broker refused a subscription among {', '.join(share.filters)}: its messages would be lost")
        finally:
            client.disconnect()
            client.loop_stop()


def end_session(url: str, client_id: str, timeout_s: float = 5) -> None:
    """Forget a session that no worker uses any more (connecting clean removes it)."""
    client, done = make_client(url, client_id, clean=True), threading.Event()
    client.on_connect = lambda *_: done.set()
    connect(client, url)
    done.wait(timeout_s)
    client.disconnect()
    client.loop_stop()
