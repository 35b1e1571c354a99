"""What comes in and what a feed makes of it.

Times are integers: milliseconds since 1970-01-01T00:00:00Z. Every value is a plain tuple, because ten thousand of them are
made each second.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

Memory = dict[str, Any]
"""What a feed remembers between messages (Sparkplug aliases, discovery); committed with the batch. JSON-able."""


class Quality(StrEnum):
    """How far a stored value can be trusted."""

    GOOD = "good"
    SUSPECT = "suspect"


class RawMessage(NamedTuple):
    """One message as it arrived, before anybody has looked inside."""

    topic: str
    payload: bytes
    received_at: int
    retained: bool = False
    redelivered: bool = False


class Reading(NamedTuple):
    """One value of one metric of one device. Exactly one of `value` and `text_value` is set.

    `source_at` holds the device's own time where it was unusable and `at` had to become `received_at`.
    """

    device_id: str
    metric: str
    at: int
    value: float | None
    text_value: str | None
    quality: Quality
    received_at: int
    source_at: str | None = None
    redelivered: bool = False


class Position(NamedTuple):
    """Where a device was: WGS 84 degrees, m/s, degrees clockwise from north. `source_at` as with a Reading."""

    device_id: str
    at: int
    lon: float
    lat: float
    speed: float | None
    course: float | None
    received_at: int
    source_at: str | None = None
    redelivered: bool = False


class Presence(NamedTuple):
    """The device's own word, or its last will: online or offline."""

    device_id: str
    online: bool
    received_at: int


class Event(NamedTuple):
    """Something that happened, as another system states it: a video alarm, a warning, a work order (domain/events.py has the kinds).

    `event_id`: the source's own identity of this statement, unique within the feed; the same again is a duplicate. `facts`: JSON-able,
    its shape belongs to the kind. WGS 84 degrees. `source_at` as with a Reading; empty where the source tells no time at all.
    """

    kind: str
    event_id: str
    at: int
    device_id: str | None
    lon: float | None
    lat: float | None
    facts: Mapping[str, Any]
    received_at: int
    source_at: str | None = None
    redelivered: bool = False


class Rejected(NamedTuple):
    """Why a message, or one value of it, was not taken. `reason` is a code from a feed's README; `detail` is for people."""

    reason: str
    detail: str


class Reply(NamedTuple):
    """What a feed has to say back: published on the broker once the message that called for it is stored, then forgotten (a worker killed
    in between says nothing; whoever needs an answer asks again)."""

    topic: str
    payload: bytes


Output = Reading | Position | Presence | Event | Rejected
