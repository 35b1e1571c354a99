"""A government hotline's work orders (12345, 96966): JSON as its platform has it, or a table that it exports (README.md here)."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from data_adapters.feeds.hotline.settings import read_hotline
from data_adapters.feeds.hotline.when import moment
from data_adapters.feeds.mapping.paths import Item, Path, Scope, Unreadable
from data_adapters.feeds.orders import order_event
from data_adapters.feeds.payloads import json_value
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.tables import MAX_BYTES, rows
from domain.event_time import EventTime, NotATime
from domain.messages import Memory, Output, RawMessage, Rejected

MAX_ORDERS = 20_000
TABLE_NUMBER = re.compile(r"(?<=[0-9])\.0+\Z")
"""What a spreadsheet puts behind a whole number."""
BLANK = b" \t\r\n\xef\xbb\xbf"


class HotlineFeed:
    """Reads orders by its settings. Remembers nothing."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = read_hotline(setup)
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics

    def partition_key(self, topic: str) -> str:
        """All orders stay in one order: a status follows its order."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Events of the kind `order`; Rejected for what the README lists. Never raises."""
        return list(self._orders(message)), memory

    def _orders(self, message: RawMessage) -> Iterator[Output]:
        found = self._records(message)
        if isinstance(found, Rejected):
            yield found
            return
        scope, records = found
        if not records:
            yield Rejected("nothing_found", "the message holds no order where the settings look for them")
        elif len(records) > MAX_ORDERS:
            yield Rejected("too_large", f"{len(records)} orders, at most {MAX_ORDERS}")
        else:
            for record in records:
                yield self._order(scope, record, message)

    def _records(self, message: RawMessage) -> tuple[Scope, list[Any]] | Rejected:
        """Scope and records: of JSON where the message looks like it, else of a table."""
        document = self._document(message.payload)
        if isinstance(document, Rejected):
            return document
        scope = Scope(document)
        whole = Item(document, document)
        try:
            found = scope.find(self._settings.records, whole) if self._settings.records and not _is_table(message.payload) else document
        except Unreadable as error:
            return Rejected("unreadable", str(error))
        records = found if isinstance(found, list) else [found]
        return scope, [one for one in records if isinstance(one, dict)]

    def _document(self, payload: bytes) -> Any | Rejected:
        return rows(payload) if _is_table(payload) else json_value(payload.removeprefix(b"\xef\xbb\xbf"), MAX_BYTES)

    def _order(self, scope: Scope, record: dict[str, Any], message: RawMessage) -> Output:
        try:
            said = {name: _first(scope, places, record) for name, places in self._settings.fields.items()}
            when = self._when(said, message)
        except Unreadable as error:
            return Rejected("unreadable", str(error))
        except NotATime as error:
            return Rejected("bad_time", str(error))
        if when is None and self._settings.without_time != "received":
            return Rejected("no_time", "the order has no time, and the setting without_time doesn't say that receipt will do")
        word = said.get("status", "")
        status = self._settings.statuses.get(word, "other") if word else self._settings.sole
        said |= {"number": TABLE_NUMBER.sub("", said["number"]), "status": status, "said": word}
        return order_event(said, when, message, self._settings.keep_person)

    def _when(self, said: dict[str, str], message: RawMessage) -> EventTime | None:
        raw = said.get("changed") or said.get("time")
        local, patterns = self._settings.zone, self._settings.patterns
        return moment(raw, message, self._clock_ahead_ms, local, patterns) if raw else None


def _is_table(payload: bytes) -> bool:
    return payload.lstrip(BLANK)[:1] not in (b"{", b"[", b"")


def _first(scope: Scope, places: Sequence[Path], record: dict[str, Any]) -> str:
    """What the first of these places says, as text."""
    for place in places:
        found = scope.find(place, Item(record, record))
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            continue
        text = _plain(found)
        if text:
            return text
    return ""


def _plain(found: str | int | float) -> str:
    """Numbers as people write them: an export's 166015.0 is order 166015."""
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    return " ".join(str(found).split())
