"""An MQTT client with a lasting session, and waiting, for tests that kill the broker."""

import time
from collections.abc import Callable

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion


def eventually(check: Callable[[], bool], within_s: float = 15.0) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.05)
    return False


def mqtt_client(url: str, name: str, clean: bool, messages: list[str] | None = None) -> paho.Client:
    user, _, address = url.removeprefix("mqtt://").partition("@")
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=clean)
    client.username_pw_set(*user.split(":"))
    client.on_message = lambda _client, _data, message: (
        None if messages is None else messages.append(f"{message.topic} {message.payload.decode()}")
    )
    client.connect(address.split(":")[0], int(address.split(":")[1]))
    client.loop_start()
    return client


def received(url: str, name: str, topic: str, prepare_only: bool = False, at_least: int = 0) -> list[str]:
    """What the lasting session `name` gets from `topic`; with `prepare_only` the session is only made."""
    messages: list[str] = []
    subscribed: list[bool] = []
    client = mqtt_client(url, name, clean=False, messages=messages)
    client.on_subscribe = lambda *_: subscribed.append(True)
    client.subscribe(topic, qos=1)
    assert eventually(lambda: bool(subscribed))
    if not prepare_only:
        eventually(lambda: len(messages) >= at_least, 10)
    client.disconnect()
    client.loop_stop()
    return messages
