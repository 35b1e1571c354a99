"""Sends what the demo city says to the MQTT broker: QoS 1, gently, and never a flood after an outage."""

import itertools
import logging
import threading
import time
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from data_adapters.demo.diary import Diary
from data_adapters.demo.platforms.cast import Cast
from data_adapters.demo.play import Message, Play

LOG = logging.getLogger("citydeck.demo")
TICK_S = 0.25
HISTORY_AFTER_S = 15.0
PER_TURN = 150
"""So many messages of the present, and as many of the past, go out in one turn: 600 a second each."""
UNANSWERED_AT_MOST = 1_000
"""So many messages may wait for the broker's word; with more nothing new is sent."""
LONGEST_PAUSE_S = 30.0
LOOK_S = 1.0
RECONNECT_S = (1, 5)


class Publisher:
    """One connection that repairs itself, and goes on after a restart where it stopped."""

    def __init__(self, url: str, play: Play, diary: Diary, cast: Cast) -> None:
        self._play, self._diary, self._cast = play, diary, cast
        self._fresh = threading.Event()
        self._unanswered = 0
        self._count = threading.Lock()
        self._history: Iterator[Message] | None = None
        self._client = self._make_client(url)

    def run(self, stop: threading.Event) -> None:
        """Publish until `stop` is set."""
        now = time.time_ns() // 1_000_000
        self._play.start(self._diary.said_until or now)
        self._cast.start(self._diary.said_until or now)
        self._client.loop_start()
        try:
            started = time.monotonic()
            pause = TICK_S
            while not stop.wait(pause):
                pause = self._breathe(pause) if self._choked() else self._turn(time.monotonic() - started)
        finally:
            self._client.disconnect()
            self._client.loop_stop()

    def _make_client(self, url: str) -> Client:
        where = urlsplit(url)
        client = Client(CallbackAPIVersion.VERSION2, client_id="citydeck-demo", clean_session=True)
        if where.username:
            client.username_pw_set(unquote(where.username), unquote(where.password or ""))
        client.max_inflight_messages_set(UNANSWERED_AT_MOST)
        client.reconnect_delay_set(*RECONNECT_S)
        client.on_connect = self._on_connect
        client.on_disconnect = lambda *_: LOG.warning("broker lost; trying again")
        client.on_publish = self._on_publish
        client.connect_async(where.hostname or "127.0.0.1", where.port or 1883, keepalive=20)
        return client

    def _on_connect(self, _client: Client, _data: object, _flags: object, reason: object, _properties: object) -> None:
        if getattr(reason, "is_failure", False):
            LOG.warning("broker refuses: %s", reason)
        else:
            LOG.info("broker reached")
            self._fresh.set()

    def _on_publish(self, *_: object) -> None:
        with self._count:
            self._unanswered -= 1

    def _choked(self) -> bool:
        return not self._client.is_connected() or self._unanswered > UNANSWERED_AT_MOST

    def _breathe(self, pause: float) -> float:
        """Pauses grow while the broker doesn't answer; without a connection paho's own pauses grow, and we only look for it."""
        return min(LONGEST_PAUSE_S if self._client.is_connected() else LOOK_S, pause * 2)

    def _turn(self, running_s: float) -> float:
        now = time.time_ns() // 1_000_000
        if self._fresh.is_set():
            self._fresh.clear()
            self._play.forget_cameras()
            for message in self._cast.standing(now):
                self._publish(message)
        if not self._unanswered:
            self._diary.write(self._play.said_until(), now)
        for message in (*self._play.due(now, PER_TURN), *self._play.camera_changes(now), *self._cast.due(now)):
            self._publish(message)
        if running_s > HISTORY_AFTER_S and not self._diary.past_told:
            self._tell_history(now)
        return TICK_S

    def _tell_history(self, now: int) -> None:
        if self._history is None:
            self._history = self._play.history(now)
            LOG.info("telling the past day")
        messages = list(itertools.islice(self._history, PER_TURN))
        for message in messages:
            self._publish(message)
        if not messages and not self._unanswered:
            self._diary.past_told = True
            LOG.info("the past day is told")

    def _publish(self, message: Message) -> None:
        with self._count:
            self._unanswered += 1
        self._client.publish(message.topic, message.payload, qos=1, retain=message.retain)
