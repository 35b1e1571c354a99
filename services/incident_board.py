"""Lists of incidents within a scope: searched, counted, near a place, and as they were at a past moment."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.distance import metres_between
from domain.duplicates import Likeness, alike_words, confirmed, likeness, said_alike, same_words
from domain.incident_life import Incident
from domain.incident_limits import IncidentLimits
from domain.performance import Compared, by_post, performance
from domain.registry import Region, ancestors, compared_level
from services.alarm_incidents import BlindSpot
from services.incident_ports import IncidentStore, Query, Row, Scoped
from services.incident_scope import scoped

KEYS: dict[str, Callable[[Incident], Sequence[str]]] = {
    "lead": lambda incident: [incident.lead] if incident.lead else [],
    "region": lambda incident: [incident.region] if incident.region else [],
}
TEN_THOUSAND = 10_000
NEAREST, NEWEST = 50, 500
"""So many of the nearest, and of the newest open incidents, are compared with a report."""


class Alike(NamedTuple):
    """An open incident that a new report may be, and how alike they are."""

    row: Row
    likeness: Likeness


class IncidentBoard:
    """What lists of incidents show to one person."""

    def __init__(
        self,
        store: IncidentStore,
        regions: Callable[[], Mapping[str, Region]],
        group: Callable[[str], str],
        limits: IncidentLimits,
        blind: Callable[[int], Sequence[BlindSpot]] = lambda since: (),
    ) -> None:
        """`regions`: those of now; `group` of a class code, empty for an unknown one; `blind(since)`: blind spots of the whole city."""
        self._store, self._regions, self._group, self._limits, self._blind = store, regions, group, limits, blind

    def search(self, actor: Actor, query: Query, now: int) -> tuple[Sequence[Row], int]:
        """One page, and how many there are in all. A region in the query means it and all below it. Raises Forbidden."""
        regions = self._seeing(actor)
        below = tuple(code for code in regions if set(query.regions) & set(ancestors(code, dict(regions)))) if query.regions else ()
        return self._store.search(scoped(actor, regions), query._replace(regions=below or query.regions), now)

    def past(self, actor: Actor, at: int) -> Sequence[Incident]:
        """The incidents that were open at a past moment, as they were then known. Raises Forbidden."""
        return self._store.past(scoped(actor, self._seeing(actor)), at)

    def alike(self, actor: Actor, lon: float | None, lat: float | None, class_code: str, at: int, text: str = "") -> list[Alike]:
        """Open incidents that a report of this place, class, time and text may be, likeliest first. What is not known yet is None or
        empty. Raises Forbidden."""
        within, limits = scoped(actor, self._seeing(actor)), self._limits.same
        placed = lon is not None and lat is not None
        near = self._store.near(within, lon or 0, lat or 0, limits.place_m, at - limits.time_ms, NEAREST) if placed else []
        by_place = [
            Alike(row, confirmed(limits, likeness(limits, metres, at - row.reported_at, *self._kinds(row, class_code)), _words(text, row)))
            for row, metres in near
        ]
        by_words = self._said(within, lon, lat, class_code, at, text) if len(text) >= limits.letters else []
        best: dict[str, Alike] = {}
        for one in sorted([*by_place, *by_words], key=lambda one: -one.likeness.share):
            best.setdefault(one.row.incident_id, one)
        return [one for one in best.values() if one.likeness.share >= limits.likely][: limits.offered]

    def _kinds(self, row: Row, class_code: str) -> tuple[bool, bool]:
        return row.class_code == class_code, self._group(row.class_code) == self._group(class_code)

    def _said(self, within: Scoped, lon: float | None, lat: float | None, class_code: str, at: int, text: str) -> list[Alike]:
        found, limits = [], self._limits.same
        for row in self._store.search(within, Query(open=True, since=at - limits.time_ms, limit=NEWEST), at)[0]:
            words = max(same_words(text, row.title), same_words(text, row.address), _words(text, row))
            placed = None not in (lon, lat, row.lon, row.lat)
            metres = metres_between(lon or 0, lat or 0, row.lon or 0, row.lat or 0) if placed else None
            if words >= limits.likely and (metres is None or metres <= limits.words_m):
                found.append(Alike(row, said_alike(limits, words, metres, at - row.reported_at, *self._kinds(row, class_code))))
        return found

    def between(self, actor: Actor, since: int, until: int) -> Sequence[Incident]:
        """Incidents in scope that were reported in this time, as they are now. Raises Forbidden."""
        return self._store.between(scoped(actor, self._seeing(actor)), since, until)

    def performance(self, actor: Actor, by: str, since: int, until: int) -> Compared:
        """How lead units (`lead`), regions (`region`) or posts (`post`) did with what was reported in this time; regions per head too,
        where their inhabitants are known. Raises Forbidden, KeyError."""
        if by == "post":
            return by_post(self.between(actor, since, until))
        return performance(self.between(actor, since, until), KEYS[by], self._limits.scoring, self._people() if by == "region" else None)

    def towns(self, actor: Actor, since: int, until: int) -> Compared:
        """As `performance`, by the towns (districts where a city has none), what lies below one counted in. Raises Forbidden."""
        regions = dict(self._seeing(actor))
        level = compared_level(regions.values())

        def town(incident: Incident) -> Sequence[str]:
            return [code for code in ancestors(incident.region, regions) if regions[code].level == level][:1]

        return performance(self.between(actor, since, until), town, self._limits.scoring, self._people())

    def _people(self) -> Mapping[str, float]:
        return {code: one.population / TEN_THOUSAND for code, one in self._regions().items() if one.population}

    def blind_spots(self, actor: Actor, since: int | None, now: int) -> list[BlindSpot]:
        """What people reported and no device saw, in the actor's regions; those of the last days unless told otherwise. Raises Forbidden.

        Nobody's department has them: who is blind there is a question of the place.
        """
        regions = dict(self._seeing(actor))
        place = Actor(actor.username, actor.roles, actor.regions)
        since = now - self._limits.unseen.shown_ms if since is None else since
        return [one for one in self._blind(since) if place.sees(one.region, "", regions)]

    def _seeing(self, actor: Actor) -> Mapping[str, Region]:
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        return self._regions()


def _words(text: str, row: Row) -> float:
    return alike_words(text, f"{row.title} {row.address}")
