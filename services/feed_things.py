"""The city's feeds as things that are watched (upkeep_ports.Watched): down, up, or nobody knows, as their health says."""

from collections.abc import Callable, Mapping, Sequence

from domain.feed_health import DOWN, UNKNOWN, Health
from services.feed_ports import FeedPlan
from services.upkeep_ports import Thing

SINCE = {"away": "since", "refused": "since"}
"""Problems that know since when they are, and where they say so; a silent feed is down since its last message."""


class FeedThings:
    """`judged`: every feed's health at a moment; `show`: what is told to the live picture of each round."""

    kind = "feed"

    def __init__(
        self, judged: Callable[[int], Sequence[Health]], plans: Mapping[str, FeedPlan], show: Callable[[Sequence[Health]], None]
    ) -> None:
        self._judged, self._plans, self._show = judged, plans, show

    def things(self, now: int) -> Sequence[Thing]:
        """See Watched."""
        found = self._judged(now)
        self._show(found)
        return [self._thing(one) for one in found]

    def _thing(self, health: Health) -> Thing:
        plan = self._plans[health.feed]
        if health.state == UNKNOWN:
            return Thing(health.feed, health.feed, plan.adapter, "unknown", None, health.unknown.get("state", ""))
        if health.state != DOWN:
            return Thing(health.feed, health.feed, plan.adapter, "up")
        worst = next(one for one in health.problems if one.state == DOWN)
        since = worst.params.get(SINCE.get(worst.code, ""), health.facts.last_at if worst.code == "silent" else None)
        return Thing(health.feed, health.feed, plan.adapter, "down", since, worst.code)
