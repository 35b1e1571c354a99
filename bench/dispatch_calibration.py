"""Calibrates travel times and preferences on recorded runs: what domain/travel.py and domain/recommendation.py take as configuration.

Driving: a grid over cruising speed, start and settling, least mean error of the logarithm over runs with siren; `calm` is the median
ratio of the others. Preferences: conditional logit over the candidates of each call; a weight relative to that of the logarithm of
the arrival time is the exponent of a factor on it.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from bench.sf_calls import ALS, CALM, EITHER, KINDS, MEDICAL, Moment
from data_adapters.road_graph import RoadGraph
from data_adapters.routing import Router
from domain import units
from domain.recommendation import Need, Rules, base_order
from domain.travel import BANDS, Driving, Point, RoadClass, TravelRules

CRUISE_KMH = (25, 30, 35, 40, 45, 50, 60)
START_S = (0, 10, 20, 30, 45, 60)
SETTLE_S = (5, 10, 20, 30, 45, 60, 90, 120)
LONGEST_S = 3600.0
SHRINK = 1.0
"""Weight of the ridge that holds preferences near nothing."""
BUSY = (units.ASSIGNED, units.EN_ROUTE, units.ON_SCENE, units.TRANSPORTING, units.AT_HOSPITAL)
FEATURES = ("arrival", "base_order", "lacks", "returning", "busy")


class Run(NamedTuple):
    """A drive that really happened: from where (as far as was known) to where, when, with siren or not, in how many seconds."""

    origin: Point
    home: Point
    place: Point
    at: int
    urgent: bool
    seconds: float


class Ways(NamedTuple):
    """For every standing of a question: seconds until on scene from where the unit is, and seconds from its base."""

    arrival: Sequence[float]
    from_base: Sequence[float]


def need_of(moment: Moment) -> Need:
    """An engine, or a truck, or either; with a paramedic to urgent medical calls, which trucks have none of."""
    medical = moment.row.call_type in MEDICAL and moment.row.priority != CALM
    return Need(moment.kind, 1, frozenset({ALS}) if medical and moment.kind != "truck" else frozenset())


def cruising(rules: TravelRules, kmh: float) -> TravelRules:
    """Rules for a street file that knows neither classes nor speeds: one speed at every hour."""
    return rules._replace(classes={"other": RoadClass(kmh, dict.fromkeys(BANDS, 1.0))})


def fit_driving(graph: RoadGraph, rules: TravelRules, zone: str, runs: Sequence[Run]) -> TravelRules:
    """The rules with the speed and the driving that tell these runs best."""
    bare = cruising(rules, 36.0)._replace(driving=Driving(0.0, 1e-9, 1.0))
    router = Router(graph, bare, zone)
    metres = np.array([router.to_place(run.place, [run.origin], run.at, True)[0].seconds for run in runs]) * 10.0
    actual, urgent = np.array([run.seconds for run in runs]), np.array([run.urgent for run in runs])
    best = min(product(CRUISE_KMH, START_S, SETTLE_S), key=lambda one: _error(one, metres[urgent], actual[urgent]))
    kmh, start, settle = best
    ratio = actual[~urgent] / _driven(best, metres[~urgent])
    calm = max(1.0, float(np.median(ratio))) if len(ratio) else rules.driving.calm
    return cruising(rules, kmh)._replace(driving=Driving(start, settle, round(calm, 2)))


def _driven(one: tuple[float, float, float], metres: np.ndarray) -> np.ndarray:
    kmh, start, settle = one
    cruise = metres * 3.6 / kmh
    return start + np.where(cruise < settle, 2 * np.sqrt(settle * cruise), cruise + settle)


def _error(one: tuple[float, float, float], metres: np.ndarray, actual: np.ndarray) -> float:
    return float(np.abs(np.log(np.maximum(_driven(one, metres), 1.0) / actual)).mean())


def fit_straight(metres: np.ndarray, actual: np.ndarray) -> float:
    """The constant speed (m/s) of the least median error."""
    return float(min(np.arange(1.5, 20.0, 0.1), key=lambda speed: np.median(np.abs(metres / speed - actual))))


def fit_rules(moments: Sequence[Moment], ways: Sequence[Ways], max_s: float = LONGEST_S) -> Rules:
    """The factors that make the units that really came first come first. `ways`: one for every moment.

    Runs of the shift don't count: the department doesn't spare units that have had many, and the file shows nothing of the kind.
    """
    tables = [np.array(features(moment, way)) for moment, way in zip(moments, ways, strict=True)]
    truth = [[one.unit.unit_id for one in moment.standings].index(moment.came) for moment in moments]
    weight = dict(zip(FEATURES, _logit(tables, truth), strict=True))
    exponent = {name: float(value / weight["arrival"]) for name, value in weight.items()}
    factor = {name: round(float(np.exp(value)), 3) for name, value in exponent.items()}
    states = {units.AVAILABLE: 1.0, units.RETURNING: factor["returning"], **dict.fromkeys(BUSY, factor["busy"])}
    return Rules(states, 1.0, 1.0, factor["lacks"], max_s, dict.fromkeys((*KINDS.values(), EITHER), round(exponent["base_order"], 3)))


def features(moment: Moment, ways: Ways) -> list[list[float]]:
    """A row of FEATURES for every standing."""
    prefer = need_of(moment).prefer
    bases = {one.unit.unit_id: (one.unit.region != moment.row.area, way) for one, way in zip(moment.standings, ways.from_base, strict=True)}
    order = base_order(bases, [one.unit.unit_id for one in moment.standings if units.STATES[one.state].free])
    return [
        [
            float(np.log(max(way, 1.0))),
            float(np.log(order[one.unit.unit_id])),
            float(bool(prefer - one.has)),
            float(one.state == units.RETURNING),
            float(one.state in BUSY),
        ]
        for one, way in zip(moment.standings, ways.arrival, strict=True)
    ]


def _logit(tables: Sequence[np.ndarray], truth: Sequence[int]) -> np.ndarray:
    """Weights of a conditional logit: how likely each row of each table is the chosen one."""
    everything, many = np.concatenate(tables), np.array([len(table) for table in tables])
    first = np.r_[0, np.cumsum(many)[:-1]]
    chosen, scale = first + np.array(truth), everything.std(axis=0) + 1e-9
    rows = everything / scale

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = rows @ weights
        top = np.maximum.reduceat(score, first)
        share = np.exp(score - np.repeat(top, many))
        total = np.add.reduceat(share, first)
        likely = share / np.repeat(total, many)
        value = -(score[chosen] - top - np.log(total)).sum() + SHRINK * weights @ weights
        return float(value), -(rows[chosen].sum(axis=0) - likely @ rows) + 2 * SHRINK * weights

    return minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x / scale


def turnout(rows_times: Sequence[Mapping[str, int]]) -> float:
    """Median seconds from assigned to en route."""
    found = [units.clocks(times)["turnout"] / 1000 for times in rows_times if "turnout" in units.clocks(times)]
    return float(np.median(found)) if found else 0.0
