"""Which worker hears what: the topics of all feeds, and how several workers share them.

One worker subscribes to the feeds' own filters, or to everything (data_adapters/mqtt.py says why). For several the broker maps each
topic to `part/<worker>/<topic>` by FNV-1a of the level that names the device (NATS' subject mapping; domain/partition.py makes the same
sum), and each subscribes to its own part. A topic that has no such level goes to worker 0.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from paho.mqtt.matcher import MQTTMatcher

from config.feeds import FeedConfig, Topic
from data_adapters.mqtt import BEAT, EVERYTHING, Arrival, Subscription, subscription
from domain.partition import fnv1a32
from services.ports import Delivery, Feed

PART = "part"
KEPT_TOPICS = 200_000


@dataclass(frozen=True)
class Plan:
    """How `workers` share `topics`; `nats` says of which kind the broker is. Two plans of one `mark` have the same sessions."""

    workers: int
    topics: tuple[Topic, ...] = ()
    nats: bool = True

    @property
    def is_mapped(self) -> bool:
        """Whether the broker must map topics to parts."""
        return self.workers > 1

    @property
    def mark(self) -> str:
        """Short, and the same for plans of equal effect."""
        routes = sorted(tuple(topic) for topic in self.topics) if self.is_mapped else []
        return hashlib.sha256(repr((self._plain(), routes)).encode()).hexdigest()[:8]

    def shares(self) -> list[Subscription]:
        """What each worker listens to. The session's name carries the mark: another plan gets other sessions."""
        return [share._replace(client_id=f"{share.client_id}-{self.mark}") for share in self._plain()]

    def takes(self, topic: str) -> bool:
        """Whether some feed wants `topic`."""
        return any(_takes(one.filter.split("/"), topic.split("/")) for one in self.topics)

    def hash_of(self, topic: str) -> int:
        """What decides whose part `topic` is in: this, modulo the number of workers."""
        levels = topic.split("/")
        for one in self.topics:
            if _takes(one.filter.split("/"), levels):
                key = one.key_level
                return 0 if key is None or len(levels) < key else fnv1a32(_token(levels[key - 1]).encode())
        return 0

    def mappings(self) -> dict[str, str]:
        """NATS' subject mappings, source to destination. No two sources take the same subject: the server keeps them in no order."""
        return {source: goal for topic in self.topics for source, goal in self._mapped(topic)} if self.is_mapped else {}

    def _plain(self) -> list[Subscription]:
        filters = [topic.filter for topic in self.topics]
        return [subscription(worker, self.workers, filters, self.nats) for worker in range(self.workers)]

    def _mapped(self, topic: Topic) -> Iterator[tuple[str, str]]:
        for levels in _by_length(topic):
            source, goal = [], []
            for level in levels:
                wild = level in ("+", ">")
                source.append({"+": "*"}.get(level, level) if wild else _token(level))
                goal.append(f"{{{{wildcard({source.count('*')})}}}}" if level == "+" else source[-1])
            key = topic.key_level
            named = key is not None and len(levels) >= key and levels[key - 1] == "+"
            number = source[: key or 0].count("*")
            part = f"{{{{partition({self.workers},{number})}}}}" if named else "0"
            yield ".".join(source), ".".join([PART, part, *goal])


def plan(workers: int, feeds: Iterable[FeedConfig], nats: bool) -> Plan:
    """The plan for the feeds that are on."""
    return Plan(workers, tuple(topic for feed in feeds if feed.enabled for topic in feed.topics), nats)


class Router:
    """Finds the feed of a topic, and keeps what it found: devices say the same topics again and again."""

    def __init__(self, feeds: Mapping[str, Feed], heard: Sequence[str] = ()) -> None:
        """`heard` are the filters of the session: of one that hears everything, what no feed wants is passed over."""
        first = next(iter(feeds), None)
        self._otherwise = None if tuple(heard) == EVERYTHING else first
        self._only = self._otherwise if len(feeds) == 1 else None
        self._found: dict[str, str | None] = {}
        self._filters = MQTTMatcher()  # type: ignore[no-untyped-call]
        for name, feed in feeds.items():
            for pattern in feed.topics:
                self._filters[pattern] = name

    def feed_of(self, topic: str) -> str | None:
        """The name of the feed whose filter takes `topic`. When none does: None where everything is heard, else the first feed, which
        refuses it, so that it is kept."""
        if self._only is not None:
            return self._only
        if topic not in self._found:
            if len(self._found) >= KEPT_TOPICS:
                self._found.clear()
            self._found[topic] = next(self._filters.iter_match(topic), self._otherwise)  # type: ignore[no-untyped-call]
        return self._found[topic]

    def deliveries(self, arrivals: Iterable[Arrival]) -> list[Delivery]:
        """What has come, each with its feed; our own heartbeats and what no feed wants left out."""
        if self._only is not None:
            return [Delivery(self._only, message, receipt) for message, receipt in arrivals if message.topic != BEAT]
        found = []
        for message, receipt in arrivals:
            feed = None if message.topic == BEAT else self.feed_of(message.topic)
            if feed is not None:
                found.append(Delivery(feed, message, receipt))
        return found


def _by_length(topic: Topic) -> Iterator[list[str]]:
    """A filter that ends on `#` in several, each of one length but the last (`>`: and longer), so that the key's level is there."""
    levels = topic.filter.split("/")
    if levels[-1] != "#":
        yield levels
        return
    base = levels[:-1]
    full = max(len(base), topic.key_level or 0)
    for length in range(len(base), full + 1):
        yield [*base, *["+"] * (length - len(base))]
    yield [*base, *["+"] * (full - len(base)), ">"]


def _token(level: str) -> str:
    """A level of an MQTT topic as NATS writes it in a subject (server/mqtt.go)."""
    return level.replace(".", "//") or "/"


def _takes(pattern: Sequence[str], levels: Sequence[str]) -> bool:
    if pattern[-1] == "#":
        pattern, levels = pattern[:-1], levels[: len(pattern) - 1]
    return len(pattern) == len(levels) and all(p in ("+", level) for p, level in zip(pattern, levels, strict=True))
