"""Asks for CAP: a list (Atom or RSS) is read, and each alert that it links to is fetched once; a file is fetched when it has changed.

What a list links to is asked for at the list's own host, or at one that the setting `hosts` names; nothing else is followed.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element

from config.strict import Field
from data_adapters.feeds.asking import ask, session, shown_as
from data_adapters.feeds.lists import POLL as LIST
from data_adapters.feeds.lists import SECRET, list_poll
from data_adapters.feeds.markup import local, text_of, xml_root
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Rejected
from services.polling import Source, SourceAway

CAP_TYPE = "application/cap+xml"
ENTRIES = ("entry", "item")
MOST_LINKS = 500
REMEMBERED = 5_000
MOST_AWAY = 3
"""Links of one list that may fail before the rest waits for the next round."""


def _hosts(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one for one in raw):
        raise ValueError("a list of host names")
    return tuple(one.lower() for one in raw)


POLL: dict[str, Field] = {**LIST, "hosts": (_hosts, ())}
POLL_FIELDS: dict[str, Field] = {"poll": (partial(list_poll, known=POLL), None)}


class CapSource:
    """The Source port. What was handed on is not handed on again, as far as the last links and files are remembered; after a restart
    the same alerts come once more, and are known by their own identity."""

    def __init__(self, feed: str, poll: Mapping[str, Any], key: str = "") -> None:
        self.feed, self.every_s, self._poll = feed, poll["every_s"], poll
        headers, self._parameters = shown_as(poll["header"], poll["parameter"], key)
        self._plain = session({"Accept": f"{CAP_TYPE}, application/atom+xml, application/rss+xml, application/xml, text/xml"})
        self._own = session({**dict(self._plain.headers), **headers})
        self._known: OrderedDict[str, bytes] = OrderedDict()

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """What is new, under the topic `cap/{name}`. One url that is away holds up no other. Raises SourceAway."""
        away: SourceAway | None = None
        for name, place in self._poll["urls"].items():
            try:
                yield from self._place(name, place)
            except SourceAway as error:
                away = away or error
        if away is not None:
            raise away

    def _place(self, name: str, place: str) -> Iterator[tuple[str, bytes]]:
        payload = self._asked(place, name, place)
        root = xml_root(payload)
        links = [] if isinstance(root, Rejected) or local(root) == "alert" else list(_links(root, place))
        if not links:
            yield from self._new(f"cap/{name}", place, payload)
            return
        away: list[SourceAway] = []
        for link in links[:MOST_LINKS]:
            if link in self._known:
                self._known.move_to_end(link)
            elif self._may(link, place) and len(away) < MOST_AWAY:
                try:
                    yield from self._new(f"cap/{name}", link, self._asked(link, name, place))
                except SourceAway as error:
                    away.append(error)
        if away:
            raise away[0]

    def _may(self, link: str, place: str) -> bool:
        target, own = urlsplit(link), urlsplit(place)
        return target.scheme in ("http", "https") and (target.netloc == own.netloc or (target.hostname or "") in self._poll["hosts"])

    def _asked(self, link: str, name: str, place: str) -> bytes:
        """The key is shown to the list's own host alone."""
        own = urlsplit(link).netloc == urlsplit(place).netloc
        return ask(self._own if own else self._plain, link, self._poll["timeout_s"], name, self._parameters if own else None)[0]

    def _new(self, topic: str, link: str, payload: bytes) -> Iterator[tuple[str, bytes]]:
        digest = sha256(payload).digest()
        if self._known.get(link) != digest:
            yield topic, payload
        # Only now, when it is safe in the inbox: what was not kept is asked for again.
        self._known[link] = digest
        self._known.move_to_end(link)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _links(root: _Element, place: str) -> Iterator[str]:
    """Where a list's entries point to: the link that says it is CAP, else the first. Entries that hold their alert have none to follow."""
    for entry in root.iter():
        if local(entry) not in ENTRIES or any(local(one) == "alert" for one in entry.iter()):
            continue
        links = [one for one in entry if local(one) == "link"]
        chosen = next((one for one in links if one.get("type") == CAP_TYPE), links[0] if links else None)
        target = "" if chosen is None else (chosen.get("href") or text_of(entry, "link"))
        if target:
            yield urljoin(place, target)


def cap_source(setup: FeedSetup) -> Source | None:
    """Who is asked for the feed's warnings, by its settings, or None."""
    poll = setup.settings.get("poll")
    return None if poll is None else CapSource(setup.name, list_poll(poll, POLL), setup.secrets.get(SECRET, ""))
