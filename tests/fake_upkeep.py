"""Feed health and operations work orders of the hand-written city: three feeds, one of them broken in every way, and one order."""

from typing import Any

from domain.access import Actor, Forbidden
from domain.feed_health import Counts, Expected, Facts, Health, Limits, Way, judge
from domain.feed_tally import CLASSES
from domain.upkeep import Order, Rate, Standing
from services.feed_health import Quiet, Whole
from services.feed_ports import FeedPlan, RejectCount, RejectedMessage
from services.upkeep import Seen
from services.upkeep_ports import Told

LIMITS = Limits(10, 0.5, 300, 0.05, 0.05, 10, 3600)
LAGS = (60, 20, 10, *[0] * (CLASSES - 4), 10)
HOUR = 3_600_000
DAYS = {"24h": Rate(22 * HOUR, 2 * HOUR, 24 * HOUR), "7d": Rate(0, 0, 168 * HOUR)}
ORDER_ID = "0190a000-0000-7000-8000-0000000000aa"


class FakeFeedHealth:
    """`now` is the moment about which all of it is."""

    def __init__(self, now: int) -> None:
        self.now = now
        broken = Way("poll", now - 5_000, None, 7, now - 2 * HOUR, now - 5_000, now + 60_000, "answered 401 for Thing")
        heard = Counts(900, 3, 97, 800, 300, 90, LAGS)
        fine = Counts(5000, 2, 0, 5000, 4990, 0, (5000, *[0] * (CLASSES - 1)))
        day = 24 * HOUR
        self.found = [
            judge(Facts("ngsi", None, now - 2 * HOUR, HOUR, day, heard, Expected(10, 0.2, 3, 2), (broken,)), LIMITS, now),
            judge(Facts("mapping", None, None, HOUR, day, Counts(), Expected()), LIMITS, now),
            judge(Facts("native", 60.0, now - 900, 600_000, day, fine, Expected(500, 8.3)), LIMITS, now),
        ]

    def judged(self, at: int) -> list[Health]:
        return self.found

    def listed(self, actor: Actor, at: int) -> list[Health]:
        if not actor.may("read_operations"):
            raise Forbidden("read_operations")
        return self.found

    def whole(self, actor: Actor, feed: str, at: int) -> Whole:
        health = next((one for one in self.listed(actor, at) if one.feed == feed), None)
        if health is None:
            raise LookupError(feed)
        losses = [Standing("feed", feed, "down", self.now - 2 * HOUR, None, "away")] if health.is_bad else []
        rejects = [RejectCount(feed, "bad_json", 97, self.now - 60_000)] if health.facts.counts.rejected else []
        return Whole(health, FeedPlan(feed, feed), rejects, losses, DAYS, [Quiet("rain-1", None, 60.0)] if losses else [])

    def examples(self, actor: Actor, feed: str, reason: str, at: int) -> list[RejectedMessage]:
        return [RejectedMessage(1, feed, "a/b", b'<script>alert("x")</script>{', reason, "line 1", self.now - 60_000)]

    def rejects_of_day(self, at: int) -> list[RejectCount]:
        return [RejectCount("ngsi", "bad_json", 97, None)]


class FakeDeviceFeeds:
    """Everything came over the first feed, but air also over another one."""

    def of(self, actor: Actor, device: Any, now: int, at: int | None = None) -> str:
        return "native"

    def of_kind(self, actor: Actor, kind: str, now: int, at: int | None = None) -> tuple[str, ...]:
        return ("native", "ttn") if kind == "air_quality" else ("native",)


class FakeUpkeep:
    """One order that waits, and remembers what was done with it."""

    def __init__(self, now: int) -> None:
        self.done: list[tuple[str, str, str]] = []
        self.order = Order(
            ORDER_ID, "U-441900-0000001", 1, "feed", "ngsi", "ngsi", "", "", "feeds", "role:data_steward", "智慧科技", "away", "pending",
            now - 2 * HOUR, now - HOUR, now - 60_000, "",
        )  # fmt: skip

    def listed(self, actor: Actor, at: int) -> list[Order]:
        return [self.order]

    def one(self, actor: Actor, order_id: str, at: int) -> Seen:
        opened = Told(ORDER_ID, 1, self.order.opened_at, "rule:upkeep", "opened", "pending", {"why": "away"})
        standing = Standing("feed", "ngsi", "down", self.order.down_since, None, "away")
        return Seen(self.order, [opened], standing, DAYS, ["take", "note"])

    def act(self, actor: Actor, order_id: str, deed: str, note: str, now: int) -> Any:
        self.done.append((actor.username, deed, note))
        self.order = self.order._replace(state="working", version=2)
        return self.order

    def open_by_state(self, at: int) -> dict[str, int]:
        return {"pending": 1, "working": 0, "confirming": 0}
