"""What arrives over HTTP instead of MQTT, telemetry and the messages of other platforms: put into the inbox, from where ingest takes it."""

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from domain.access import Actor, Forbidden
from domain.registry import Device

FEED = "native"
DEVICE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
LONGEST_TOPIC = 512


class Inbox(Protocol):
    """Where messages wait for ingest."""

    def put(self, feed: str, topic: str, payload: bytes, partition_key: str) -> int:
        """Returns the row's number, after commit."""


class DeviceLookup(Protocol):
    """What is asked of the register."""

    def device(self, actor: Actor, device_id: str, at: int | None = None) -> Device | None:
        """The device, when it lies in the actor's scope."""


class Webhooks:
    """Takes what devices and other systems post."""

    def __init__(self, inbox: Inbox, register: DeviceLookup, feeds: Mapping[str, Callable[[str], str]]) -> None:
        """`feeds`: each feed's name with the partition key that it gives a topic."""
        self._inbox, self._register, self._feeds = inbox, register, feeds

    def telemetry(self, actor: Actor, device_id: str, payload: bytes) -> int:
        """Keep one telemetry message of the native format; it is safe when this returns.

        Raises LookupError for an id that the native topic does not take, Forbidden without the right. An actor whose scope is
        limited sends for the devices of that scope only; anybody else also for devices that nobody has registered yet.
        """
        if not actor.may("send_telemetry"):
            raise Forbidden("send_telemetry")
        if not DEVICE_ID.match(device_id):
            raise LookupError(device_id)
        if (actor.regions or actor.departments) and self._register.device(actor, device_id) is None:
            raise Forbidden("the device lies outside your scope")
        return self._inbox.put(FEED, f"city/v1/devices/{device_id}/telemetry", payload, device_id)

    def message(self, actor: Actor, feed: str, topic: str, payload: bytes) -> int:
        """Keep one message of `feed` as it came; it is safe when this returns, and the feed reads it in ingest.

        Raises Forbidden without the right, and for an actor whose scope is limited: a platform speaks for the whole city. LookupError
        for a feed that the city doesn't have, ValueError for a topic that can be none.
        """
        if not actor.may("send_telemetry"):
            raise Forbidden("send_telemetry")
        if actor.regions or actor.departments:
            raise Forbidden("a feed's messages are for the whole city, and your scope is limited")
        if feed not in self._feeds:
            raise LookupError(feed)
        if not 0 < len(topic) <= LONGEST_TOPIC or not topic.isprintable():
            raise ValueError(f"a topic has 1 to {LONGEST_TOPIC} characters that print")
        return self._inbox.put(feed, topic, payload, self._feeds[feed](topic))
