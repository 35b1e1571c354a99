"""RSS of a dispatch centre's system (CAD): units with place and status, and calls (README.md beside this file)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from lxml.etree import _Element

from config.strict import Field
from data_adapters.feeds.cad_rss.statuses import STATUSES, table
from data_adapters.feeds.lists import POLL_FIELDS, SECRET
from data_adapters.feeds.markup import child, children, local, number_of, text_of, xml_root
from data_adapters.feeds.measured import device_fault
from data_adapters.feeds.places import position
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.topics import filled, template_names
from domain.event_time import EventTime, NotATime, settle, to_ms
from domain.events import checked
from domain.messages import Event, Memory, Output, RawMessage, Reading, Rejected

MAX_BYTES = 8 * 1024 * 1024
METRIC = "unit_status"
EXERCISE = ("exercise", "training", "practice", "drill", "test", "演练", "测试")
NOT_A_LETTER = re.compile(r"[^\W\d_]+", re.UNICODE)


class CadRssFeed:
    """Parses whole documents; it remembers nothing: each is all that its producer knows."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        settings = setup.read(cad_fields(), [SECRET])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._device: str = settings["device"]
        self._statuses: Mapping[str, str] = {**STATUSES, **settings["statuses"]}
        self._exercise: Sequence[str] = settings["exercise_words"]

    def partition_key(self, topic: str) -> str:
        """The topic: documents of one source stay in order."""
        return topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Positions and statuses of units, calls as events; Rejected for what the README lists. Never raises."""
        root = xml_root(message.payload, MAX_BYTES)
        if isinstance(root, Rejected):
            return [root], memory
        channel = child(root, "channel") if local(root) == "rss" else None
        if channel is None:
            return [Rejected("wrong_type", f"expected RSS, not {local(root)[:40]}")], memory
        published = self._time(text_of(channel, "pubDate"), message)
        outputs = [output for item in children(channel, "item") for output in self._item(item, published, message)]
        return outputs or [Rejected("nothing_said", "the list is empty")], memory

    def _item(self, item: _Element, published: EventTime | Rejected, message: RawMessage) -> Iterator[Output]:
        if text_of(item, "incidentId"):
            yield self._call(item, message)
        elif child(item, "status") is not None or child(item, "X") is not None:
            yield from self._unit(item, published, message)
        else:
            yield Rejected("not_handled", f"{text_of(item, 'title')[:80]!r} is neither a unit nor a call")

    def _unit(self, item: _Element, published: EventTime | Rejected, message: RawMessage) -> Iterator[Output]:
        """A unit's place and status, both of the moment at which the list was made."""
        title = text_of(item, "title")
        device_id = filled(self._device, {"unit": title}) if title else ""
        fault = device_fault(device_id) if title else Rejected("bad_device", "a unit without a title")
        if fault or isinstance(published, Rejected):
            yield fault or published  # type: ignore[misc]
            return
        place = {"lon": number_of(text_of(item, "X")), "lat": number_of(text_of(item, "Y"))}
        if place["lon"] == place["lat"] == 0:
            yield Rejected("no_fix", f"{device_id}: 0, 0 is what a receiver tells that knows no place")
        elif None not in place.values():
            yield position(device_id, place, published, message)
        word = text_of(item, "status")
        if not word:
            return
        state = self._statuses.get(word.upper())
        if state is None:
            yield Rejected("unknown_status", f"{device_id}: {word[:40]!r}: the setting `statuses` says what it means")
        else:
            yield Reading(
                device_id, METRIC, published.at, None, state, published.quality, message.received_at, published.source, message.redelivered
            )

    def _call(self, item: _Element, message: RawMessage) -> Output:
        number, modified = text_of(item, "incidentId"), self._time(text_of(item, "lastModified") or text_of(item, "started"), message)
        if isinstance(modified, Rejected):
            return modified._replace(detail=f"{number[:60]}: {modified.detail}")
        place = _point(text_of(item, "point"))
        if isinstance(place, Rejected):
            return place._replace(detail=f"{number[:60]}: {place.detail}")
        lon, lat = place
        facts = self._facts(item, number, message)
        named = Event("call", f"{number[:120]}/{modified.at}", modified.at, None, lon, lat, facts, message.received_at, modified.source)
        return checked(named._replace(redelivered=message.redelivered))

    def _facts(self, item: _Element, number: str, message: RawMessage) -> dict[str, Any]:
        """Texts as they are; times in epoch ms, None for none."""
        started, ended = (self._time(text_of(item, name), message) for name in ("started", "ended"))
        texts = {ours: text_of(item, theirs) for ours, theirs in (("name", "incidentName"), ("type", "type"), ("address", "fullAddress"))}
        return {
            "number": number,
            "status": "closed" if text_of(item, "ended") else "open",
            **{name: " ".join(text.split()) for name, text in texts.items()},
            "units": text_of(item, "resources").split(),
            "started_at": None if isinstance(started, Rejected) else started.at,
            "ended_at": None if isinstance(ended, Rejected) else ended.at,
            "exercise": self._is_exercise(number, texts["name"], texts["type"]),
        }

    def _is_exercise(self, *texts: str) -> bool:
        words = {word.casefold() for text in texts for word in NOT_A_LETTER.findall(text)}
        return any(one in words or (not one.isascii() and any(one in text for text in texts)) for one in self._exercise)

    def _time(self, text: str, message: RawMessage) -> EventTime | Rejected:
        """A time of RSS (RFC 822); one whose zone is not told is UTC (-0000)."""
        try:
            moment = parsedate_to_datetime(text)
            at = to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
            return settle(at, message.received_at, self._clock_ahead_ms)
        except (NotATime, ValueError, OverflowError, TypeError, IndexError):
            return Rejected("bad_time", f"{text[:60]!r} is no time of RFC 822")


def _point(text: str) -> tuple[float | None, float | None] | Rejected:
    """GeoRSS: latitude, then longitude; None for a call without a place."""
    if not text:
        return None, None
    numbers = [number_of(part) for part in text.replace(",", " ").split()]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return Rejected("out_of_range", f"{text[:60]!r} is no place: expected latitude and longitude")
    return numbers[1], numbers[0]


def _words(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one for one in raw):
        raise ValueError("a list of words")
    return tuple(one.casefold() for one in raw)


def _template(raw: Any) -> str:
    if not template_names(raw, ("unit",)):
        raise ValueError("text with {unit} in it")
    return str(raw)


def cad_fields() -> dict[str, Field]:
    """The settings, those of the poller included."""
    return {**POLL_FIELDS, "device": (_template, "{unit}"), "statuses": (table, {}), "exercise_words": (_words, EXERCISE)}
