"""What each feed is worth, for those who look after it: judged from what is stored, at any moment (domain/feed_health.py)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.access import Actor, Forbidden
from domain.feed_health import STATES, Counts, Expected, Facts, Health, Limits, judge, window_of
from domain.masking import masked
from domain.upkeep import Rate, Standing
from services.feed_ports import FeedPlan, FeedStore, Hearing, RejectCount, RejectedMessage

RIGHT = "read_operations"
DAY_MS = 86_400_000
EXAMPLES = 20
LOSSES = 20
PERIODS_MS = {"24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS}
"""Periods for which an online rate is told."""
SHOWN_BYTES = 20_000


class Standings(Protocol):
    """Since when a thing was up or down (services/upkeep_ports.py)."""

    def of(self, kind: str, thing: str, since: int, until: int) -> Sequence[Standing]: ...

    def rate(self, kind: str, thing: str, since: int, until: int) -> Rate: ...


class Pictures(Protocol):
    """The picture as an actor sees it (services/picture.py)."""

    def snapshot(self, actor: Actor, at: int | None = None) -> Any: ...


class Quiet(NamedTuple):
    """A device of the feed that the actor sees and that owes a report: its newest value (None: never), its interval."""

    device_id: str
    last_at: int | None
    interval_s: float


class Whole(NamedTuple):
    """A feed in full. `quiet` is None for who sees no picture; `rates`: period -> share of the time that it was up."""

    health: Health
    plan: FeedPlan
    rejects: Sequence[RejectCount]
    losses: Sequence[Standing]
    rates: Mapping[str, Rate]
    quiet: Sequence[Quiet] | None


class FeedHealth:
    """Of one city. Each read raises Forbidden without the right."""

    def __init__(
        self,
        store: FeedStore,
        standings: Standings,
        plans: Sequence[FeedPlan],
        limits: Limits,
        stale_after: float,
        pictures: Pictures | None = None,
    ) -> None:
        """`stale_after`: intervals after which a device that said nothing is quiet."""
        self._store, self._standings, self._limits, self._pictures = store, standings, limits, pictures
        self._stale_after = stale_after
        self._plans = {plan.name: plan for plan in plans}

    def judged(self, at: int) -> list[Health]:
        """Every feed of the city at that moment, the worst first: for the program itself, which asks for nobody."""
        expected, hearing = self._store.expected(at), self._store.hearing(at)
        windows = {feed: window_of(expected.get(feed, Expected())) for feed in self._plans}
        first = self._store.first(self._plans, at)
        last, counts, ways = self._store.last(at), self._store.counts(windows, at), self._store.ways(at)
        found = [
            judge(
                Facts(
                    feed,
                    plan.interval_s,
                    last.get(feed),
                    windows[feed],
                    _listening(hearing, at),
                    counts.get(feed, Counts()),
                    expected.get(feed, Expected()),
                    ways.get(feed, ()),
                    hearing.blind,
                    first.get(feed),
                ),
                self._limits,
                at,
            )
            for feed, plan in self._plans.items()
        ]
        return sorted(found, key=lambda one: (STATES.index(one.state), one.feed))

    def rejects_of_day(self, at: int) -> list[RejectCount]:
        """What was refused in the last 24 hours, by feed and reason: for the program itself."""
        return [one for feed in self._plans for one in self._store.rejects(feed, at - DAY_MS, at)]

    def listed(self, actor: Actor, at: int) -> list[Health]:
        """Every feed, the worst first. A feed is the whole city's: who may read operations sees how each does."""
        _may(actor)
        return self.judged(at)

    def whole(self, actor: Actor, feed: str, at: int) -> Whole:
        """One feed in full. Raises LookupError for one that the city doesn't have."""
        _may(actor)
        plan = self._plans[feed]
        health = next(one for one in self.judged(at) if one.feed == feed)
        rates = {name: self._standings.rate("feed", feed, at - span, at) for name, span in PERIODS_MS.items()}
        losses = [one for one in self._standings.of("feed", feed, at - PERIODS_MS["30d"], at) if one.state == "down"]
        rejects = self._store.rejects(feed, at - health.facts.window_ms, at)
        return Whole(health, plan, rejects, losses[-LOSSES:][::-1], rates, self._quiet(actor, feed, at))

    def examples(self, actor: Actor, feed: str, reason: str, at: int) -> list[RejectedMessage]:
        """The newest refused messages of a reason. Raises Forbidden also for somebody whose scope is not the whole city: nobody can
        tell whose town a message is from that could not be read."""
        _may(actor, whole_city=True)
        if feed not in self._plans:
            raise LookupError(feed)
        return [_masked(one) for one in self._store.examples(feed, reason, at, EXAMPLES)]

    def rejected(self, actor: Actor, message_id: int, at: int) -> RejectedMessage:
        """One refused message, its personal data masked, at most SHOWN_BYTES of it. Raises as `examples`, LookupError for none."""
        _may(actor, whole_city=True)
        found = self._store.rejected(message_id)
        if found is None or found.received_at > at:
            raise LookupError(str(message_id))
        return _masked(found)

    def _quiet(self, actor: Actor, feed: str, at: int) -> Sequence[Quiet] | None:
        """The devices in the actor's scope that have said nothing for longer than they may, the longest first."""
        if self._pictures is None or not actor.may("see_picture"):
            return None
        devices = self._pictures.snapshot(actor, at).devices
        found = [
            Quiet(device_id, max((value[0] for value in held["values"].values()), default=None), held["interval_s"])
            for device_id in self._store.devices(feed, at)
            if (held := devices.get(device_id)) and held.get("interval_s")
        ]
        late = [one for one in found if one.last_at is None or at - one.last_at > one.interval_s * 1000 * self._stale_after]
        return sorted(late, key=lambda one: (one.last_at or 0, one.device_id))


def _listening(hearing: Hearing, at: int) -> int:
    return 0 if hearing.since is None else max(0, at - hearing.since)


def _masked(message: RejectedMessage) -> RejectedMessage:
    words = message.payload[:SHOWN_BYTES].decode("utf-8", errors="backslashreplace")
    return message._replace(payload=masked(words).encode(), topic=masked(message.topic), detail=masked(message.detail))


def _may(actor: Actor, whole_city: bool = False) -> None:
    if not actor.may(RIGHT):
        raise Forbidden(RIGHT)
    if whole_city and (actor.regions or actor.departments):
        raise Forbidden("a feed's messages are the whole city's, and your scope is limited")
