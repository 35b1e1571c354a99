"""Indicators 指标: what each is called, how it is made from rows, what is normal and aimed at; and how rows become its value.

Rows come from a topic library's configured query, or from the city's own roll-ups (the library `live`); both have a time, most a region.
A value belongs to one region and one period (domain/periods.py). Of rows that didn't come nothing is made: never interpolated.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

LIVE = "live"
"""The library that is the city itself (data_adapters/live_rollups.py)."""
DIRECTIONS = ("higher", "lower", "range")
LEARNING_CYCLES = ("hour", "day")
"""Cycles short enough to learn what is normal for the hour and weekday."""
QUALITIES = ("good", "partial", "suspect")
"""All who usually report did; some didn't; the value lies outside what can be."""


class From(NamedTuple):
    """Where the rows come from and what becomes of them: `fold` (FOLDS) of the column `value`, for shares `of` another; only rows that
    have what `where` says."""

    library: str
    query: str
    value: str
    fold: str
    of: str = ""
    where: Mapping[str, Any] = {}
    parameters: Mapping[str, Any] = {}


class Indicator(NamedTuple):
    """One indicator. `normal` None: learnt. `level`: the finest regions that have values, `town` or `city`. `due_h`: so many hours after
    a period's end its value is late. `possible`: what the value can be at all. `owner`: the department that answers for it."""

    code: str
    zh: str
    en: str
    unit: str
    decimals: int
    domain: str
    made: From
    cycle: str
    level: str
    normal: tuple[float | None, float | None] | None
    target: float | None
    direction: str
    weight: float
    owner: str
    due_h: float
    source: str
    possible: tuple[float | None, float | None] = (None, None)

    def to_json(self) -> dict[str, Any]:
        """As JSON takes it; `of_json` reads it again."""
        return {**self._asdict(), "made": self.made._asdict()}

    @classmethod
    def of_json(cls, held: Mapping[str, Any]) -> "Indicator":
        """What `to_json` said."""
        normal = held["normal"]
        bounds = {"normal": None if normal is None else tuple(normal), "possible": tuple(held["possible"])}
        return cls(**{**held, "made": From(**held["made"]), **bounds})

    def learns(self) -> bool:
        """Whether what is normal can be learnt, for its score or for its anomalies."""
        return self.cycle in LEARNING_CYCLES


class Row(NamedTuple):
    """One row of a library: its time (epoch ms), its region ("" where it names none: the whole city), its fields."""

    at: int
    region: str
    values: Mapping[str, Any]


class Made(NamedTuple):
    """A value and what went into it: rows, sums of the columns; None where nothing could be made of the rows."""

    value: float | None
    rows: int
    numerator: float
    denominator: float | None


def _numbers(rows: Sequence[Row], column: str) -> list[float]:
    found = (row.values.get(column) for row in rows)
    return [float(one) for one in found if isinstance(one, int | float) and not isinstance(one, bool)]


def _sum(rows: Sequence[Row], made: From) -> Made:
    numbers = _numbers(rows, made.value)
    return Made(sum(numbers) if numbers else None, len(numbers), sum(numbers), None)


def _mean(rows: Sequence[Row], made: From) -> Made:
    numbers = _numbers(rows, made.value)
    return Made(sum(numbers) / len(numbers) if numbers else None, len(numbers), sum(numbers), float(len(numbers)))


def _chosen(choose: Callable[[list[float]], float]) -> Callable[[Sequence[Row], From], Made]:
    def fold(rows: Sequence[Row], made: From) -> Made:
        numbers = _numbers(rows, made.value)
        found = choose(numbers) if numbers else None
        return Made(found, len(numbers), found or 0.0, None)

    return fold


def _over(scale: float) -> Callable[[Sequence[Row], From], Made]:
    """The sum of one column over that of another; rows that lack one of the two don't count."""

    def fold(rows: Sequence[Row], made: From) -> Made:
        whole = [row for row in rows if _numbers([row], made.value) and _numbers([row], made.of)]
        above, below = sum(_numbers(whole, made.value)), sum(_numbers(whole, made.of))
        return Made(scale * above / below if below else None, len(whole), above, below)

    return fold


def _latest(rows: Sequence[Row], made: From) -> Made:
    """What stands at the end: the sum over the rows of the last moment."""
    last = max((row.at for row in rows), default=0)
    return _sum([row for row in rows if row.at == last], made)


class Fold(NamedTuple):
    """A way to make one value of rows, its formula for people, and whether it needs a second column."""

    make: Callable[[Sequence[Row], From], Made]
    formula: str
    over: bool = False


FOLDS: dict[str, Fold] = {
    "share": Fold(_over(100.0), "100 × Σ {value} / Σ {of}", True),
    "ratio": Fold(_over(1.0), "Σ {value} / Σ {of}", True),
    "sum": Fold(_sum, "Σ {value}"),
    "mean": Fold(_mean, "Σ {value} / n"),
    "max": Fold(_chosen(max), "max {value}"),
    "min": Fold(_chosen(min), "min {value}"),
    "latest": Fold(_latest, "Σ {value} (t = max t)"),
}


def formula(made: From) -> str:
    """How the value is made, with the names of the columns."""
    said = FOLDS[made.fold].formula.format(value=made.value, of=made.of)
    only = ", ".join(f"{column} = {value}" for column, value in made.where.items())
    return f"{said} | {only}" if only else said


def fold(rows: Sequence[Row], made: From) -> Made:
    """The value of one region and period from its rows."""
    kept = [row for row in rows if all(row.values.get(column) == value for column, value in made.where.items())]
    return FOLDS[made.fold].make(kept, made)


def quality(indicator: Indicator, value: float, reporting: int, usual: int) -> str:
    """One of QUALITIES: `reporting` of the `usual` members (regions, clusters, …) had rows."""
    low, high = indicator.possible
    if (low is not None and value < low) or (high is not None and value > high):
        return "suspect"
    return "partial" if reporting < usual else "good"
