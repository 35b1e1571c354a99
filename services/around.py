"""What lies around an incident, in one look: cameras, sensors with their trend before and after, units, what helps, sensitive places.

And a cordon: what lies inside a drawn line.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from domain.access import Actor
from domain.cordon import NoCordon, as_geojson, cordon_of
from domain.cordon import inside as inside_of
from domain.distance import metres_between
from domain.incident_life import Incident
from domain.incident_limits import Nearby
from domain.incidents import Refused
from domain.registry import Device
from domain.travel import Point
from services.around_cameras import NearCamera, cameras_beside
from services.cameras import Cameras
from services.dispatch import Dispatch
from services.history import History
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.incident_ports import Query
from services.recommending import Recommender
from services.register import Register
from services.register_ports import Place
from services.unit_ports import Resource, UnitNow

T = TypeVar("T")
SHOWN = 20
"""Rows of each other list."""


class Near(NamedTuple):
    """A device with its distance in metres; `trend`: (at, mean) of its first metric, before and after the report."""

    device: Device
    metres: float
    metric: str
    trend: Sequence[tuple[int, float | None]]


class Around(NamedTuple):
    """Everything near an incident. `reach` is the area (GeoJSON geometry) from which help comes in time, `how` its way."""

    cameras: Sequence[NearCamera]
    sensors: Sequence[Near]
    units: Sequence[tuple[UnitNow, float]]
    resources: Sequence[tuple[Resource, float]]
    places: Sequence[tuple[Place, float]]
    reach: Mapping[str, Any]
    how: str


class Inside(NamedTuple):
    """What a cordon holds."""

    devices: Sequence[Device]
    places: Sequence[Place]
    units: Sequence[UnitNow]
    resources: Sequence[Resource]
    incidents: Sequence[str]


class Surroundings:
    """Reads of several services about one place, within one actor's scope."""

    def __init__(
        self,
        desk: IncidentDesk,
        board: IncidentBoard,
        dispatch: Dispatch,
        register: Register,
        history: History,
        recommender: Recommender,
        metric_of: Callable[[str], str | None],
        limits: Nearby,
        cameras: Cameras,
    ) -> None:
        """`metric_of(kind)`: the metric that is shown first of a device kind."""
        self._desk, self._board, self._dispatch, self._register = desk, board, dispatch, register
        self._history, self._recommender, self._metric_of, self._limits = history, recommender, metric_of, limits
        self._cameras = cameras

    def around(self, actor: Actor, incident_id: str, now: int) -> Around:
        """What is near the incident. Raises LookupError, Refused `no_place`."""
        incident = self._desk.mine(actor, incident_id)
        place = self._place(incident)
        near = self._near(actor, place)
        seen = self._cameras.near(actor, place.lon, place.lat, self._limits.place_m, now)
        cameras = cameras_beside(seen, (one for one in near if one[0].kind == "camera"), self._limits.cameras)
        others = [(device, metres) for device, metres in near if device.kind != "camera" and self._metric_of(device.kind)]
        sensors = [self._with_trend(actor, device, metres, incident, now) for device, metres in others[: self._limits.sensors]]
        reach = self._recommender.reach(place, self._limits.reach_s, now, incident.urgency != "normal")
        units = _within(self._dispatch.units(actor, now), place, lambda one: (one.lon, one.lat))
        resources = [
            one
            for one in _within(self._dispatch.resources(actor), place, lambda one: (one.lon, one.lat))
            if inside_of(reach.area, one[0].lon, one[0].lat)
        ]
        places = _within(self._register.places(actor), place, lambda one: (one.lon, one.lat))
        shown = [one for one in places if one[0].kind in self._limits.sensitive and one[1] <= self._limits.place_m]
        lists = (units[:SHOWN], resources[:SHOWN], shown[:SHOWN])
        return Around(cameras, sensors, *lists, as_geojson(reach.area), reach.how)

    def camera_at(self, actor: Actor, device: Device, at: int) -> NearCamera | None:
        """The platform's camera that most likely shows the device's place, as it was at `at` (epoch ms); None where none is near."""
        if device.lon is None or device.lat is None:
            return None
        found = self._cameras.near(actor, device.lon, device.lat, self._limits.place_m, at)
        return next(iter(cameras_beside(found[:1], (), 1)), None)

    @staticmethod
    def _place(incident: Incident) -> Point:
        if incident.place.get("lon") is None:
            raise Refused("no_place", {"number": incident.number})
        return Point(incident.place["lon"], incident.place["lat"])

    def _near(self, actor: Actor, place: Point) -> list[tuple[Device, float]]:
        found = [one for one in self._register.devices(actor) if one.lon is not None and one.lat is not None]
        near = _within(found, place, lambda one: (one.lon or 0.0, one.lat or 0.0))
        return [one for one in near if one[1] <= self._limits.place_m]

    def _with_trend(self, actor: Actor, device: Device, metres: float, incident: Incident, now: int) -> Near:
        metric = self._metric_of(device.kind) or ""
        since, until = incident.reported_at - self._limits.trend_ms, min(now, incident.reported_at + self._limits.trend_ms)
        points = self._history.device(actor, device.device_id, metric, since, until)
        return Near(device, metres, metric, [(point.at, point.mean) for point in points])

    def inside(self, actor: Actor, corners: Sequence[Sequence[float]], now: int) -> Inside:
        """What lies inside a drawn line of at least three corners (WGS 84 degrees). Raises Refused `bad_cordon`."""
        try:
            area = cordon_of(corners)
        except NoCordon as error:
            raise Refused("bad_cordon", {"why": str(error)}) from None
        incidents, _ = self._board.search(actor, Query(open=True, limit=1000), now)
        return Inside(
            [one for one in self._register.devices(actor) if inside_of(area, one.lon, one.lat)],
            [one for one in self._register.places(actor) if inside_of(area, one.lon, one.lat)],
            [one for one in self._dispatch.units(actor, now) if inside_of(area, one.lon, one.lat)],
            [one for one in self._dispatch.resources(actor) if inside_of(area, one.lon, one.lat)],
            [one.incident_id for one in incidents if inside_of(area, one.lon, one.lat)],
        )


def _within(things: Sequence[T], place: Point, where: Callable[[T], tuple[float, float]]) -> list[tuple[T, float]]:
    """Each with its distance in metres, nearest first."""
    apart = [(thing, metres_between(place.lon, place.lat, *where(thing))) for thing in things]
    return sorted(apart, key=lambda one: one[1])
