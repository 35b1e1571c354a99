"""Travel times on the road graph: the TravelTimes port of services/routing_ports.py, by scipy's Dijkstra.

One search from the incident over the reversed graph answers for every unit at once. The incident is a node of its own, joined to the
two ends of the section it lies on; a unit takes the better end of its section, or drives along it when both lie on the same one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from data_adapters.road_graph import RoadGraph, Spot
from domain.distance import METRES_PER_DEGREE, metres_between
from domain.travel import NO_GRAPH, NO_WAY, OFF_ROAD, ROAD, Arrival, Point, Reach, TravelRules

KMH = 3.6
HULL = 0.15
"""How closely the drawn area follows the reached crossings: 0 clings to them, 1 is the convex hull."""
HULL_POINTS = 4000
"""So many reached crossings are enough to draw an area by."""


class Router:
    """Travel times over `graph`, or by straight line where it is None. `zone`: the city's time zone."""

    def __init__(self, graph: RoadGraph | None, rules: TravelRules, zone: str) -> None:
        self._graph, self._rules, self._zone = graph, rules, ZoneInfo(zone)
        self._seconds: dict[str, Any] = {}
        self._reversed: dict[str, tuple[Any, Any, Any]] = {}

    def to_place(self, place: Point, origins: Sequence[Point], at: int, urgent: bool) -> list[Arrival]:
        """For each origin the time to the place, one-ways obeyed; where the roads can't tell, a straight line that says so."""
        if not origins:
            return []
        if self._graph is None:
            return [self._straight(place, origin, urgent, NO_GRAPH) for origin in origins]
        spots = self._graph.spot([place, *origins])
        far = spots.off_m > self._rules.off_road_m
        if far[0]:
            return [self._straight(place, origin, urgent, OFF_ROAD) for origin in origins]
        cruise = self._cruise(Spot(*(part[0] for part in spots)), Spot(*(part[1:] for part in spots)), self._band(at))
        cruise = cruise + (spots.off_m[0] + spots.off_m[1:]) * KMH / self._rules.access_kmh
        return [
            self._straight(place, origin, urgent, OFF_ROAD if off else NO_WAY)
            if off or not np.isfinite(seconds)
            else Arrival(self._rules.driving.seconds(seconds, urgent), ROAD)
            for origin, seconds, off in zip(origins, cruise.tolist(), far[1:].tolist(), strict=True)
        ]

    def reach(self, place: Point, seconds: float, at: int, urgent: bool) -> Reach:
        """From where crews are at the place within `seconds`: a hull around the crossings from which they are."""
        cruise = self._rules.driving.cruise_within(seconds, urgent)
        if self._graph is None:
            return Reach(self._disc(place, cruise), NO_GRAPH)
        spots = self._graph.spot([place])
        if spots.off_m[0] > self._rules.off_road_m:
            return Reach(self._disc(place, cruise), OFF_ROAD)
        left = cruise - spots.off_m[0] * KMH / self._rules.access_kmh
        far = self._search(Spot(*(part[0] for part in spots)), self._band(at), max(left, 0.0))
        near = self._graph.lonlat[far[: self._graph.size] <= left]
        if len(near) < 3:
            return Reach(self._disc(place, cruise), ROAD)
        return Reach(shapely.concave_hull(shapely.multipoints(near[:: 1 + len(near) // HULL_POINTS]), ratio=HULL), ROAD)

    def _band(self, at: int) -> str:
        return self._rules.band(datetime.fromtimestamp(at / 1000, self._zone).hour)

    def _straight(self, place: Point, origin: Point, urgent: bool, how: str) -> Arrival:
        metres = metres_between(place.lon, place.lat, origin.lon, origin.lat)
        return Arrival(self._rules.driving.seconds(metres * KMH / self._rules.straight_kmh, urgent), how)

    def _disc(self, place: Point, cruise_s: float) -> Any:
        """What lies within the straight-line way of `cruise_s`, as a polygon in degrees."""
        metres = max(cruise_s, 0.0) * self._rules.straight_kmh / KMH
        scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(place.lat)), METRES_PER_DEGREE])
        return shapely.transform(shapely.Point(0, 0).buffer(max(metres, 1.0)), lambda xy: xy / scale + np.array(place))

    def _weights(self, band: str) -> Any:
        """Seconds at cruising speed for every section."""
        graph = self._graph
        if band not in self._seconds and graph is not None:
            names, which = np.unique(graph.classes, return_inverse=True)
            found = [self._rules.road_class(str(name)) for name in names]
            kmh = np.where(np.isnan(graph.kmh), np.array([one.kmh for one in found])[which], graph.kmh)
            self._seconds[band] = graph.metres * KMH / (kmh * np.array([one.factors[band] for one in found])[which])
        return self._seconds[band]

    def _reversed_rows(self, band: str) -> tuple[Any, Any, Any]:
        """The reversed graph in CSR form (data, indices, indptr); of parallel sections the fastest."""
        graph = self._graph
        if band not in self._reversed and graph is not None:
            weights = self._weights(band)
            order = np.lexsort((weights, graph.start, graph.end))
            row, column = graph.end[order], graph.start[order]
            first = np.r_[True, (np.diff(row) != 0) | (np.diff(column) != 0)]
            counts = np.bincount(row[first], minlength=graph.size)
            self._reversed[band] = weights[order][first], column[first], np.r_[0, np.cumsum(counts)]
        return self._reversed[band]

    def _search(self, spot: Spot, band: str, limit: float = np.inf) -> Any:
        """Seconds at cruising speed from every node to the spot."""
        graph, weights = self._graph, self._weights(band)
        assert graph is not None
        data, indices, pointers = self._reversed_rows(band)
        back = graph.back[spot.section]
        ways = [(graph.start[spot.section], spot.along * weights[spot.section])]
        if back >= 0:
            ways.append((graph.end[spot.section], (1 - spot.along) * weights[back]))
        matrix = csr_matrix(
            (
                np.r_[data, [max(cost, 1e-9) for _, cost in ways]],
                np.r_[indices, [node for node, _ in ways]],
                np.r_[pointers, len(data) + len(ways)],
            ),
            shape=(graph.size + 1, graph.size + 1),
        )
        return dijkstra(matrix, directed=True, indices=graph.size, limit=limit)

    def _cruise(self, place: Spot, origins: Spot, band: str) -> Any:
        """Seconds at cruising speed from each origin on the roads to the place on the roads; inf without a way."""
        graph, weights = self._graph, self._weights(band)
        assert graph is not None
        from_node = self._search(place, band)
        section, along = origins.section, origins.along
        back = graph.back[section]
        ahead = (1 - along) * weights[section] + from_node[graph.end[section]]
        turned = np.where(back >= 0, along * weights[back] + from_node[graph.start[section]], np.inf)
        return np.minimum(np.minimum(ahead, turned), self._along(place, origins, weights))

    def _along(self, place: Spot, origins: Spot, weights: Any) -> Any:
        """The way along one section where origin and place lie on the same street; inf elsewhere."""
        graph = self._graph
        assert graph is not None
        back = graph.back[place.section]
        same = origins.section == place.section
        other = (back >= 0) & (origins.section == back)
        ahead = place.along - np.where(other, 1 - origins.along, origins.along)
        seconds = np.where(ahead >= 0, ahead * weights[place.section], -ahead * weights[back] if back >= 0 else np.inf)
        return np.where(same | other, seconds, np.inf)
