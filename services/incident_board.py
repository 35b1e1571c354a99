"""Lists of incidents within a scope: searched, counted, near a place, and as they were at a past moment."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.duplicates import LIKELY, WITHIN_M, WITHIN_MS, Likeness, likeness
from domain.incident_life import Incident
from domain.registry import Region, ancestors
from services.incident_ports import IncidentStore, Query, Row
from services.incident_scope import scoped

OFFERED = 5


class Alike(NamedTuple):
    """An open incident that a new report may be, and how alike they are."""

    row: Row
    likeness: Likeness


class IncidentBoard:
    """What lists of incidents show to one person."""

    def __init__(self, store: IncidentStore, regions: Callable[[], Mapping[str, Region]], group: Callable[[str], str]) -> None:
        """`regions`: those of now; `group` of a class code, empty for an unknown one."""
        self._store, self._regions, self._group = store, regions, group

    def search(self, actor: Actor, query: Query, now: int) -> tuple[Sequence[Row], int]:
        """One page, and how many there are in all. A region in the query means it and all below it. Raises Forbidden."""
        regions = self._seeing(actor)
        below = tuple(code for code in regions if set(query.regions) & set(ancestors(code, dict(regions)))) if query.regions else ()
        return self._store.search(scoped(actor, regions), query._replace(regions=below or query.regions), now)

    def past(self, actor: Actor, at: int) -> Sequence[Incident]:
        """The incidents that were open at a past moment, as they were then known. Raises Forbidden."""
        return self._store.past(scoped(actor, self._seeing(actor)), at)

    def alike(self, actor: Actor, lon: float, lat: float, class_code: str, at: int) -> list[Alike]:
        """Open incidents that a report of this place, class and time may be, likeliest first. Raises Forbidden."""
        near = self._store.near(scoped(actor, self._seeing(actor)), lon, lat, WITHIN_M, at - WITHIN_MS, 50)
        group = self._group(class_code)
        found = [
            Alike(row, likeness(metres, at - row.reported_at, row.class_code == class_code, self._group(row.class_code) == group))
            for row, metres in near
        ]
        likely = [one for one in found if one.likeness.share >= LIKELY]
        return sorted(likely, key=lambda one: -one.likeness.share)[:OFFERED]

    def _seeing(self, actor: Actor) -> Mapping[str, Region]:
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        return self._regions()
