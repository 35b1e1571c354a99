"""Hot themes and sudden rises of appeals by town, for one person and one moment. Counts only, no word of any appeal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from domain.access import Actor, Forbidden
from domain.registry import Region, ancestors, compared_level
from domain.rises import Hot, RiseLimits, by_town, hot

MINUTE_MS = 60_000


class Counts(Protocol):
    """data_adapters/sql/appeal_counts.py."""

    def spans(self, at: int, span_ms: int, weeks: int) -> Mapping[tuple[str, str], Sequence[int]]:
        """(region, class) -> appeals in the span up to `at`, then in the same span of each week before, as far as appeals are known."""


class Rises:
    """One per web process; counts of a minute are asked for once."""

    def __init__(self, counts: Counts, regions: Callable[[], Mapping[str, Region]], limits: RiseLimits) -> None:
        self._counts, self._regions, self._limits = counts, regions, limits
        self._held: tuple[int, Mapping[tuple[str, str], Sequence[int]]] = (0, {})

    def of(self, actor: Actor, at: int) -> list[Hot]:
        """What is hot or rises in the actor's regions at that minute. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        tree = dict(self._regions())
        place = Actor(actor.username, actor.roles, actor.regions)
        level = compared_level(tree.values())
        town_of = {code: town for code in tree if (town := _town(code, tree, level)) and place.sees(code, "", tree)}
        return hot(by_town(self._of_minute(at // MINUTE_MS * MINUTE_MS), town_of), self._limits)

    def _of_minute(self, at: int) -> Mapping[tuple[str, str], Sequence[int]]:
        if self._held[0] != at:
            self._held = at, self._counts.spans(at, self._limits.span_ms, self._limits.weeks)
        return self._held[1]


def _town(code: str, tree: dict[str, Region], level: str) -> str:
    return next((above for above in ancestors(code, tree) if above in tree and tree[above].level == level), "")
