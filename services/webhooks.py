"""What arrives over HTTP instead of MQTT, telemetry and the messages of other platforms: put into the inbox, from where ingest takes it."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from domain.access import Actor, Forbidden
from domain.registry import Device
from services.feed_posts import Posts

FEED = "native"
DEVICE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
LONGEST_TOPIC = 512
Answering = Callable[[str], Mapping[str, Any]]
NO_ANSWERS: Mapping[str, Answering] = MappingProxyType({})


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

    def __init__(
        self,
        inbox: Inbox,
        register: DeviceLookup,
        feeds: Mapping[str, Callable[[str], str]],
        posts: Posts,
        answers: Mapping[str, Answering] = NO_ANSWERS,
    ) -> None:
        """`feeds`: each feed's name with the partition key that it gives a topic. `answers`: of those whose platform expects one of its
        own, what a topic is answered."""
        self._inbox, self._register, self._feeds, self._posts, self._answers = inbox, register, feeds, posts, answers

    def answer(self, feed: str, topic: str) -> Mapping[str, Any] | None:
        """What the platform expects to be told when its message is safe; None where any answer will do."""
        answering = self._answers.get(feed)
        return None if answering is None else answering(topic)

    def telemetry(self, actor: Actor, device_id: str, payload: bytes) -> int:
        """Keep one telemetry message of the native format; it is safe when this returns.

        Raises LookupError for an id that the native topic does not take, Forbidden without the right. An actor whose scope is
        limited sends for the devices of that scope only; anybody else also for devices that nobody has registered yet.
        """
        if not actor.may("send_telemetry"):
            self._posts.refused(FEED, "no_right")
            raise Forbidden("send_telemetry")
        if not DEVICE_ID.match(device_id):
            raise LookupError(device_id)
        if (actor.regions or actor.departments) and self._register.device(actor, device_id) is None:
            raise Forbidden("the device lies outside your scope")
        kept = self._inbox.put(FEED, f"city/v1/devices/{device_id}/telemetry", payload, device_id)
        self._posts.accepted(FEED)
        return kept

    def message(self, actor: Actor, feed: str, topic: str, payload: bytes) -> int:
        """Keep one message of `feed` as it came; it is safe when this returns, and the feed reads it in ingest.

        Raises Forbidden without the right, and for an actor whose scope is limited: a platform speaks for the whole city. LookupError
        for a feed that the city doesn't have, ValueError for a topic that can be none.
        """
        if not actor.may("send_telemetry"):
            self._posts.refused(feed, "no_right")
            raise Forbidden("send_telemetry")
        if actor.regions or actor.departments:
            self._posts.refused(feed, "no_right")
            raise Forbidden("a feed's messages are for the whole city, and your scope is limited")
        if feed not in self._feeds:
            raise LookupError(feed)
        if not 0 < len(topic) <= LONGEST_TOPIC or not topic.isprintable():
            raise ValueError(f"a topic has 1 to {LONGEST_TOPIC} characters that print")
        kept = self._inbox.put(feed, topic, payload, self._feeds[feed](topic))
        self._posts.accepted(feed)
        return kept

    def nobody(self, feed: str = FEED) -> None:
        """Somebody posted for `feed` whom nobody knows: without a secret, or with a wrong one."""
        self._posts.refused(feed, "no_token")
