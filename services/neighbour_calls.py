"""Calls that neighbouring dispatch centres have open (110, 119, 120, the next town's), for the desk that may have to help."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

from domain.access import Actor, Forbidden
from domain.registry import Region

PREFIX = "call:"


class NeighbourCall(NamedTuple):
    """A call as its centre last stated it. `started_at`, `at` (of that statement): epoch ms; WGS 84, None for a call without a place.

    `region`: where it lies, empty outside every outline. `taken`: the number of the incident here that it became or was added to.
    """

    feed: str
    number: str
    name: str
    type: str
    address: str
    units: tuple[str, ...]
    started_at: int
    at: int
    lon: float | None
    lat: float | None
    exercise: bool
    region: str = ""
    taken: str = ""
    incident_id: str = ""

    @property
    def reference(self) -> str:
        """What an incident's report, or a call added to one, is sent under when it comes from this call."""
        return PREFIX + sha256(f"{self.feed}/{self.number}".encode()).hexdigest()[:48]


class CallStore(Protocol):
    """The calls in what feeds stated (data_adapters/sql/call_repository.py)."""

    def open(self, since: int) -> Sequence[NeighbourCall]:
        """The calls whose last statement is later than `since` and doesn't say that they are over; the newest first."""

    def taken(self, references: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Reference -> id and number of the incident that came from the call, or that it was added to."""


class NeighbourCalls:
    """Open calls within the actor's regions, with what has become of them here."""

    def __init__(
        self, store: CallStore, region_at: Callable[[float, float], str], regions: Callable[[], Mapping[str, Region]], shown_ms: int
    ) -> None:
        """`shown_ms`: a call of which nothing was stated for so long is shown no more."""
        self._store, self._region_at, self._regions, self._shown_ms = store, region_at, regions, shown_ms

    def open(self, actor: Actor, now: int) -> list[NeighbourCall]:
        """The newest first. A call without a place, or outside the city, is for those who see the whole city. Raises Forbidden.

        Nobody's department has them: whom a call concerns is a question of the place.
        """
        if not actor.may("see_calls"):
            raise Forbidden("see_calls")
        placed = [self._placed(one) for one in self._store.open(now - self._shown_ms)]
        regions, place = dict(self._regions()), Actor(actor.username, actor.roles, actor.regions)
        mine = [one for one in placed if place.sees(one.region, "", regions)]
        taken = self._store.taken([one.reference for one in mine])
        return [_taken(one, *taken.get(one.reference, ("", ""))) for one in mine]

    def _placed(self, one: NeighbourCall) -> NeighbourCall:
        return one if one.lon is None or one.lat is None else one._replace(region=self._region_at(one.lon, one.lat))


def _taken(one: NeighbourCall, incident_id: str, number: str) -> NeighbourCall:
    return one._replace(incident_id=incident_id, taken=number)
