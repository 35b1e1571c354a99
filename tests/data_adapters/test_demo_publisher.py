"""The demo's publisher on a real broker."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from data_adapters.city_pack import read_pack
from data_adapters.demo.diary import Diary
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms.registry import publishing
from data_adapters.demo.play import Play
from data_adapters.demo.publisher import Publisher
from data_adapters.embedded import Urls

ENOUGH = 150


@pytest.fixture
def heard(engines: Urls) -> Iterator[list[MQTTMessage]]:
    """Everything that is published on the native topics, and by the sockets of the demo."""
    messages: list[MQTTMessage] = []
    where = urlsplit(engines.mqtt or "")
    client = Client(CallbackAPIVersion.VERSION2, client_id="demo-listener")
    client.username_pw_set(where.username, where.password)
    client.on_message = lambda _client, _data, message: messages.append(message)
    ready = threading.Event()
    client.on_subscribe = lambda *_: ready.set()
    client.on_connect = lambda *_: client.subscribe([("city/v1/devices/#", 1), ("tele/#", 0)])
    client.connect(where.hostname or "", where.port or 0)
    client.loop_start()
    assert ready.wait(10)
    yield messages
    client.disconnect()
    client.loop_stop()


def wait_for(messages: list[MQTTMessage], ending: str, many: int) -> list[MQTTMessage]:
    """The messages whose topic ends so, once there are enough."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = [message for message in list(messages) if message.topic.endswith(ending)]
        if len(found) >= many:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{ending}: {len(messages)} messages in 30 s")


def test_the_demo_speaks_on_the_native_topics_and_goes_on_where_it_stopped(engines: Urls, heard: list[MQTTMessage], tmp_path: Path) -> None:
    pack = read_pack(build_demo_pack(tmp_path / "pack"))
    diary, stop = tmp_path / "diary.json", threading.Event()
    publisher = Publisher(engines.mqtt or "", Play(pack), Diary(diary), publishing(pack, ["tasmota"]))
    thread = threading.Thread(target=publisher.run, args=(stop,))
    thread.start()
    try:
        telemetry = wait_for(heard, "/telemetry", ENOUGH)
        cameras = wait_for(heard, "/status", 400)
        wait_for(heard, "/location", 10)
        wait_for(heard, "/LWT", 12)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert all(message.qos == 1 for message in telemetry)
    assert all(abs(json.loads(message.payload)["at"] - time.time() * 1000) < 60_000 for message in telemetry)
    assert {message.payload for message in cameras} <= {b"online", b"offline"}
    said_until = Diary(diary).said_until
    assert said_until is not None and said_until > time.time() * 1000 - 60_000
