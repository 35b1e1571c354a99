"""Publishes at a chosen speed with QoS 1, and knows what the broker has acknowledged."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import uuid4

from data_adapters.mqtt import connect, make_client
from data_adapters.replay.messages import Recorded

UNANSWERED_AT_MOST = 1_000
PATIENCE_S = 60.0
"""So long may the broker say nothing before we give up; paho goes on reconnecting meanwhile and sends again what is open."""


class BrokerSilent(TimeoutError):
    """The broker did not answer in time; the text says how much it had acknowledged."""


class Pace(NamedTuple):
    """`speed` times the recorded time, or at most `max_rate` messages a second; neither: as fast as the broker takes them."""

    speed: float | None = None
    max_rate: float | None = None

    def due_s(self, index: int, after_first_ms: int) -> float:
        """Seconds after the start at which a message goes out."""
        if self.speed is not None:
            return after_first_ms / 1000 / self.speed
        return index / self.max_rate if self.max_rate is not None else 0.0


class Sender:
    """One connection with a window of unanswered messages."""

    def __init__(self, url: str, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self.sent = self.acknowledged = 0
        self._client = make_client(url, f"citydeck-replay-{uuid4().hex[:12]}", clean=True)
        self._client.max_inflight_messages_set(UNANSWERED_AT_MOST)
        self._client.on_publish = self._on_publish
        self._client.on_connect = self._on_connect
        self._connected = threading.Event()
        self._refused = ""
        connect(self._client, url)

    def wait_connected(self) -> None:
        """Raises BrokerSilent."""
        if not self._connected.wait(self._patience_s):
            raise BrokerSilent(f"the broker did not answer in {self._patience_s:.0f} s")
        if self._refused:
            raise BrokerSilent(f"the broker refused the connection: {self._refused}")

    def send(self, topic: str, payload: bytes) -> None:
        """Publish once fewer than UNANSWERED_AT_MOST are open. Raises BrokerSilent."""
        self._wait(lambda: self.sent - self.acknowledged < UNANSWERED_AT_MOST)
        with self._changed:
            self.sent += 1
        self._client.publish(topic, payload, qos=1)

    def finish(self) -> None:
        """Wait until everything is acknowledged, and leave. Raises BrokerSilent."""
        try:
            self._wait(lambda: self.acknowledged >= self.sent)
        finally:
            self.close()

    def close(self) -> None:
        """Leave at once."""
        self._client.disconnect()
        self._client.loop_stop()

    def _wait(self, reached: Callable[[], bool]) -> None:
        with self._changed:
            while not reached():
                before = self.acknowledged
                if not self._changed.wait(self._patience_s) and self.acknowledged == before:
                    raise BrokerSilent(
                        f"the broker was silent for {self._patience_s:.0f} s; {before} of {self.sent} messages are acknowledged"
                    )

    def _on_publish(self, *_: Any) -> None:
        with self._changed:
            self.acknowledged += 1
            self._changed.notify_all()

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._refused = str(reason) if reason.is_failure else ""
        self._connected.set()


def play(
    messages: Iterable[Recorded],
    sender: Sender,
    pace: Pace,
    shifted: Callable[[Recorded, int], int],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Send `messages` at `pace`; one that lies before the first goes out at once. `shifted(message, first_at)` is the time it carries."""
    started, first_at = clock(), None
    for index, message in enumerate(messages):
        first_at = message.at if first_at is None else first_at
        wait = started + pace.due_s(index, message.at - first_at) - clock()
        if wait > 0:
            sleep(wait)
        sender.send(message.topic, message.payload(shifted(message, first_at)))
