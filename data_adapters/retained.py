"""Retained messages when the workers' parts change: the embedded broker keeps them under the topics of the parts.

Devices speak to `city/v1/…`, but with several workers the broker files what they say under `part/<n>/city/v1/…`. A plan that was in
force before, and is again, would find what was retained then, and nothing of what came since. So before a broker is announced for
another plan, what the old plan's topics hold is said again, and what only older ones hold is taken away.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import paho.mqtt.client as paho

from data_adapters.mqtt import Subscription, connect, make_client
from data_adapters.topic_plan import PART, Plan

END = "citydeck/retained-end"
WITHIN_S = 60.0


class Retained:
    """Reads and writes retained messages of a broker that nobody else knows yet. Raises TimeoutError when it doesn't answer."""

    def __init__(self, url: str) -> None:
        self._url = url

    def move(self, old: Sequence[Subscription], plan: Plan) -> None:
        """Say again under `plan` what is retained under the topics of `old`, and take away what else the plan's topics hold.

        May be done again from the start when it was interrupted: the old topics are not touched.
        """
        current = {topic: said for share in old for topic, said in self._of(share, plan).items()}
        stale = {topic: b"" for share in plan.shares() for topic in self._of(share, plan)}
        self.write({**stale, **current})

    def _of(self, share: Subscription, plan: Plan) -> dict[str, bytes]:
        held = {topic: said for topic, said in self.read(share.filters).items() if share.prefix or not topic.startswith(f"{PART}/")}
        said_to = {topic.removeprefix(share.prefix): said for topic, said in held.items()}
        return {topic: said for topic, said in said_to.items() if plan.takes(topic)}

    def sweep(self, plan: Plan) -> None:
        """Take away what is retained for a worker that does not hear that topic under `plan`."""
        held = {topic: topic.split("/", 2) for topic in self.read([f"{PART}/#"])}
        self.write({topic: b"" for topic, (_, part, *rest) in held.items() if not _is_right(plan, part, "".join(rest))})

    def read(self, filters: Sequence[str]) -> dict[str, bytes]:
        """Topic -> payload of what is retained under `filters`."""
        found: dict[str, bytes] = {}
        done = threading.Event()

        def take(_client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
            if message.topic == END:
                done.set()
            elif message.retain:
                found[message.topic] = bytes(message.payload)

        client = make_client(self._url, "citydeck-retained", clean=True)
        client.on_message = take
        client.on_connect = lambda c, *_: c.subscribe([(topic, 0) for topic in (*filters, END)])
        client.on_subscribe = lambda c, *_: c.publish(END, b"1", qos=0)  # comes back behind all that was retained
        connect(client, self._url)
        try:
            if not done.wait(WITHIN_S):
                raise TimeoutError(f"the broker did not give its retained messages in {WITHIN_S:.0f} s")
        finally:
            client.disconnect()
            client.loop_stop()
        return found

    def write(self, messages: Mapping[str, bytes]) -> None:
        """Have these retained; an empty payload takes one away."""
        if not messages:
            return
        client, connected = make_client(self._url, "citydeck-retained", clean=True), threading.Event()
        client.on_connect = lambda *_: connected.set()
        connect(client, self._url)
        try:
            connected.wait(WITHIN_S)
            for sent in [client.publish(topic, said, qos=1, retain=True) for topic, said in messages.items()]:
                sent.wait_for_publish(WITHIN_S)
                if not sent.is_published():
                    raise TimeoutError(f"the broker did not take retained messages in {WITHIN_S:.0f} s")
        finally:
            client.disconnect()
            client.loop_stop()


def _is_right(plan: Plan, part: str, topic: str) -> bool:
    return plan.is_mapped and part == str(plan.hash_of(topic) % plan.workers)
