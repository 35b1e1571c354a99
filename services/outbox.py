"""The outbox as people see it: what became of the notices that somebody caused, whether one is reached at all, and what is forgotten."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple, Protocol

from domain.access import Actor
from domain.identity import uuid7
from domain.notices import CHANNELS, key_of
from services.duty_ports import NotTaken
from services.notice_ports import Notice, NoticeStore

MOST = 400
TEST = "test"
DAY_MS = 86_400_000


class Sent(NamedTuple):
    """One thing that somebody told of: its notices, to whom and over what, each with its state and when it was read."""

    thing: str
    template: str
    created_at: int
    notices: Sequence[Notice]


class OutboxStore(Protocol):
    """data_adapters/sql/outbox_repository.py."""

    def caused_by(self, username: str, number: str, most: int) -> list[Notice]:
        """Notices to others that this person caused (`by` in what they carry), newest first; about the incident of this printed number
        where one is given."""

    def tests_of(self, username: str) -> list[Notice]:
        """The notices of somebody's newest test."""

    def forget(self, before: int) -> int:
        """Forget what was sent before and read where it can be; nothing about an incident that is open. Returns how many."""


class Outbox:
    """Delivery and reading, for whoever caused it."""

    def __init__(self, store: OutboxStore, notices: NoticeStore, test_pause_s: float) -> None:
        """`test_pause_s`: between two tests of one person, so that they are no way to flood somebody's telephone."""
        self._store, self._notices, self._test_pause_ms = store, notices, test_pause_s * 1000

    def sent(self, actor: Actor, number: str = "") -> list[Sent]:
        """What the actor's deeds told others, newest first; of one incident by its printed number."""
        found = sorted(self._store.caused_by(actor.username, number, MOST), key=lambda one: (-one.created_at, one.thing, one.template))
        together = groupby(found, key=lambda one: (-one.created_at, one.thing, one.template))
        return [Sent(thing, template, -at, list(notices)) for (at, thing, template), notices in together]

    def test(self, actor: Actor, now: int) -> list[Notice]:
        """Send the actor a test message over every channel on which they are reached. Raises NotTaken `too_soon`."""
        before = self._store.tests_of(actor.username)
        if before and now - before[0].created_at < self._test_pause_ms:
            raise NotTaken("too_soon", value=actor.username)
        addresses, thing = self._notices.addresses(actor.username), f"{TEST}:{uuid7(now)}"
        reached = [channel for channel in CHANNELS if channel == "app" or addresses.get(channel)]
        name, params = actor.username, {"by": actor.username}
        made = [
            Notice(str(uuid7(now)), key_of(thing, name, channel), thing, name, channel, TEST, params, "/duty?part=reached", now)
            for channel in reached
        ]
        self._notices.put(made)
        return self._store.tests_of(actor.username)

    def tests(self, actor: Actor) -> list[Notice]:
        """What became of the actor's newest test, channel by channel; empty before the first."""
        return self._store.tests_of(actor.username)


def forgetting(store: OutboxStore, days: int, now: int) -> int:
    """Forget what was sent more than `days` ago; run by jobs.py."""
    return store.forget(now - days * DAY_MS)
