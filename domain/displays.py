"""What a face shows and what is normal: key figures and trends, as a city writes them in config/displays.yaml."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.takeover import Rule
from domain.walls import Placed

FOLDS = ("max", "mean", "sum", "count")
LAYERS = ("blind_spots", "rain")


class Figure(NamedTuple):
    """One number for the whole city: `fold` over the fresh values of `metric` of every device of `kind`.

    `normal` is the range in which it needs nobody; None at an end means no limit there.
    """

    id: str
    kind: str
    metric: str
    fold: str
    normal: tuple[float | None, float | None]
    where: bool
    source: str

    def deviates(self, value: float) -> bool:
        """Whether `value` lies outside the normal range; the bounds themselves are normal."""
        low, high = self.normal
        return (low is not None and value < low) or (high is not None and value > high)


class Trend(NamedTuple):
    """A line of the last hours: the mean of `metric` over the city with its normal band."""

    metric: str
    fold: str
    normal: tuple[float | None, float | None]
    source: str


class Display(NamedTuple):
    """One face: its panels in order, rows that the lists hold, its figures and trends."""

    panels: tuple[str, ...]
    rows: dict[str, int]
    figures: tuple[Figure, ...]
    trends: tuple[Trend, ...]
    hours: int
    exercises: bool = True
    """Whether incidents of an exercise are shown, marked; a city may keep them off its wall."""
    layers: tuple[str, ...] = ()
    """What its map shows beside towns, devices, vehicles, incidents and alarms: of LAYERS."""
    pictures: bool = False
    """Whether the pictures of video alarms are shown. They may hold faces, which never belong on a wall."""
    indicators: tuple[str, ...] = ()
    """Codes of the indicators that a scene of the wall shows."""
    shade: str = ""
    """The indicator that colours the towns of its map; empty: their alarms do."""
    kinds: tuple[str, ...] = ()
    """The kinds of devices that its map, alarms and lists are about; none: all."""
    spines: tuple[str, ...] = ()
    """The spines of the incidents that its lists are about; none: all."""
    ranked: tuple[Trend, ...] = ()
    """Measures of which it lists the devices that are worst: furthest outside of what is normal."""
    takeover: tuple[Rule, ...] = ()
    """The rules by which something takes the wall over."""
    places: Mapping[str, Placed] | None = None
    """Where the panels stand on a wall of cells; None: by the areas of the scene."""


def fold(how: str, values: Iterable[float]) -> float | None:
    """Many values made one; None when there are none."""
    held = list(values)
    if not held:
        return None
    return {"max": max(held), "mean": sum(held) / len(held), "sum": sum(held), "count": float(sum(1 for v in held if v))}[how]
