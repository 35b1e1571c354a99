"""What dispatch needs from the roads, and from a solver."""

from collections.abc import Sequence
from typing import Protocol

from domain.travel import Arrival, Point, Reach


class TravelTimes(Protocol):
    """How long crews take on the roads. `at` is epoch ms, its local hour decides the speeds; `urgent`: with lights and siren."""

    def to_place(self, place: Point, origins: Sequence[Point], at: int, urgent: bool) -> list[Arrival]:
        """For each origin the time to the place, one-ways obeyed; where the roads can't tell, a straight line that says so."""
        ...

    def reach(self, place: Point, seconds: float, at: int, urgent: bool) -> Reach:
        """From where crews are at the place within `seconds` (isochrone)."""
        ...


class Assigner(Protocol):
    """Solves who goes where when every need takes one unit. `costs[need][unit]`; infinite where the unit can't serve the need."""

    def least_total(self, costs: Sequence[Sequence[float]]) -> list[int | None]:
        """For each need the unit, so that as many needs as possible are served and the sum is the least; None: nobody is left."""
        ...

    def least_worst(self, costs: Sequence[Sequence[float]]) -> list[int | None]:
        """The same, but the largest single cost is the least; among those the sum."""
        ...
