"""Whom to send: units as they stand, their travel times, and the needs of the incident's class make an ordered list with reasons."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.recommendation import Answer, Candidate, Need, Plan, Rules, greedy, plan_of, proposals, recommend, refusal_of
from domain.travel import Arrival, Point, Reach
from domain.units import Unit
from services.routing_ports import Assigner, TravelTimes


class Standing(NamedTuple):
    """A unit now: its state, its last known place (its home when nothing is known), runs this shift, and what it has only now."""

    unit: Unit
    state: str
    place: Point
    load: int = 0
    on_shift: bool = True
    has: frozenset[str] = frozenset()


class Call(NamedTuple):
    """An incident that needs units: `regions` is its region and those above it, nearest first; `urgent`: with lights and siren."""

    incident_id: str
    place: Point
    regions: Sequence[str]
    needs: Sequence[Need]
    urgent: bool = True


class Plans(NamedTuple):
    """The same incidents served in three ways: one after the other, least sum, least worst."""

    greedy: Plan
    least_total: Plan
    least_worst: Plan


class Recommender:
    """`turnout_s`: state -> seconds until a unit in that state rolls, added to its way."""

    def __init__(self, travel: TravelTimes, assigner: Assigner, rules: Rules, turnout_s: Mapping[str, float]) -> None:
        self._travel, self._assigner, self._rules, self._turnout = travel, assigner, rules, turnout_s

    def recommend(self, call: Call, standings: Iterable[Standing], at: int) -> tuple[Answer, ...]:
        """An answer for each need of the call."""
        return recommend(call.needs, self._candidates(call, standings, at), call.regions, self._rules)

    def several(self, calls: Sequence[Call], standings: Sequence[Standing], at: int) -> Plans:
        """Who goes where when each of the calls needs one unit for its first need; costs are scores (seconds they count as)."""
        costs = [self._costs(call, standings, at) for call in calls]
        incidents, units = [call.incident_id for call in calls], [one.unit.unit_id for one in standings]
        ways: tuple[Callable[[Sequence[Sequence[float]]], list[int | None]], ...] = (
            greedy,
            self._assigner.least_total,
            self._assigner.least_worst,
        )
        return Plans(*(plan_of(incidents, units, costs, way(costs)) for way in ways))

    def reach(self, place: Point, seconds: float, at: int, urgent: bool = True) -> Reach:
        """From where crews are at the place within `seconds`."""
        return self._travel.reach(place, seconds, at, urgent)

    def ways(self, place: Point, standings: Sequence[Standing], at: int) -> list[Arrival]:
        """How long each needs to the place with lights and siren, its turnout counted in."""
        found = self._travel.to_place(place, [one.place for one in standings], at, True)
        return [self._after_turnout(one, way) for one, way in zip(standings, found, strict=True)]

    def _candidates(self, call: Call, standings: Iterable[Standing], at: int) -> list[Candidate]:
        """Every unit with its way; those that cannot go are counted with their reason later."""
        everybody = list(standings)
        bases = [Point(one.unit.home_lon, one.unit.home_lat) for one in everybody] if self._by_base(call) else []
        ways = self._travel.to_place(call.place, [one.place for one in everybody] + bases, at, call.urgent)
        from_base = [way.seconds for way in ways[len(everybody) :]] or [0.0] * len(everybody)
        return [
            Candidate(one.unit, one.state, self._after_turnout(one, way), one.load, one.on_shift, one.has, base_s)
            for one, way, base_s in zip(everybody, ways, from_base, strict=False)
        ]

    def _by_base(self, call: Call) -> bool:
        return any(need.capability in self._rules.by_base for need in call.needs)

    def _after_turnout(self, one: Standing, way: Arrival) -> Arrival:
        return way._replace(seconds=way.seconds + self._turnout.get(one.state, 0.0))

    def _costs(self, call: Call, standings: Sequence[Standing], at: int) -> list[float]:
        need, rules = call.needs[0], self._rules
        fit = [one for one in self._candidates(call, standings, at) if not refusal_of(need, one, rules)]
        scores = {found.unit_id: found.score for found in proposals(need, fit, call.regions, rules)}
        return [scores.get(one.unit.unit_id, float("inf")) for one in standings]
