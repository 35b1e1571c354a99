"""Asks a hotline's platform for its orders over HTTP GET: page by page, since some time ago where it can be told so."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import jmespath
import orjson

from config.strict import REQUIRED, Field
from data_adapters.feeds.asking import ask, poll_settings, seconds, session, shown_as, url, word
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source, SourceAway

MOST_PAGES = 1000
LONGEST_SINCE_S = 366 * 86_400.0


def _parameters(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(name, str) and isinstance(value, str | int) for name, value in raw.items()):
        raise ValueError("`parameters`: names with texts or numbers")
    return {name: str(value) for name, value in raw.items()}


def _page(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 5000:
        raise ValueError("`page` from 1 to 5000")
    return raw


def _since(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 60 <= raw <= LONGEST_SINCE_S:
        raise ValueError("`since_s` from 60 to the seconds of a year")
    return float(raw)


def _pattern(raw: Any) -> str:
    if not isinstance(raw, str) or "%" not in raw:
        raise ValueError("`since_format`: a pattern of strftime")
    return raw


POLL: dict[str, Field] = {
    "url": (url, REQUIRED),
    "every_s": (seconds, 60.0),
    "timeout_s": (seconds, 10.0),
    "parameters": (_parameters, {}),
    "page_parameter": (word, None),
    "size_parameter": (word, None),
    "page": (_page, 200),
    "since_parameter": (word, None),
    "since_s": (_since, 7 * 86_400.0),
    "since_format": (_pattern, "%Y-%m-%d %H:%M:%S"),
    "header": (word, None),
    "parameter": (word, None),
}


def _poll(raw: Any) -> dict[str, Any]:
    return poll_settings(raw, POLL)


POLL_FIELDS: dict[str, Field] = {"poll": (_poll, None)}


class HotlinePlatform:
    """The Source port. Connecting, and each answer whole, take at most `timeout_s`."""

    def __init__(self, feed: str, poll: Mapping[str, Any], records: str | None, zone: ZoneInfo | None, token: str = "") -> None:
        self.feed, self.every_s, self._poll, self._zone = feed, poll["every_s"], poll, zone
        self._records = jmespath.compile(records) if records else None
        headers, self._shown = shown_as(poll["header"], poll["parameter"], token)
        self._session = session({"Accept": "application/json", **headers})

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """Every page, as it came. Raises SourceAway."""
        for number in range(1, MOST_PAGES + 1):
            payload, _ = ask(self._session, self._poll["url"], self._poll["timeout_s"], f"page {number}", self._asked(number))
            found = self._count(payload)
            if found:
                yield self.feed, payload
            if self._poll["page_parameter"] is None or found < self._poll["page"]:
                return

    def _asked(self, number: int) -> dict[str, str]:
        poll, asked = self._poll, {**self._poll["parameters"], **self._shown}
        if poll["page_parameter"]:
            asked[poll["page_parameter"]] = str(number)
        if poll["size_parameter"]:
            asked[poll["size_parameter"]] = str(poll["page"])
        if poll["since_parameter"]:
            since = datetime.fromtimestamp(time.time() - poll["since_s"], self._zone)
            asked[poll["since_parameter"]] = since.strftime(poll["since_format"])
        return asked

    def _count(self, payload: bytes) -> int:
        try:
            document = orjson.loads(payload)
            found = self._records.search(document) if self._records else document
        except (orjson.JSONDecodeError, ValueError, TypeError):
            raise SourceAway("answered no JSON that holds orders") from None
        return len(found) if isinstance(found, list) else int(bool(found))


def platform(setup: FeedSetup) -> Source | None:
    """The platform that the feed's settings name (the adapter checks them), or None."""
    poll = setup.settings.get("poll")
    if poll is None:
        return None
    zone = setup.settings.get("zone", "Asia/Shanghai")
    token = setup.secrets.get("hotline_token", "")
    return HotlinePlatform(setup.name, _poll(poll), setup.settings.get("records"), ZoneInfo(zone) if zone else None, token)
