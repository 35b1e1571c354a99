"""Asks a media server for its streams: /index/api/getMediaList, and /index/api/getMediaInfo for single ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from config.strict import REQUIRED, Field
from data_adapters.feeds.asking import ask, poll_settings, seconds, session, url
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source

LISTS = ("getMediaList", "getMediaInfo")
"""Topics of the answers; only the first tells all streams."""
SECRET = "api_secret"


def _streams(raw: Any) -> list[dict[str, str]]:
    fine = isinstance(raw, list) and all(isinstance(one, str) and one.count("/") == 1 for one in raw)
    if not fine:
        raise ValueError("`streams`: a list of `app/stream`")
    return [dict(zip(("app", "stream"), one.split("/"), strict=True)) for one in raw]


POLL: dict[str, Field] = {
    "url": (url, REQUIRED),
    "every_s": (seconds, 30.0),
    "timeout_s": (seconds, 5.0),
    "streams": (_streams, []),
}


def _poll(raw: Any) -> dict[str, Any]:
    return poll_settings(raw, POLL)


POLL_FIELDS: dict[str, Field] = {"poll": (_poll, None)}


class MediaServer:
    """The Source port."""

    def __init__(self, feed: str, poll: Mapping[str, Any], schema: str, secret: str) -> None:
        self.feed, self.every_s = feed, poll["every_s"]
        self._poll, self._schema, self._secret = poll, schema, secret
        self._session = session({"Accept": "application/json"})

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """The list of all streams in the chosen schema, or the named ones one by one. Raises SourceAway."""
        named = self._poll["streams"]
        if not named:
            yield LISTS[0], self._ask(LISTS[0], {"schema": self._schema})
        for one in named:
            answer = self._ask(LISTS[1], {"schema": self._schema, "vhost": "__defaultVhost__", **one})
            yield LISTS[1], _named(answer, self._schema, one)

    def _ask(self, what: str, asked: Mapping[str, str]) -> bytes:
        place, parameters = f"{self._poll['url']}/index/api/{what}", {"secret": self._secret, **asked}
        return ask(self._session, place, self._poll["timeout_s"], what, parameters)[0]


def _named(answer: bytes, schema: str, one: Mapping[str, str]) -> bytes:
    """The answer about one stream doesn't name it in all versions: what was asked is put in, where it is an object."""
    asked = "".join(f'"{name}":"{value}",' for name, value in {**one, "schema": schema}.items() if value.isprintable() and '"' not in value)
    text = answer.strip()
    return b"{" + asked.encode() + text[1:] if text.startswith(b"{") and len(text) > 2 else answer


def media_server(setup: FeedSetup) -> Source | None:
    """The server that the feed's setting `poll` names (the adapter checks it), or None."""
    raw = setup.settings.get("poll")
    schema = str(setup.settings.get("schema", "rtsp"))
    return None if raw is None else MediaServer(setup.name, _poll(raw), schema, setup.secrets.get(SECRET, ""))
