"""What is measured and by what: each metric's unit, physical range and kind of value; the kinds of devices."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

VALUE_KINDS: dict[str, tuple[type, ...]] = {"number": (int, float), "bool": (bool,), "string": (str,)}
"""Kind -> the JSON types it takes. JSON's true and false are never numbers."""

DOMAINS = ("business", "ecology", "operation", "livelihood", "efficiency", "support")
"""The six domains of city vital signs: 营商环境, 生态文明, 城市运营, 民生保障, 行政效能, 公共支撑."""


class Fault(NamedTuple):
    """Why a value is not taken: the reason's code and words for people."""

    reason: str
    detail: str


class Metric(NamedTuple):
    """One metric. `low` and `high` are the physical range, both ends included: what lies outside cannot be true."""

    name: str
    zh: str
    en: str
    unit: str
    kind: str
    low: float | None
    high: float | None
    decimals: int
    source: str

    def fault(self, raw: object) -> Fault | None:
        """Why this metric cannot have the value `raw` (as JSON gave it), or None when it can."""
        if not isinstance(raw, VALUE_KINDS[self.kind]) or (isinstance(raw, bool) and self.kind != "bool"):
            return Fault("wrong_type", f"{self.name}: a {self.kind} was expected")
        if not isinstance(raw, int | float):
            return None
        if (self.low is not None and raw < self.low) or (self.high is not None and raw > self.high):
            return Fault("out_of_range", f"{self.name}: {raw} is outside {self.low} to {self.high} {self.unit}".rstrip())
        return None


class MetricCatalogue:
    """All known metrics. Readings of an unknown one are kept as they are."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = {metric.name: metric for metric in metrics}

    def get(self, name: str) -> Metric | None:
        """The metric, or None when nobody has described it."""
        return self._metrics.get(name)

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics.values())

    def __len__(self) -> int:
        return len(self._metrics)


class DeviceKind(NamedTuple):
    """A kind of device. `primary` is the metric shown first and watched for silence; None where it has no readings."""

    kind: str
    zh: str
    en: str
    domain: str
    department: str
    primary: str | None
    metrics: tuple[str, ...]
    source: str
