"""Open311 GeoReport v2: services, their definitions, requests, updates and tokens, JSON or XML (README.md beside this file)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config.strict import Field
from data_adapters.feeds.open311.documents import read
from data_adapters.feeds.open311.polling import POLL_FIELDS
from data_adapters.feeds.orders import order_event
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.telling import TELL_FIELDS
from data_adapters.feeds.times import by_text, zone
from domain.event_time import EventTime, NotATime
from domain.messages import Memory, Output, RawMessage, Rejected

STATUSES = {"open": "open", "closed": "closed"}
MOST_SERVICES = 2000
TOKEN = "token:"
TEXTS = {
    "title": "service_name", "text": "description", "said": "status", "note": "status_notes", "service_code": "service_code",
    "address": "address", "department": "agency_responsible", "url": "media_url", "lon": "long", "lat": "lat",
    "deadline": "expected_datetime",
    "phone": "phone", "email": "email",
}  # fmt: skip
"""Our name -> the specification's."""


def _words(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(
        isinstance(word, str) and meant in (*STATUSES, "reopened", "withdrawn") for word, meant in raw.items()
    ):
        raise ValueError("words that a server has beside open and closed, each with open, closed, reopened or withdrawn")
    return {word.lower(): meant for word, meant in raw.items()}


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError("text")
    return raw


FIELDS: dict[str, Field] = {
    "statuses": (_words, {}),
    "jurisdiction_id": (_text, ""),
    "channel": (_text, "open311"),
    "zone": (zone, None),
    **POLL_FIELDS,
    **TELL_FIELDS,
}


class Open311Feed:
    """Reads GeoReport v2. Remembers what services are called, so that a request that only has a code says what it is about."""

    remembers = True

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(FIELDS, ("open311_key", "platform_token"))
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._statuses = {**STATUSES, **self._settings["statuses"]}

    def partition_key(self, topic: str) -> str:
        """All stays in one order: a request follows the service that it names."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Events of the kind `order`; Rejected for what the README lists. Never raises."""
        found = read(message.payload)
        if isinstance(found, Rejected):
            return [found], memory
        if found.kind == "services":
            return _refused(found.records), _learnt(memory, found.records)
        by_kind = {
            "service_requests": self._request,
            "service_request_updates": self._update,
            "tokens": self._token,
            "errors": _error,
            "service_definition": _definition,
        }
        outputs = (by_kind[found.kind](record, message, memory) for record in found.records)
        return [one for several in outputs for one in several], memory

    def _request(self, record: Mapping[str, Any], message: RawMessage, memory: Memory) -> Iterator[Output]:
        said = {ours: _plain(record.get(theirs)) for ours, theirs in TEXTS.items()}
        other = _plain(record.get("jurisdiction_id"))
        if other and self._settings["jurisdiction_id"] and other != self._settings["jurisdiction_id"]:
            yield Rejected("other_jurisdiction", f"of {other[:60]!r}, not {self._settings['jurisdiction_id']!r}")
            return
        token, number = _plain(record.get("token")), _plain(record.get("service_request_id"))
        known = memory.get("services", {}).get(said["service_code"], {})
        said |= {
            "number": number or (f"{TOKEN}{token}" if token else ""),
            "token": token,
            "title": said["title"] or known.get("name", ""),
            "theme": known.get("group") or said["title"] or known.get("name", ""),
            "channel": self._settings["channel"],
            "name": " ".join(filter(None, (_plain(record.get("first_name")), _plain(record.get("last_name"))))),
            "status": self._statuses.get(said["said"].lower(), "other") if said["said"] else "open",
        }
        yield self._event(said, record, ("updated_datetime", "requested_datetime"), message)

    def _update(self, record: Mapping[str, Any], message: RawMessage, memory: Memory) -> Iterator[Output]:
        word = _plain(record.get("status"))
        said = {
            "number": _plain(record.get("service_request_id")),
            "status": self._statuses.get(word.lower(), "other") if word else "other",
            "said": word,
            "note": _plain(record.get("description")),
        }
        yield self._event(said, record, ("updated_datetime",), message)

    def _token(self, record: Mapping[str, Any], message: RawMessage, memory: Memory) -> Iterator[Output]:
        said = {"number": _plain(record["service_request_id"]), "token": _plain(record["token"]), "status": "open"}
        yield order_event(said, None, message)

    def _event(self, said: Mapping[str, Any], record: Mapping[str, Any], times: Sequence[str], message: RawMessage) -> Output:
        try:
            when = self._when(next((raw for raw in (_plain(record.get(name)) for name in times) if raw), ""), message)
        except NotATime as error:
            return Rejected("bad_time", str(error))
        return Rejected("no_time", f"{', '.join(times)}: missing") if when is None else order_event(said, when, message)

    def _when(self, raw: str, message: RawMessage) -> EventTime | None:
        return by_text(raw, message, self._clock_ahead_ms, self._settings["zone"]) if raw else None


def _error(record: Mapping[str, Any], message: RawMessage, memory: Memory) -> Iterator[Output]:
    yield Rejected("server_error", f"{_plain(record.get('code'))[:20]}: {_plain(record.get('description'))[:200]}")


def _definition(record: Mapping[str, Any], message: RawMessage, memory: Memory) -> Iterator[Output]:
    yield Rejected("not_stored", f"{_plain(record.get('service_code'))[:60]}: which questions a service asks is of no use to an order here")


def _refused(records: Sequence[Mapping[str, Any]]) -> list[Output]:
    return [Rejected("no_service", "a service without a service_code") for one in records if not _plain(one.get("service_code"))]


def _learnt(memory: Memory, records: Sequence[Mapping[str, Any]]) -> Memory:
    """What the services are called; the newest list adds to what is known, up to MOST_SERVICES."""
    told = {
        _plain(one["service_code"])[:100]: {"name": _plain(one.get("service_name"))[:200], "group": _plain(one.get("group"))[:200]}
        for one in records
        if _plain(one.get("service_code"))
    }
    known = {**memory.get("services", {}), **told}
    return {**memory, "services": dict(list(known.items())[-MOST_SERVICES:])}


def _plain(raw: Any) -> str:
    """A value as text that can be kept: JSON's numbers too, no lists, no halves of characters."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return ""
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    return "".join(letter for letter in text if letter != "\x00" and not "\ud800" <= letter <= "\udfff").strip()
