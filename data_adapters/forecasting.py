"""A short look ahead by exponential smoothing with a season (statsmodels' ETS model): the Forecasting port of services."""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from services.forecast_ports import Ahead

BAND = 0.9
"""The share of values that should lie in the band."""
SEASONS = {"hour": 24, "day": 7, "month": 12, "quarter": 4}
"""Cycle -> how many steps its season has; other cycles have none."""
FULL_SEASONS = 3
"""With fewer of them in the past, no season is seen."""
LEAST = 8
MOST = 24 * 14
"""So many steps of the past are looked at: what was longer ago says little, and a fit stays below a second."""


class Forecaster:
    """Without state: what it says depends on the series alone. Only jobs.py pays for loading the models, a second and 100 MB."""

    def __init__(self) -> None:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        self._model = ETSModel

    def forecast(self, cycle: str, known: Sequence[tuple[int, float]], steps: int) -> list[Ahead]:
        """As the port. A gap in the past is bridged for the fit alone."""
        values = _even(known[-MOST:])
        season = SEASONS.get(cycle, 0)
        if len(values) < LEAST or np.ptp(values) == 0:
            return []
        seasonal = season > 0 and len(values) >= FULL_SEASONS * season
        model = self._model(
            pd.Series(values),
            error="add",
            trend=None if seasonal else "add",
            damped_trend=not seasonal,
            seasonal="add" if seasonal else None,
            seasonal_periods=season if seasonal else None,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = model.fit(disp=False).get_prediction(len(values), len(values) + steps - 1).summary_frame(alpha=1 - BAND)
        found = [Ahead(*map(float, row)) for row in table[["mean", "pi_lower", "pi_upper"]].to_numpy()]
        return found if all(np.isfinite(one).all() for one in found) else []


def _even(known: Sequence[tuple[int, float]]) -> np.ndarray:
    """The series in even steps; what is missing between two lies on the line between them."""
    if len(known) < 2:
        return np.array([value for _, value in known])
    moments, values = np.array([at for at, _ in known], float), np.array([value for _, value in known], float)
    step = float(np.median(np.diff(moments)))
    places = np.round((moments - moments[0]) / step)
    return np.asarray(np.interp(np.arange(places[-1] + 1), places, values))
