"""Any JSON, as JMESPath in config/feeds.yaml describes it: most new sensors need no code (README.md beside this file)."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from data_adapters.feeds.mapping.paths import Scope, Unreadable
from data_adapters.feeds.mapping.records import Reader
from data_adapters.feeds.mapping.settings import read_mapping
from data_adapters.feeds.payloads import json_value
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.topics import PART, filled
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

MAX_OUTPUTS = 5000


class MappingFeed:
    """Reads messages by their settings. Remembers nothing."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        mapping = read_mapping(setup)
        self.name = setup.name
        self.topics: Sequence[str] = setup.topics
        self._topic = mapping.topic
        self._readers = [Reader(record, setup.catalogue, mapping.units, setup.clock_ahead_ms) for record in mapping.records]
        devices = {record.device for record in mapping.records}
        names = set(mapping.topic.names) if mapping.topic else set()
        self._key = devices.pop() if len(devices) == 1 else ""
        if not names or not self._key or not {name for name in PART.findall(self._key)} <= names or not PART.search(self._key):
            self._key = ""

    def partition_key(self, topic: str) -> str:
        """The device where the topic alone names it, else the topic: what comes on one topic stays in order."""
        parts = self._topic.parts(topic) if self._topic else None
        return filled(self._key, parts) if parts and self._key else topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Readings, positions and presences; Rejected for what the README lists. Never raises."""
        parts = self._topic.parts(message.topic) if self._topic else {}
        if parts is None:
            return [Rejected("bad_topic", "the topic is none that the settings describe")], memory
        document = json_value(message.payload)
        if isinstance(document, Rejected):
            return [document], memory
        outputs = list(islice(self._outputs(document, parts, message), MAX_OUTPUTS + 1))
        if len(outputs) > MAX_OUTPUTS:
            return [Rejected("too_large", f"more than {MAX_OUTPUTS} values")], memory
        if not outputs:
            return [Rejected("nothing_found", "the message holds nothing that the settings ask for")], memory
        # One delivered again may be older than what is known: see the native feed.
        return [one for one in outputs if not (message.redelivered and isinstance(one, Presence))], memory

    def _outputs(self, document: Any, parts: dict[str, str], message: RawMessage) -> Iterator[Output]:
        scope = Scope(document)
        for reader in self._readers:
            try:
                for item in scope.items(reader.record.within, reader.record.each):
                    yield from reader.outputs(scope, item, parts, message)
            except Unreadable as error:
                yield Rejected("unreadable", str(error))
