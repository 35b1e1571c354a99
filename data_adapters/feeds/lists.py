"""Asking for whole lists over HTTP GET, for feeds whose producers publish all they know in one document; what has not changed
since the last time is not handed on again: by ETag and Last-Modified (RFC 9110, 13.1), or because the answer is the same.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from config.strict import REQUIRED, Field
from data_adapters.feeds.asking import UNCHANGED, Answered, ask, named_urls, poll_settings, seconds, session, shown_as, word
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source, SourceAway

SECRET = "feed_key"
VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
"""What an answer says of itself -> the header that asks for it only if that has changed."""
POLL: dict[str, Field] = {
    "urls": (named_urls, REQUIRED),
    "every_s": (seconds, 60.0),
    "timeout_s": (seconds, 10.0),
    "header": (word, None),
    "parameter": (word, None),
}


def list_poll(raw: Any, known: Mapping[str, Field] = POLL) -> dict[str, Any]:
    """The setting `poll`, checked. Raises ValueError."""
    found = poll_settings(raw, known)
    if found["header"] and found["parameter"]:
        raise ValueError("`header` or `parameter`, not both")
    return found


POLL_FIELDS: dict[str, Field] = {"poll": (list_poll, None)}


class ChangedLists:
    """The Source port. Connecting, and each answer whole, take at most `timeout_s`. `topic` is what the topics of its messages begin
    with; `accepts` the kinds of documents that it asks for."""

    def __init__(self, feed: str, topic: str, accepts: str, poll: Mapping[str, Any], key: str = "") -> None:
        self.feed, self.every_s, self._topic, self._poll = feed, poll["every_s"], topic, poll
        headers, self._parameters = shown_as(poll["header"], poll["parameter"], key)
        self._session = session({"Accept": accepts, **headers})
        self._known: dict[str, tuple[dict[str, str], bytes]] = {}

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """What has changed, as it came, under the topic and the url's name. One url that is away holds up no other. Raises SourceAway."""
        away: SourceAway | None = None
        for name, place in self._poll["urls"].items():
            asked, last = self._known.get(name, ({}, b""))
            try:
                answer = ask(self._session, place, self._poll["timeout_s"], name, self._parameters, asked)
            except SourceAway as error:
                unchanged = isinstance(error, Answered) and error.status == UNCHANGED
                away = away or (None if unchanged else error)
                continue
            payload, said = answer
            digest = sha256(payload).digest()
            if digest != last:
                yield f"{self._topic}/{name}", payload
            # Only now, when it is safe in the inbox: what was not kept is asked for again.
            self._known[name] = {ours: said[theirs] for theirs, ours in VALIDATORS.items() if theirs in said}, digest
        if away is not None:
            raise away


def changed_lists(setup: FeedSetup, topic: str, accepts: str, known: Mapping[str, Field] = POLL) -> Source | None:
    """Who is asked for the feed's lists, by its settings (the adapter checks them against `known` too), or None."""
    poll = setup.settings.get("poll")
    return None if poll is None else ChangedLists(setup.name, topic, accepts, list_poll(poll, known), setup.secrets.get(SECRET, ""))
