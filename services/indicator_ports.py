"""What indicators need from outside (data_adapters/sql/indicator_repository.py). Times are epoch ms; a value's `at` begins its period."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.indicators import Indicator
from services.forecast_ports import Ahead

NONE = "none"
"""The quality where rows came and nothing can be made of them: a share of nothing."""


class Value(NamedTuple):
    """One version of one value. `usual`: how many rows such a period usually has; `normal_*`: what was learnt for that hour and weekday;
    `anomaly_since`: the begin of the first value of the anomaly that it is part of."""

    indicator: str
    region: str
    at: int
    ends_at: int
    computed_at: int
    value: float | None
    source: str
    quality: str
    late: bool
    rows: int
    numerator: float
    denominator: float | None
    usual: int
    normal_middle: float | None = None
    normal_spread: float | None = None
    normal_days: int | None = None
    normal_basis: str = ""
    anomaly_since: int | None = None


class Defined(NamedTuple):
    """An indicator as it was defined, and since when its code has been known."""

    indicator: Indicator
    known_since: int


class Expected(NamedTuple):
    """A step of a forecast: the period's begin, when it was said, the value with its band."""

    at: int
    made_at: int
    ahead: Ahead


class IndicatorStore(Protocol):
    """Definitions and values, in every version."""

    def define(self, indicators: Sequence[Indicator], now: int) -> None:
        """Let these be the indicators from now on; what is as it was stays."""

    def defined(self, at: int | None) -> list[Defined]:
        """The indicators of then, in the order of the file."""

    def latest(self, oldest: Mapping[str, int], regions: Collection[str], at: int | None) -> list[Value]:
        """Of each indicator (code -> the oldest begin that still counts) and region the newest period that was over and known then."""

    def series(self, indicator: str, region: str, since: int, until: int, at: int | None = None) -> list[Value]:
        """The newest version of each period that begins in the span, as known then, oldest first."""

    def versions(self, indicator: str, region: str, period: int, at: int | None = None) -> list[Value]:
        """Every version of one period's value that was known then, the newest last."""

    def of_periods(self, region: str, periods: Sequence[tuple[str, int]], at: int | None = None) -> list[Value]:
        """The newest versions of single periods (indicator, begin) of a region, as known then."""

    def known(self, indicators: Collection[str], since: int, until: int) -> dict[tuple[str, str, int], Value]:
        """The newest version of all values that begin in the span, by indicator, region and begin."""

    def write(self, values: Sequence[Value], marks: Sequence[int] = ()) -> None:
        """Keep new versions, and take the marks, in one transaction."""

    def filled_back(self) -> set[str]:
        """The indicators whose past was asked for."""

    def fill_back(self, codes: Sequence[str]) -> None:
        """Their past was asked for."""

    def marked(self, most: int) -> list[tuple[int, int]]:
        """Hours that were made again late: the mark's id and the hour's begin, oldest first."""

    def expect(self, indicator: str, region: str, steps: Sequence[Expected]) -> None:
        """Keep a forecast."""

    def expected(self, indicator: str, region: str, at: int | None) -> list[Expected]:
        """The newest forecast that was known then, in the order of time."""

    def forecast_of(self) -> Mapping[str, int]:
        """Indicator -> the begin of the first period of its newest forecast (of the whole city)."""

    def forget(self, hours_before: int, forecasts_before: int) -> int:
        """Forget values by the hour that ended before, and forecasts made before; returns how many."""
