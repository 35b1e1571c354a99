"""What feed health needs from outside. Times are epoch milliseconds."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.feed_health import Counts, Expected, Way


class FeedPlan(NamedTuple):
    """A feed of this city as config/feeds.yaml has it: what is judged of it. `asked`: a poller fetches it; `topics`: it comes over MQTT."""

    name: str
    adapter: str
    interval_s: float | None = None
    asked: bool = False
    topics: tuple[str, ...] = ()


class Hearing(NamedTuple):
    """What CityDeck could hear: since when without a break (None: it never did), and why it cannot now (empty: it can)."""

    since: int | None
    blind: str = ""


class RejectCount(NamedTuple):
    """How many messages of a feed were refused for a reason, and when the newest kept one came."""

    feed: str
    reason: str
    n: int
    last_at: int | None


class RejectedMessage(NamedTuple):
    """A refused message as it came."""

    message_id: int
    feed: str
    topic: str
    payload: bytes
    reason: str
    detail: str
    received_at: int


class FeedStore(Protocol):
    """What is stored of feeds (data_adapters/sql/feed_health_repository.py)."""

    def hearing(self, at: int) -> Hearing:
        """Whether ingest keeps up, and since when."""

    def last(self, at: int) -> Mapping[str, int]:
        """Feed -> when its newest message until then was stored."""

    def first(self, feeds: Collection[str], at: int) -> Mapping[str, int]:
        """Feed -> when its first message was stored, to the minute."""

    def counts(self, windows: Mapping[str, int], at: int) -> Mapping[str, Counts]:
        """Feed -> what came in the so many milliseconds before `at`."""

    def expected(self, at: int) -> Mapping[str, Expected]:
        """Feed -> what its devices owe."""

    def devices(self, feed: str, at: int) -> Sequence[str]:
        """The devices that the feed brought last, sorted."""

    def ways(self, at: int) -> Mapping[str, tuple[Way, ...]]:
        """Feed -> the systems that are asked, or that post. Only how they do now is kept: for an earlier moment none."""

    def rejects(self, feed: str, since: int, until: int) -> Sequence[RejectCount]:
        """Refused by reason, most first; counted by the whole hours that touch the time."""

    def examples(self, feed: str, reason: str, until: int, most: int) -> Sequence[RejectedMessage]:
        """The newest refused messages that are kept."""

    def rejected(self, message_id: int) -> RejectedMessage | None:
        """One of them."""


class WayStore(Protocol):
    """How the systems do that are asked or that post (data_adapters/sql/feed_way_repository.py)."""

    def find(self, feed: str, way: str) -> Way | None:
        """What was kept last."""

    def keep(self, feed: str, way: Way) -> None:
        """Keep this."""


class NoWays:
    """Keeps nothing."""

    def find(self, feed: str, way: str) -> Way | None:
        """Nothing."""
        return None

    def keep(self, feed: str, way: Way) -> None:
        """Nothing."""
