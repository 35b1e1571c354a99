"""What indicators need for a look ahead (data_adapters/forecasting.py)."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Ahead(NamedTuple):
    """One step ahead: the expected value and the band in which it should lie."""

    value: float
    low: float
    high: float


class Forecasting(Protocol):
    """Says how a series will go on."""

    def forecast(self, cycle: str, known: Sequence[tuple[int, float]], steps: int) -> list[Ahead]:
        """The next `steps` values after `known` (moment, value; evenly apart but for gaps, oldest first); empty where too little is
        known to say anything."""
