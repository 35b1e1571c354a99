"""What the services need from outside. data_adapters/ has the real ones; tests write small fakes by hand.

Times are epoch milliseconds (int, UTC) unless a name says otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from domain.feed_tally import Tally
from domain.messages import Event, Memory, Output, Position, Presence, RawMessage, Reading, Reply


class Refused(NamedTuple):
    """A message, or one value of it, that was not taken: kept raw, with feed and reason, and counted."""

    feed: str
    message: RawMessage
    reason: str
    detail: str


class Brought(NamedTuple):
    """What one message brought, as its feed made it."""

    feed: str
    message: RawMessage
    outputs: Sequence[Output]


class Delivery(NamedTuple):
    """A message on its way in. `receipt` is what its source wants back when it is done: a broker's id or an inbox row's."""

    feed: str
    message: RawMessage
    receipt: Any
    inbox_id: int | None = None


class Feed(Protocol):
    """One inbound format (data_adapters/feeds/<name>/adapter.py)."""

    name: str
    topics: Sequence[str]
    """MQTT topic filters."""
    remembers: bool
    """Whether `memory` means anything to it."""

    def partition_key(self, topic: str) -> str:
        """What must stay in order: usually the device id."""

    def parse(self, message: RawMessage, memory: Memory) -> tuple[Sequence[Output | Reply], Memory]:
        """Pure. Never raises for anything that a network can deliver: it returns Rejected instead."""


class FeedEvent(NamedTuple):
    """An event and the feed that brought it: the two together are its identity."""

    feed: str
    event: Event


@dataclass
class Batch:
    """Everything that one transaction stores."""

    worker: int
    now: int
    readings: list[Reading] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    presences: list[Presence] = field(default_factory=list)
    events: list[FeedEvent] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    memories: dict[tuple[str, str], Memory] = field(default_factory=dict)
    inbox_ids: list[int] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    """(feed, outcome) -> messages; outcomes are stored, duplicate, rejected."""
    claims: dict[str, int] = field(default_factory=dict)
    """Devices that came to a worker whose they were not -> the hash by which they came (services/ownership.py)."""
    brought: list[Brought] = field(default_factory=list)
    """Message by message, where the readings and positions came from."""
    replies: list[Reply] = field(default_factory=list)
    """What feeds have to say back, once the batch is stored."""
    tallies: dict[str, Tally] = field(default_factory=dict)
    """Feed -> what is counted of it (services/tallying.py)."""


class Stored(NamedTuple):
    """What became of the readings of a batch; conflicts name the key that another value already holds.

    New ones are as they were stored; duplicates, conflicts and the positions that were already known are the batch's own objects.
    """

    new: list[Reading]
    duplicates: list[Reading]
    conflicts: list[Reading]
    known_positions: Sequence[Position] = ()
    new_events: Sequence[Event] = ()
    known_events: Sequence[Event] = ()
    event_conflicts: Sequence[Event] = ()


class BatchStore(Protocol):
    """Where a batch becomes fact, all of it or nothing (data_adapters/sql/batch_repository.py)."""

    def transaction(self) -> AbstractContextManager[Any]:
        """A transaction: commits at the end of the block, rolls back on an exception. Raises StoreUnavailable when the database
        cannot be reached, StoreRefused when it will not take the data."""

    def save_readings(self, tx: Any, batch: Batch) -> Stored:
        """Insert readings, positions, presences and events, mark what the roll-ups must do again, list unknown devices."""

    def claim(self, tx: Any, batch: Batch) -> Sequence[str]:
        """Keep the hashes of the batch's claims; returns the devices whose claim holds, for another one may hold already."""

    def save_rest(self, tx: Any, batch: Batch) -> None:
        """Keep the refused, the counts, the feeds' memory and the progress; take the batch's rows out of the inbox."""

    def load_memory(self, feed: str, key: str) -> Memory:
        """What the feed remembered last; {} at first."""


class StoreUnavailable(Exception):
    """The database cannot be reached, or asked for another try (deadlock). Nothing was stored; try again."""


class StoreRefused(Exception):
    """The database will not take this data, however often it is tried."""


class Series(NamedTuple):
    """One metric of one device."""

    device_id: str
    metric: str


class AlarmRecord(NamedTuple):
    """A row of `alarms` as the picture and the reconciliation need it; the last three are reckoned (services/alarm_picture.py).

    `silence_id`: the maintenance silence it is under. `false_at`, `false_by`: said to be a false alarm.
    """

    alarm_id: str
    number: str
    rule_id: str
    device_id: str
    metric: str
    region: str
    department: str
    severity: str
    state: str
    raised_at: int
    cleared_at: int | None
    raised_value: float | None
    limit_value: float | None
    acknowledged_at: int | None
    acknowledged_by: str | None
    silence_id: str | None = None
    false_at: int | None = None
    false_by: str | None = None
    times: int = 1
    flapping: bool = False
    superseded: bool = False


class Frame(NamedTuple):
    """What changed, as the live stream carries it: `pieces` maps `region|department|section` to its changes."""

    epoch: str
    version: int
    pieces: Mapping[str, Any]


class LivePicture(Protocol):
    """The one live picture (data_adapters/live_redis.py): the latest value of everything, and the frames of what changed."""

    def epoch(self) -> str | None:
        """The epoch of the picture now held, or None when there is none and it must be rebuilt."""

    def write(self, epoch: str, devices: Mapping[str, Any], alarms: Mapping[str, Any | None], vehicles: Mapping[str, Any]) -> bool:
        """Put whole records (device_id or alarm_id -> record; None is taken off). False when `epoch` is no longer the picture's:
        nothing was written. The caller then asks `epoch()`: None -> it rebuilds; another worker's -> it goes on under that one
        and first writes all its own devices and alarms again (the rebuild may have read the database before its last commit)."""

    def rebuild(self, epoch: str, devices: Mapping[str, Any], alarms: Mapping[str, Any], vehicles: Mapping[str, Any]) -> None:
        """Replace the whole picture under a new epoch."""

    def note(self, section: str, value: Any) -> bool:
        """Put a city-wide piece (`ingest`, `feeds`) under whatever epoch is held. False when there is no picture."""

    def flush(self) -> bool:
        """Make a frame of what changed, if any did and none was made in the last 250 ms by any worker. True when one was made."""


class Clock(Protocol):
    """Now, in epoch milliseconds."""

    def __call__(self) -> int: ...


def by_device(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    """Readings grouped by device, order kept."""
    grouped: dict[str, list[Reading]] = {}
    for reading in readings:
        grouped.setdefault(reading.device_id, []).append(reading)
    return grouped
