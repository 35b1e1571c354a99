"""Asks a context broker for its entities over REST: NGSI-LD (ETSI GS CIM 009 V1.8.1, 6.4: GET /ngsi-ld/v1/entities) or NGSI-v2
(GET /v2/entities), type by type, page by page.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from config.strict import REQUIRED, Field, one_of, text
from data_adapters.feeds.asking import ask, poll_settings, seconds, session, url
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source, SourceAway

MOST_PAGES = 1000
LINK_TYPE = 'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
APIS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "ld": ("/ngsi-ld/v1/entities", {"options": "sysAttrs"}),
    "v2": ("/v2/entities", {"attrs": "*,dateModified", "metadata": "*"}),
}
"""Path and parameters; both ask for when an entity was last changed."""
TENANT = {"ld": "NGSILD-Tenant", "v2": "Fiware-Service"}


def _page(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 1000:
        raise ValueError("`page` from 1 to 1000")
    return raw


def _types(raw: Any) -> list[str]:
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) and one for one in raw):
        raise ValueError("`types`: a list of types of entities")
    return raw


POLL: dict[str, Field] = {
    "url": (url, REQUIRED),
    "types": (_types, REQUIRED),
    "api": (one_of(*APIS), "ld"),
    "every_s": (seconds, 60.0),
    "timeout_s": (seconds, 10.0),
    "page": (_page, 500),
    "tenant": (text, None),
    "service_path": (text, None),
    "context": (text, None),
}


def _poll(raw: Any) -> dict[str, Any]:
    return poll_settings(raw, POLL)


POLL_FIELDS: dict[str, Field] = {"poll": (_poll, None)}


class ContextBroker:
    """The Source port. Connecting, and each answer whole, take at most `timeout_s`."""

    def __init__(self, feed: str, poll: Mapping[str, Any], token: str = "") -> None:
        self.feed, self.every_s = feed, poll["every_s"]
        self._poll, self._session = poll, session({"Accept": "application/json", **_headers(poll, token)})

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """Every page of every type, as it came, under the topic `ngsi/{type}`. Raises SourceAway."""
        for kind in self._poll["types"]:
            for number in range(MOST_PAGES):
                payload = self._ask(kind, number * self._poll["page"])
                found = _listed(payload)
                if found:
                    yield f"ngsi/{kind}", payload
                if found < self._poll["page"]:
                    break

    def _ask(self, kind: str, offset: int) -> bytes:
        path, parameters = APIS[self._poll["api"]]
        asked = {"type": kind, "limit": str(self._poll["page"]), "offset": str(offset), **parameters}
        return ask(self._session, self._poll["url"] + path, self._poll["timeout_s"], kind, asked)[0]


def _headers(poll: Mapping[str, Any], token: str) -> dict[str, str]:
    told = {
        TENANT[poll["api"]]: poll["tenant"],
        "Fiware-ServicePath": poll["service_path"],
        "Link": f"<{poll['context']}>; {LINK_TYPE}" if poll["context"] else None,
        "Authorization": f"Bearer {token}" if token else None,
    }
    return {name: value for name, value in told.items() if value}


def _listed(payload: bytes) -> int:
    try:
        found = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise SourceAway("answered no JSON") from None
    if not isinstance(found, list):
        raise SourceAway("answered no list of entities")
    return len(found)


def context_broker(setup: FeedSetup) -> Source | None:
    """The broker that the feed's settings name (the adapter checks them), or None."""
    poll = None if "poll" not in setup.settings else _poll(setup.settings["poll"])
    return None if poll is None else ContextBroker(setup.name, poll, setup.secrets.get("broker_token", ""))
