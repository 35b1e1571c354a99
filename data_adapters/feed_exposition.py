"""What each feed is worth, and the open operations work orders, in Prometheus' text format. What cannot be known is left out.

Labels are bounded: feeds are those of config/feeds.yaml, reasons the most frequent ones of each feed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.feed_health import STATES, Health
from services.feed_ports import RejectCount
from services.ports import Clock

MOST_REASONS = 20
OTHER = "other"
PLAIN = (
    ("rate", "Reports a second within the feed's window; messages where no device owes any.", lambda one: one.rate),
    ("expected_rate", "Reports a second that its devices owe.", lambda one: one.expected_rate),
    ("error_ratio", "Share of its messages that were rejected, 0 to 1.", lambda one: one.error_share),
    ("clock_suspect_ratio", "Share of its reports whose clock is wrong, 0 to 1.", lambda one: one.suspect_share),
    ("last_message_timestamp_seconds", "When its newest message was stored.", lambda one: _seconds(one.facts.last_at)),
)
"""Name after `citydeck_feed_`, what it says, and where it stands."""


class Judged(Protocol):
    """services/feed_health.py."""

    def judged(self, at: int) -> Sequence[Health]: ...

    def rejects_of_day(self, at: int) -> Sequence[RejectCount]: ...


class Orders(Protocol):
    """services/upkeep.py."""

    def open_by_state(self, at: int) -> dict[str, int]: ...


class FeedCollector(Collector):
    """Of this moment, as prometheus_client asks for it."""

    def __init__(self, feeds: Judged, orders: Orders, clock: Clock) -> None:
        self._feeds, self._orders, self._clock = feeds, orders, clock

    def collect(self) -> Iterator[Metric]:
        """One family after the other."""
        now = self._clock()
        found = self._feeds.judged(now)
        yield _states(found)
        for name, says, value in PLAIN:
            yield _family(name, says, ("feed",), [((one.feed,), value(one)) for one in found])
        lags = [((one.feed, share), _seconds(ms)) for one in found for share, ms in (("0.5", one.lag_ms), ("0.95", one.lag_p95_ms))]
        yield _family("lag_seconds", "At most so late were this share of its reports.", ("feed", "quantile"), lags)
        failing = [((one.feed, way.way), way.failures if way.failing_since else 0) for one in found for way in one.facts.ways]
        yield _family("failures", "Failed requests (poll) or refused posts (post) in a row.", ("feed", "way"), failing)
        yield _family(
            "unadopted_devices", "Devices that nobody adopted.", ("feed",), [((h.feed,), h.facts.expected.unadopted) for h in found]
        )
        yield _family("rejected_day", "Rejected in the last 24 hours.", ("feed", "reason"), _bounded(self._feeds.rejects_of_day(now)))
        open_orders = GaugeMetricFamily("citydeck_upkeep_orders", "Open operations work orders.", labels=["state"])
        for state, n in self._orders.open_by_state(now).items():
            open_orders.add_metric([state], n)
        yield open_orders


def _family(name: str, says: str, labels: Sequence[str], values: Sequence[tuple[tuple[str, ...], float | None]]) -> Metric:
    made = GaugeMetricFamily(f"citydeck_feed_{name}", says, labels=list(labels))
    for held, value in values:
        if value is not None:
            made.add_metric(list(held), value)
    return made


def _states(found: Sequence[Health]) -> Metric:
    values = [((one.feed, state), float(one.state == state)) for one in found for state in STATES]
    return _family("state", "1 for the state that the feed is in.", ("feed", "state"), values)


def _bounded(rejects: Sequence[RejectCount]) -> list[tuple[tuple[str, ...], float | None]]:
    """Feed and reason -> n; beyond the most frequent reasons of a feed they are counted together."""
    seen, found = Counter[str](), Counter[tuple[str, str]]()
    for one in rejects:
        seen[one.feed] += 1
        found[one.feed, one.reason if seen[one.feed] <= MOST_REASONS else OTHER] += one.n
    return [((feed, reason), float(n)) for (feed, reason), n in found.items()]


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000
