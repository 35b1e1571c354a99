"""Several workers on a broker of the city's own: does it hand each device to one of them? Asked before anything is announced."""

import threading
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as paho

from config.settings import SettingsError
from data_adapters.mqtt import connect, make_client
from data_adapters.topic_plan import PART, Plan

WITHIN_S = 5.0
PROBES = 4


def check_parting(url: str, plan: Plan) -> None:
    """Raises SettingsError when the broker at `url` does not map topics to the parts of `plan`, or does not answer.

    A few messages of QoS 0 go out on topics of a device that doesn't exist, and must come back under `part/<worker>/…`. The workers
    don't run yet, and no session keeps QoS 0 for them.
    """
    keyed = next((topic for topic in plan.topics if topic.key_level is not None), None)
    if not plan.is_mapped or keyed is None:
        return
    topics = [_probe(keyed.filter, keyed.key_level or 0, number) for number in range(PROBES)]
    awaited = {f"{PART}/{plan.hash_of(topic) % plan.workers}/{topic}" for topic in topics}
    came = threading.Event()

    def take(_client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        awaited.discard(message.topic)
        if not awaited:
            came.set()

    def ask(client: paho.Client, *_: Any) -> None:
        for topic in topics:
            client.publish(topic, b"", qos=0)

    client = make_client(url, "citydeck-parting", clean=True)
    client.on_message = take
    client.on_connect = lambda c, *_: c.subscribe(f"{PART}/#", 0)
    client.on_subscribe = ask
    connect(client, url)
    try:
        if not came.wait(WITHIN_S):
            at = urlsplit(url)
            raise SettingsError(
                f"CITYDECK_INGEST_WORKERS: {plan.workers} workers need a broker that maps topics to them, and the one at {at.hostname}:"
                f"{at.port or 1883} doesn't; set 1, leave CITYDECK_MQTT_URL away, or see docs/operations.md, several workers"
            )
    finally:
        client.disconnect()
        client.loop_stop()


def _probe(pattern: str, key_level: int, number: int) -> str:
    levels = [level for level in pattern.split("/") if level != "#"]
    levels += ["+"] * (key_level - len(levels))
    return "/".join(f"citydeck-probe-{number}" if level == "+" else level for level in levels)
