"""Asks a GeoReport v2 server: its services, then the requests of a window of time, page by page, and the numbers of those that only have
a token yet.

The specification gives at most 90 days or 1,000 requests an answer, newest first; a longer window is cut into pieces of 90 days.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from config.strict import REQUIRED, Field, one_of, text, yes_or_no
from data_adapters.feeds.asking import ask, poll_settings, seconds, session, url, word
from data_adapters.feeds.open311.documents import read
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import to_datetime
from domain.messages import Rejected
from services.polling import Source, SourceAway

MOST_PAGES = 1000
MOST_TOKENS = 50
LONGEST_S = 90 * 86_400
DAY_S = 86_400
TYPES = {"json": "application/json", "xml": "text/xml"}


def _page(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 1000:
        raise ValueError("`page` from 1 to 1000")
    return raw


def _days(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= 3660:
        raise ValueError("`days` above 0, at most 3660")
    return float(raw)


POLL: dict[str, Field] = {
    "url": (url, REQUIRED),
    "every_s": (seconds, 300.0),
    "timeout_s": (seconds, 20.0),
    "format": (one_of(*TYPES), "json"),
    "jurisdiction_id": (text, None),
    "days": (_days, 7.0),
    "page": (_page, 100),
    "from": (word, "start_date"),
    "until": (word, "end_date"),
    "services": (yes_or_no, True),
    "updates": (yes_or_no, False),
}


def _poll(raw: Any) -> dict[str, Any]:
    return poll_settings(raw, POLL)


POLL_FIELDS: dict[str, Field] = {"poll": (_poll, None)}


class Server:
    """The Source port. Connecting, and each answer whole, take at most `timeout_s`."""

    def __init__(self, feed: str, poll: Mapping[str, Any], key: str = "") -> None:
        self.feed, self.every_s, self._poll = feed, poll["every_s"], poll
        self._always = {name: value for name, value in (("jurisdiction_id", poll["jurisdiction_id"]), ("api_key", key)) if value}
        self._session = session({"Accept": TYPES[poll["format"]]})

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """Answers as they came, under `open311/{resource}`. Raises SourceAway."""
        if self._poll["services"]:
            yield "open311/services", self._ask("services", {})
        for start, end in self._windows(time.time()):
            yield from self._pages("requests", start, end)
            if self._poll["updates"]:
                yield from self._pages("servicerequestupdates", start, end)

    def _windows(self, now: float) -> Iterator[tuple[str, str]]:
        start, last = now - self._poll["days"] * DAY_S, now + 1
        while start < last:
            end = min(start + LONGEST_S, last)
            yield _written(start), _written(end)
            start = end

    def _pages(self, resource: str, start: str, end: str) -> Iterator[tuple[str, bytes]]:
        seen = b""
        for number in range(1, MOST_PAGES + 1):
            asked = {self._poll["from"]: start, self._poll["until"]: end, "page": str(number), "page_size": str(self._poll["page"])}
            payload = self._ask(resource, asked)
            if payload == seen:  # a server that knows no pages gives the same again
                return
            found, seen = _records(payload), payload
            if found:
                yield f"open311/{resource}", payload
            yield from self._numbers(found)
            if len(found) < self._poll["page"]:
                return

    def _numbers(self, found: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
        """What those that have a token and no number yet are called by now."""
        tokens = [str(one["token"]) for one in found if one.get("token") and not one.get("service_request_id")]
        for token in tokens[:MOST_TOKENS]:
            if token.isalnum():
                yield "open311/tokens", self._ask(f"tokens/{token}", {})

    def _ask(self, resource: str, asked: Mapping[str, str]) -> bytes:
        place = f"{self._poll['url']}/{resource}.{self._poll['format']}"
        return ask(self._session, place, self._poll["timeout_s"], resource, {**asked, **self._always})[0]


def _records(payload: bytes) -> list[dict[str, Any]]:
    found = read(payload)
    if isinstance(found, Rejected):
        raise SourceAway(f"answered what is no GeoReport v2: {found.detail}")
    return found.records


def _written(moment: float) -> str:
    return to_datetime(round(moment) * 1000).isoformat().replace("+00:00", "Z")


def server(setup: FeedSetup) -> Source | None:
    """The server that the feed's settings name (the adapter checks them), or None."""
    poll = setup.settings.get("poll")
    return None if poll is None else Server(setup.name, _poll(poll), setup.secrets.get("open311_key", ""))
