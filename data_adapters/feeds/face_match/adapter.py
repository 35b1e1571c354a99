"""Matches of an approved face platform: where, when and for which purpose, and nothing of a face (README.md beside this file)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from config.strict import Field, text
from data_adapters.feeds.measured import float_of
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.stated import identity, said, stated
from data_adapters.feeds.times import by_text, zone
from domain.event_time import EventTime, NotATime, parse_time, settle
from domain.messages import Memory, Output, RawMessage, Rejected

MAX_BYTES = 8 * 1024 * 1024
"""Platforms send the picture along, however little it is wanted."""
LONGEST = {"purpose": 100, "list": 100, "reference": 64}
PACKED = re.compile(r"[A-Za-z0-9+/=_-]{41,}|data:|https?:", re.IGNORECASE)
"""What no purpose, list or reference looks like: a picture or a feature in base64, an address of one."""
FIELDS = {"id": "id", "camera": "camera", "at": "at", "purpose": "purpose", "list": "list", "score": "score", "reference": "reference"}
"""What we take -> the platform's name of it; the setting `fields` says another one."""


class FaceMatchFeed:
    """Parses matches. It remembers nothing, and what it rejects is kept without its payload: that may hold a face."""

    remembers = False
    keeps_raw = False

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(face_match_fields(), [])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._fields = {**FIELDS, **self._settings["fields"]}

    def partition_key(self, topic: str) -> str:
        """The feed: its matches stay in order."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """One event of the kind `match`; Rejected for what the README lists. Never raises."""
        found = json_object(message.payload, MAX_BYTES)
        if isinstance(found, Rejected):
            return [Rejected(found.reason, "the payload can't be read")], memory
        return [self._match({ours: found.get(theirs) for ours, theirs in self._fields.items()}, message)], memory

    def _match(self, told: Mapping[str, Any], message: RawMessage) -> Output:
        texts = {name: said(told[name]) for name in LONGEST}
        unfit = next((name for name, words in texts.items() if len(words) > LONGEST[name] or PACKED.search(words)), None)
        if unfit:
            return Rejected("bad_field", f"`{unfit}` is a few words, and not what came")
        if not texts["purpose"]:
            return Rejected("no_purpose", "a match without its purpose is not taken")
        if self._settings["purposes"] and texts["purpose"] not in self._settings["purposes"]:
            return Rejected("purpose_not_approved", "the setting `purposes` does not have this one")
        if not isinstance(told["id"], str | int) or not isinstance(told["camera"], str) or not str(told["id"]) or not told["camera"]:
            return Rejected("bad_device", "`id` names the match and `camera` the camera; one is missing")
        if PACKED.search(told["camera"]):
            return Rejected("bad_field", "`camera` is an id, and not what came")
        when = self._when(told["at"], message)
        score = float_of(told["score"])
        facts = {**texts, "score": score if score is not None and abs(score) < 1e6 else None}
        return (
            when if isinstance(when, Rejected) else stated("match", identity(self.name, told["id"]), told["camera"], facts, when, message)
        )

    def _when(self, raw: Any, message: RawMessage) -> EventTime | Rejected:
        try:
            if isinstance(raw, str):
                return by_text(raw, message, self._clock_ahead_ms, self._settings["zone"])
            return settle(parse_time(raw), message.received_at, self._clock_ahead_ms)
        except NotATime:
            return Rejected("bad_time", "`at` is RFC 3339 text or epoch milliseconds")


def face_match_fields() -> dict[str, Field]:
    """The settings."""
    return {"fields": (_fields, {}), "purposes": (_purposes, []), "zone": (zone, None)}


def _fields(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not set(raw) <= set(FIELDS) or not all(isinstance(one, str) and one for one in raw.values()):
        raise ValueError(f"the platform's names of {', '.join(FIELDS)}")
    return raw


def _purposes(raw: Any) -> list[str]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("a list of purposes")
    return [text(one) for one in raw]
