"""How long a crew takes: the time on the road at cruising speed, and what starting, turning and the manner of driving make of it.

A crew never cruises on a short way: it pulls out, brakes and turns. Kolesar, Walker and Hausner (Determining the Relation between Fire
Engine Travel Times and Travel Distances in New York City, Operations Research 23, 1975) found the time to grow with the square root
of a short distance and evenly with a long one. `Driving.seconds` is that law, over seconds at cruising speed instead of metres.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

BANDS = ("peak", "day", "night")
"""Parts of a day with speeds of their own; `day` is every hour that is in neither of the others."""

ROAD = "road"
NO_GRAPH = "straight_no_graph"
OFF_ROAD = "straight_off_road"
NO_WAY = "straight_no_way"
HOW = {
    ROAD: ("按路网计算", "by road"),
    NO_GRAPH: ("直线估算（无路网）", "straight line, no road graph"),
    OFF_ROAD: ("直线估算（远离道路）", "straight line, too far from any road"),
    NO_WAY: ("直线估算（道路不通）", "straight line, no way by road"),
}
"""How a travel time was found, and its label (zh, en)."""


class Point(NamedTuple):
    """WGS 84, degrees."""

    lon: float
    lat: float


class Arrival(NamedTuple):
    """Seconds until a crew that leaves now is there, and how they were found: a key of HOW."""

    seconds: float
    how: str


class Reach(NamedTuple):
    """The area (WGS 84) from which crews are there within the asked time, and how it was found."""

    area: BaseGeometry
    how: str


class Driving(NamedTuple):
    """How crews drive. `start_s`: until they roll; `settle_s`: the seconds at cruising speed at which the square root ends;

    `calm`: how much longer everything takes without lights and siren.
    """

    start_s: float
    settle_s: float
    calm: float

    def seconds(self, cruise_s: float, urgent: bool) -> float:
        """The time for a way of `cruise_s` seconds at cruising speed."""
        knee = self.settle_s
        way = 2 * math.sqrt(knee * cruise_s) if cruise_s < knee else cruise_s + knee
        return (self.start_s + way) * (1.0 if urgent else self.calm)

    def cruise_within(self, seconds: float, urgent: bool) -> float:
        """The longest way (seconds at cruising speed) that `seconds` suffice for; below 0 when they don't even suffice to start."""
        way = seconds / (1.0 if urgent else self.calm) - self.start_s
        knee = self.settle_s
        if way < 0 or way >= 2 * knee:
            return way - knee if way >= 0 else way
        return way * way / (4 * knee)


class RoadClass(NamedTuple):
    """A class of road. `kmh` where the section itself names no speed; `factors`: band -> share of that speed really driven."""

    kmh: float
    factors: Mapping[str, float]


class TravelRules(NamedTuple):
    """Everything that config/travel.yaml says. `bands`: hour of the local day -> band. A class that isn't there is `other`.

    `access_kmh`: from a point to the nearest road; `straight_kmh`: where there is no road to follow; `off_road_m`: a point farther from
    every road than this is not routed.
    """

    classes: Mapping[str, RoadClass]
    bands: Mapping[int, str]
    driving: Driving
    access_kmh: float
    straight_kmh: float
    off_road_m: float

    def band(self, hour: int) -> str:
        """The band of an hour of the local day."""
        return self.bands.get(hour, "day")

    def road_class(self, name: str) -> RoadClass:
        """The class of a section."""
        return self.classes.get(name, self.classes["other"])
