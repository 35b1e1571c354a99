"""Telling people: one outbox for everything, and calling until somebody answers.

What must be told is put into the outbox in words of a template; a courier (jobs.py) claims what is due and sends it. In the
application a notice always arrives: it lies there from the moment it was put.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.access import Actor
from domain.identity import uuid7
from domain.notices import CALLING, ENDED, EXHAUSTED, Calling, CallRule, Delivery, answer, begin, go_on, key_of
from services.notice_ports import Channel, NotDelivered, Notice, NoticeStore

log = logging.getLogger("citydeck.notices")
AT_ONCE = 1
"""A round claims one: others claimed with it would be unsure if the sender were killed while sending it."""
ADDRESSES = {"email": r"([^@\s]+@[^@\s]+)?", "http": r"[\w+.@-]{0,64}", "lang": r"zh|en"}
"""What an address may look like, by channel: an e-mail address, a telephone number or an id of the gateway, a language."""
Words = Callable[[str, str, Mapping[str, Any]], tuple[str, str]]
"""Template, language, params -> title and body."""


class Notices:
    """Puts notices into the outbox, shows people theirs, and runs callings."""

    def __init__(self, store: NoticeStore, rules: Mapping[str, CallRule]) -> None:
        """`rules`: template -> how its people are called; `default` for any other."""
        self._store, self._rules = store, rules

    def tell(
        self, usernames: Sequence[str], thing: str, template: str, params: Mapping[str, Any], link: str, now: int, exercise: bool = False
    ) -> int:
        """Tell each of them once, over every channel of the template's rule; returns how many notices were new."""
        return self._store.put(self._notices(usernames, thing, template, params, link, now, exercise))

    def _notices(
        self,
        usernames: Sequence[str],
        thing: str,
        template: str,
        params: Mapping[str, Any],
        link: str,
        now: int,
        exercise: bool,
        call: tuple[int, int] = (0, 1),
    ) -> list[Notice]:
        """`call`: which call of which turn."""
        channels = ("app",) if exercise else self.rule(template).channels
        params = {**params, "exercise": True} if exercise else params
        return [
            Notice(
                str(uuid7(now)), key_of(thing, name, channel, *call), thing, name, channel, template, params, link, now, exercise=exercise
            )
            for name in usernames
            for channel in channels
        ]

    def rule(self, template: str) -> CallRule:
        """How people are told and called about this."""
        return self._rules.get(template) or self._rules["default"]

    def call(
        self,
        chain: Sequence[str],
        superior: str,
        thing: str,
        template: str,
        params: Mapping[str, Any],
        link: str,
        now: int,
        turn: int = 1,
    ) -> Calling | None:
        """Call these people one after the other until one answers; None when this turn of the thing is called about already."""
        held = {**params, "link": link}
        calling = begin(str(uuid7(now)), thing, template, tuple(dict.fromkeys(chain)), superior, self.rule(template), now, turn)
        if not self._store.save_calling(calling, held, None):
            return None
        self._say(calling, held, now)
        return calling

    def go_on(self, now: int) -> None:
        """The next step of every calling whose time is over."""
        for calling, params in self._store.callings((CALLING,)):
            after = go_on(calling, self.rule(calling.template), now)
            if after != calling and self._store.save_calling(after, params, calling):
                self._say(after, params, now)

    def _say(self, calling: Calling, params: Mapping[str, Any], now: int) -> None:
        plain, link = {name: value for name, value in params.items() if name != "link"}, str(params.get("link", ""))
        exercise = bool(params.get("exercise"))
        if calling.state == CALLING:
            call = (calling.call, calling.turn)
            self._store.put(self._notices([calling.person], calling.thing, calling.template, plain, link, now, exercise, call))
        elif calling.state == EXHAUSTED and calling.superior:
            said = {**plain, "not_reached": list(calling.not_reached)}
            call = (0, calling.turn)
            self._store.put(self._notices([calling.superior], calling.thing, "not_reached", said, link, now, exercise, call))

    def answer(self, actor: Actor, thing: str, now: int) -> bool:
        """The actor answers a calling: True when they were the one it waited for. Raises LookupError for none."""
        for _ in range(3):
            found = self._store.calling_of(thing)
            if found is None or actor.username not in found[0].people:
                raise LookupError(thing)
            after = answer(found[0], actor.username, now)
            if after == found[0]:
                return False
            if self._store.save_calling(after, found[1], found[0]):
                return True
        return False

    def end(self, thing: str, now: int) -> None:
        """Nobody needs to answer any more: the thing itself is over."""
        found = self._store.calling_of(thing)
        if found and found[0].state in (CALLING, EXHAUSTED):
            self._store.save_calling(found[0]._replace(state=ENDED), found[1], found[0])

    def people_called(self, actor: Actor) -> list[tuple[Calling, Mapping[str, Any]]]:
        """Callings that go on, and those that reached nobody, oldest first: all of them for those whose scope is the whole city, for
        others those that may come to them."""
        everywhere = not actor.regions and not actor.departments
        return [one for one in self._store.callings((CALLING, EXHAUSTED)) if everywhere or actor.username in one[0].people]

    def mine(self, actor: Actor, unread_only: bool = False) -> list[Notice]:
        """The actor's notices in the application, newest first."""
        return self._store.of(actor.username, unread_only, 200)

    def read(self, actor: Actor, notice_ids: Sequence[str], now: int) -> int:
        """The actor has read them."""
        return self._store.read(actor.username, notice_ids, now)

    def addresses(self, actor: Actor) -> Mapping[str, str]:
        """Where the actor is reached: channel -> address, and `lang`."""
        return self._store.addresses(actor.username)

    def set_address(self, actor: Actor, channel: str, address: str) -> None:
        """The actor is reached there; empty: not over this channel. Raises ValueError."""
        if channel not in ADDRESSES or not re.fullmatch(ADDRESSES[channel], address):
            raise ValueError(channel)
        self._store.set_address(actor.username, channel, address)


class Courier:
    """Sends what is due. Several may run at once: a claim belongs to one."""

    def __init__(self, store: NoticeStore, channels: Mapping[str, Channel], words: Words, delivery: Delivery) -> None:
        self._store, self._channels, self._words, self._delivery = store, channels, words, delivery

    def round(self, now: int) -> int:
        """Send what is due now; returns how many were claimed."""
        claimed = self._store.claim(now, now + round(self._delivery.claim_s * 1000), AT_ONCE)
        for notice in claimed:
            self._send(notice, now)
        return len(claimed)

    def _send(self, notice: Notice, now: int) -> None:
        addresses = self._store.addresses(notice.username)
        channel, address = self._channels.get(notice.channel), addresses.get(notice.channel, "")
        if channel is None or not address:
            self._store.failed(notice.notice_id, "no channel" if channel is None else "no address", None)
            return
        title, body = self._words(notice.template, addresses.get("lang", "zh"), notice.params)
        try:
            channel.send(notice, address, title, body)
        except NotDelivered as error:
            again = self._delivery.next_attempt(notice.attempts, now)
            log.warning(
                "notice %s to %s by %s: %s%s", notice.notice_id, notice.username, notice.channel, error, "" if again else ", given up"
            )
            self._store.failed(notice.notice_id, str(error)[:300], again)
            return
        self._store.done(notice.notice_id, now)
