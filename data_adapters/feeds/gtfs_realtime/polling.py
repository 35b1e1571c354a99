"""Asks a producer of GTFS Realtime for its feed messages over HTTP GET, as the specification has it; what has not changed since the last
time is not taken again: by ETag and Last-Modified (RFC 9110, 13.1), or because the answer is the same.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from config.strict import REQUIRED, Field
from data_adapters.feeds.asking import ask, poll_settings, seconds, session, url
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source, SourceAway

SECRET = "feed_key"
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
"""What an answer says of itself -> the header that asks for it only if that has changed."""


def _urls(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not raw or not all(isinstance(name, str) and NAME.match(name) for name in raw):
        raise ValueError("`urls`: names in small letters, each with its url")
    for one in raw.values():
        url(one)
    return dict(raw)


def _word(raw: Any) -> str:
    if not isinstance(raw, str) or not WORD.match(raw):
        raise ValueError("the name of a header or a parameter")
    return raw


POLL: dict[str, Field] = {
    "urls": (_urls, REQUIRED),
    "every_s": (seconds, 30.0),
    "timeout_s": (seconds, 10.0),
    "header": (_word, None),
    "parameter": (_word, None),
}


def _poll(raw: Any) -> dict[str, Any]:
    found = poll_settings(raw, POLL)
    if found["header"] and found["parameter"]:
        raise ValueError("`header` or `parameter`, not both")
    return found


POLL_FIELDS: dict[str, Field] = {"poll": (_poll, None)}


class Producer:
    """The Source port. Connecting, and each answer whole, take at most `timeout_s`."""

    def __init__(self, feed: str, poll: Mapping[str, Any], key: str = "") -> None:
        self.feed, self.every_s, self._poll = feed, poll["every_s"], poll
        headers, self._parameters = _shown(poll, key)
        self._session = session({"Accept": "application/x-protobuf, application/octet-stream, */*", **headers})
        self._known: dict[str, tuple[dict[str, str], bytes]] = {}

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """What is new, as it came, under the topic `gtfs-realtime/{name}`. One url that is away holds up no other. Raises SourceAway."""
        away: SourceAway | None = None
        for name, place in self._poll["urls"].items():
            asked, last = self._known.get(name, ({}, b""))
            try:
                answer = ask(self._session, place, self._poll["timeout_s"], name, self._parameters, asked)
            except SourceAway as error:
                away = away or error
                continue
            if answer is None:
                continue
            payload, said = answer
            digest = sha256(payload).digest()
            if digest != last:
                yield f"gtfs-realtime/{name}", payload
            # Only now, when it is safe in the inbox: what was not kept is asked for again.
            self._known[name] = {ours: said[theirs] for theirs, ours in VALIDATORS.items() if theirs in said}, digest
        if away is not None:
            raise away


def _shown(poll: Mapping[str, Any], key: str) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and parameters that show who asks."""
    if not key:
        return {}, {}
    if poll["parameter"]:
        return {}, {poll["parameter"]: key}
    return ({poll["header"]: key} if poll["header"] else {"Authorization": f"Bearer {key}"}), {}


def producer(setup: FeedSetup) -> Source | None:
    """Who is asked for the feed's messages, by its settings (the adapter checks them), or None."""
    poll = None if "poll" not in setup.settings else _poll(setup.settings["poll"])
    return None if poll is None else Producer(setup.name, poll, setup.secrets.get(SECRET, ""))
