"""Who goes where for several incidents at once: the Assigner port of services/routing_ports.py, by scipy."""

from collections.abc import Sequence
from typing import Any

import numpy as np

NEVER = 1e9
"""Stands for 'cannot go' while solving: so dear that it is taken only where nothing else is left."""


class HungarianAssigner:
    """scipy's linear_sum_assignment, and a search for the smallest worst cost on top of it."""

    def least_total(self, costs: Sequence[Sequence[float]]) -> list[int | None]:
        """For each need the unit, so that as many needs as possible are served and the sum is the least; None: nobody is left."""
        return _solve(_table(costs))

    def least_worst(self, costs: Sequence[Sequence[float]]) -> list[int | None]:
        """The same, but the largest single cost is the least; among those the sum."""
        table = _table(costs)
        served = _served(_solve(table))
        steps = np.unique(table[table < NEVER])
        low, high = 0, len(steps) - 1
        while low < high:
            middle = (low + high) // 2
            enough = _served(_solve(np.where(table <= steps[middle], table, NEVER))) == served
            low, high = (low, middle) if enough else (middle + 1, high)
        return _solve(np.where(table <= steps[low], table, NEVER)) if len(steps) else [None] * len(table)


def _table(costs: Sequence[Sequence[float]]) -> Any:
    return np.minimum(np.array(costs, dtype=float).reshape(len(costs), -1), NEVER)


def _solve(table: Any) -> list[int | None]:
    from scipy.optimize import linear_sum_assignment  # most of a second: only who assigns waits for it

    chosen: list[int | None] = [None] * len(table)
    for row, column in zip(*(part.tolist() for part in linear_sum_assignment(table)), strict=True):
        chosen[row] = column if table[row, column] < NEVER else None
    return chosen


def _served(chosen: Sequence[int | None]) -> int:
    return sum(column is not None for column in chosen)
