"""Sending units: who stands where, whom to send and why, the orders, and each unit's own times. The dispatcher decides."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.incident_life import Incident
from domain.incidents import Refused
from domain.recommendation import Answer, Need
from domain.registry import Region, ancestors
from domain.travel import Arrival, Point
from domain.units import ASSIGNED, CANCELLED, STATES, Step, take
from services.incident_desk import IncidentDesk
from services.recommending import Call, Plans, Recommender, Standing
from services.unit_ports import Resource, TrackPoint, UnitNow, UnitStep, UnitStore

COMMAND = frozenset({"dispatcher", "duty_officer"})
Needs = Callable[[str], Sequence[Need]]


class Advice(NamedTuple):
    """For one incident: an answer for each need of its class, and the units as they stood."""

    answers: Sequence[Answer]
    units: Sequence[UnitNow]


class Near(NamedTuple):
    """A free unit and its way to a place. `fits`: whether it can do something that is needed there; None where nobody knows what is."""

    now: UnitNow
    way: Arrival
    fits: bool | None


class Dispatch:
    """Units within an actor's scope."""

    def __init__(
        self,
        store: UnitStore,
        desk: IncidentDesk,
        recommender: Recommender,
        needs: Needs,
        regions: Callable[[], Mapping[str, Region]],
        track_ms: int,
    ) -> None:
        """`needs(class_code)`: what an incident of that class needs. `track_ms`: how much of its way is told of a unit."""
        self._track_ms = track_ms
        self._store, self._desk, self._recommender, self._needs, self._regions = store, desk, recommender, needs, regions

    def units(self, actor: Actor, now: int) -> list[UnitNow]:
        """The units in scope as they stand. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        tree = dict(self._regions())
        return [one for one in self._store.units(now) if actor.sees(one.unit.region, one.unit.department, tree)]

    def recommend(self, actor: Actor, incident_id: str, now: int) -> Advice:
        """Whom to send to an incident, best first, each with its reasons, and what is missing. Raises LookupError, Refused `no_place`."""
        incident = self._desk.mine(actor, incident_id)
        units = self.units(actor, now)
        return Advice(self._recommender.recommend(self._call(incident), _standings(units), now), units)

    def nearest(self, actor: Actor, place: Point, now: int, most: int, class_code: str = "") -> list[Near]:
        """The free units on shift that would be at the place first; those that can do something that an incident of that class needs
        before all others. Raises Forbidden."""
        free = [one for one in self.units(actor, now) if one.status.free and one.on_shift]
        wanted = {need.capability for need in self._needs(class_code)} if class_code else set()
        ways = self._recommender.ways(place, _standings(free), now)
        found = [Near(one, way, bool(wanted & one.unit.capabilities) if wanted else None) for one, way in zip(free, ways, strict=True)]
        return sorted(found, key=lambda one: (one.fits is False, one.way.seconds, one.now.unit.unit_id))[:most]

    def several(self, actor: Actor, incident_ids: Sequence[str], now: int) -> Plans:
        """Several incidents that need a unit each: one after the other, beside the least sum and the least worst."""
        calls = [self._call(self._desk.mine(actor, one)) for one in dict.fromkeys(incident_ids)]
        return self._recommender.several([call for call in calls if call.needs], _standings(self.units(actor, now)), now)

    def _call(self, incident: Incident) -> Call:
        if incident.place.get("lon") is None:
            raise Refused("no_place", {"number": incident.number})
        place = Point(incident.place["lon"], incident.place["lat"])
        regions = ancestors(incident.region, dict(self._regions()))
        return Call(incident.incident_id, place, regions, self._needs(incident.class_code), incident.urgency != "normal")

    def send(self, actor: Actor, incident_id: str, unit_ids: Sequence[str], said: Mapping[str, Any], now: int) -> Incident:
        """Order units to an incident: all of them, or none. `said`: `override_reason`, needed where a unit was not recommended first.

        Raises LookupError, Forbidden, Refused (`unit_here`, `unit_not_free`, `needs_reason`), UnitTaken when somebody else was faster.
        """
        self._commanding(actor)
        advice = self.recommend(actor, incident_id, now)
        known = {one.unit.unit_id: one for one in advice.units}
        chosen = [known[one] for one in dict.fromkeys(unit_ids) if one in known]
        if not chosen or len(chosen) != len(set(unit_ids)):
            raise LookupError(", ".join(unit_ids))
        proposed = {one for answer in advice.answers for one in answer.send}
        reason = {"override_reason": said["override_reason"]} if said.get("override_reason") else {}
        for one in chosen:
            if not one.status.free:
                raise Refused(
                    "unit_here" if one.status.run == incident_id else "unit_not_free",
                    {"unit_id": one.unit.unit_id, "state": one.status.state},
                )
            if one.unit.unit_id not in proposed and proposed and not reason:
                raise Refused("needs_reason", {"unit_id": one.unit.unit_id})
        expected = {one.unit_id: {"seconds": round(one.seconds)} for answer in advice.answers for one in answer.ranked}
        orders = [
            (
                {
                    "unit_id": one.unit.unit_id,
                    "status": ASSIGNED,
                    "department": one.unit.department,
                    **expected.get(one.unit.unit_id, {}),
                    **reason,
                },
                _stepped(one, ASSIGNED, incident_id, actor, now),
            )
            for one in chosen
        ]
        return self._desk.unit_events(actor, incident_id, orders, now)

    def step(
        self,
        actor: Actor,
        unit_id: str,
        state: str,
        said: Mapping[str, Any],
        now: int,
        at: int | None = None,
        request_id: str | None = None,
    ) -> UnitNow:
        """A unit's next step with time and place. `said`: `lon`, `lat`, `reason`. Its crew says its own; the dispatcher says any.

        A step on a run is written into the incident too, once for a `request_id`: the last step of a run, sent again because its answer
        was lost, finds the unit no longer on it. Raises LookupError, Forbidden, Refused `unknown_state`, UnitTaken.
        """
        found = next((one for one in self.units(actor, now) if one.unit.unit_id == unit_id), None)
        if found is None:
            raise LookupError(unit_id)
        if state not in STATES or state == ASSIGNED:
            raise Refused("unknown_state", {"state": state})
        if actor.username not in found.members:
            self._commanding(actor) if state == CANCELLED or "handler" not in actor.roles else self._of_department(actor, found)
        if request_id and self._desk.store.find_by_request(actor.username, request_id):
            return found
        point = {name: said[name] for name in ("lon", "lat") if said.get(name) is not None}
        run = found.status.run if STATES[found.status.state].on_run else ""
        taken = _stepped(found, state, run or None, actor, now, at or now, point)
        if run:
            data = {"unit_id": unit_id, "status": state, **point, **({"reason": said["reason"]} if said.get("reason") else {})}
            self._desk.unit_events(actor, run, [(data, taken)], now, at, request_id)
        else:
            self._store.write(taken)
        return next(one for one in self._store.units(now) if one.unit.unit_id == unit_id)

    def track(self, actor: Actor, unit_id: str, until: int, since: int | None = None) -> list[TrackPoint]:
        """Where a unit was; as long as the city's limits say unless told otherwise. Raises LookupError."""
        if unit_id not in {one.unit.unit_id for one in self.units(actor, until)}:
            raise LookupError(unit_id)
        return self._store.track(unit_id, until - self._track_ms if since is None else since, until)

    def resources(self, actor: Actor) -> list[Resource]:
        """Stores, shelters, hospitals, experts, teams in scope. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        tree = dict(self._regions())
        return [one for one in self._store.resources() if actor.sees(one.region, one.department, tree)]

    @staticmethod
    def _commanding(actor: Actor) -> None:
        if not actor.may("act_on_incident") or not actor.roles & COMMAND:
            raise Forbidden("send_units: a dispatcher's or shift leader's right")

    @staticmethod
    def _of_department(actor: Actor, found: UnitNow) -> None:
        if not actor.may("act_on_incident") or (actor.departments and found.unit.department not in actor.departments):
            raise Forbidden("report_unit: the unit is another department's")


def _standings(units: Sequence[UnitNow]) -> list[Standing]:
    return [Standing(one.unit, one.status.state, Point(one.lon, one.lat), one.load, one.on_shift) for one in units]


def _stepped(
    found: UnitNow, state: str, run: str | None, actor: Actor, now: int, at: int | None = None, point: Mapping[str, float] | None = None
) -> UnitStep:
    place = point or {}
    when = min(at or now, now)
    taken = take(found.status, Step(found.unit.unit_id, state, when, run or "", place.get("lon"), place.get("lat")))
    return UnitStep(
        found.unit.unit_id,
        state,
        when,
        now,
        run,
        place.get("lon"),
        place.get("lat"),
        actor.username,
        taken.irregular,
        taken.status,
        found.version,
    )
