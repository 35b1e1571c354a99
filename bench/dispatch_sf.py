"""Dispatch on real calls: San Francisco's unit responses, calibrated on --train and shown on --test.

    python bench/dispatch_sf.py --train FILE --test FILE --streets FILE --stations FILE

Replayed as a city: every row goes through the unit state machine in the order of its times, and the recommendation (the product's:
services/recommending.py over domain/recommendation.py and data_adapters/routing.py) is asked with what was known at that second.
Runs of the train file that began before the test file's first are told too. Nothing of the test file is used for calibration.

`station_units`: one question for each call and kind (engine, truck) of which a station unit came on scene, asked at the dispatch of
the call's first unit of that kind: of all station units of that kind, where does the recommendation rank the one that came on scene
first? `n` counts the questions; `top1`, `top3` the share ranked first, in the first three. `straight_*`: the same units ranked by the
straight line from their stations. The line before the last says the same of all engines and trucks in one list (`n` counts calls), as
if nobody knew which kind is needed: of an engine and a truck in one station the engine is put first.

`travel_time`: every drive of a station unit from its own place as known (station, or on the way back to it) whose arrival is later
than its start: seconds from en route to on scene, predicted against real. `straight`: the straight line from the station at the
constant speed that has the least median error on the train file.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.dispatch_calibration import Run, Ways, fit_driving, fit_rules, fit_straight, need_of, turnout
from bench.sf_calls import CALM, EITHER, ZONE, City, Moment, Row, moments, read_rows, read_stations, register
from config.travel import load_travel
from data_adapters.assigning import HungarianAssigner
from data_adapters.road_graph import RoadGraph, from_segments
from data_adapters.routing import Router
from domain import units
from domain.distance import metres_between
from domain.recommendation import Rules
from domain.travel import Point, TravelRules
from domain.units import Unit
from services.recommending import Call, Recommender


class Replay:
    """A file told to the city: the questions asked on the way, and the drives."""

    def __init__(self, rows: Sequence[Row], known: dict[str, Unit], before: Sequence[Row] = ()) -> None:
        self.rows = [row for row in rows if row.unit in known]
        self.city = City(known)
        asked = list(moments(rows, self.city, before))
        self.moments = [moment for moment in asked if moment.kind != EITHER]
        self.either = [moment for moment in asked if moment.kind == EITHER]
        self.runs = list(self._drives())

    def _drives(self) -> list[Run]:
        """Drives of station units, from where the unit stood when its call's first unit of its kind was dispatched."""
        stood = {(moment.row.call, one.unit.unit_id): one for moment in self.moments for one in moment.standings}
        found = []
        for row in self.rows:
            seconds = units.clocks(row.times).get("travel", 0) / 1000
            one = stood.get((row.call, row.unit))
            if seconds > 0 and one and row.place:
                home = Point(one.unit.home_lon, one.unit.home_lat)
                origin = one.place if one.state in (units.AVAILABLE, units.RETURNING) else home
                found.append(Run(origin, home, row.place, row.times[units.EN_ROUTE], row.priority != CALM, seconds))
        return found


def straight_metres(runs: Sequence[Run]) -> np.ndarray:
    """From the station to the place."""
    return np.array([metres_between(run.home.lon, run.home.lat, run.place.lon, run.place.lat) for run in runs])


def recommender(graph: RoadGraph, travel: TravelRules, rules: Rules, rolling_s: float) -> Recommender:
    """The product's, on these streets."""
    return Recommender(Router(graph, travel, ZONE), HungarianAssigner(), rules, dict.fromkeys(units.STATES, rolling_s))


def ways_of(router: Router, replay: Replay, rolling_s: float) -> list[Ways]:
    """The ways of every question."""
    found = []
    for moment in replay.moments:
        homes = [Point(one.unit.home_lon, one.unit.home_lat) for one in moment.standings]
        origins = [one.place for one in moment.standings] + homes
        seconds = [way.seconds for way in router.to_place(moment.row.place, origins, moment.at, moment.row.priority != CALM)]
        found.append(Ways([way + rolling_s for way in seconds[: len(homes)]], seconds[len(homes) :]))
    return found


def ranking(dispatch: Recommender, moment: Moment) -> list[tuple[float, str]]:
    """The recommendation's units, best first, with their score."""
    call = Call(moment.row.call, moment.row.place, (moment.row.area,), (need_of(moment),), moment.row.priority != CALM)
    (answer,) = dispatch.recommend(call, [one._replace(has=one.has | {moment.kind}) for one in moment.standings], moment.at)
    return [(one.score, one.unit_id) for one in answer.ranked]


def straight_ranking(moment: Moment) -> list[tuple[float, str]]:
    """The same units by the straight line from their stations."""
    place = moment.row.place
    known = [one.unit for one in moment.standings]
    return sorted((metres_between(unit.home_lon, unit.home_lat, place.lon, place.lat), unit.unit_id) for unit in known)


def shares(ranks: Sequence[int]) -> tuple[float, float]:
    """The shares ranked first and in the first three."""
    return tuple(round(sum(rank < most for rank in ranks) / max(1, len(ranks)), 4) for most in (1, 3))  # type: ignore[return-value]


def rank(ranked: Sequence[tuple[float, str]], unit_id: str) -> int:
    """The place of a unit in a list, from 0; behind the last when it isn't in it."""
    return next((number for number, (_, one) in enumerate(ranked) if one == unit_id), len(ranked))


def figures(dispatch: Recommender, asked: Sequence[Moment]) -> dict[str, float]:
    """n, top1 and top3 of the recommendation and of the straight line."""
    ours = shares([rank(ranking(dispatch, moment), moment.came) for moment in asked])
    straight = shares([rank(straight_ranking(moment), moment.came) for moment in asked])
    return {"n": len(asked), "top1": ours[0], "top3": ours[1], "straight_top1": straight[0], "straight_top3": straight[1]}


def main() -> None:
    """Calibrate, replay, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("train", "test", "streets", "stations"):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE")
    chosen = parser.parse_args()
    train, test, stations = read_rows(chosen.train), read_rows(chosen.test), read_stations(chosen.stations)
    graph, known = from_segments(chosen.streets), register([*train, *test], stations)
    learnt, shown = Replay(train, known), Replay(test, known, train)
    travel = fit_driving(graph, load_travel(), ZONE, learnt.runs)
    rolling_s = turnout([row.times for row in learnt.rows])
    router = Router(graph, travel, ZONE)
    rules = fit_rules(learnt.moments, ways_of(router, learnt, rolling_s))
    speed = fit_straight(straight_metres(learnt.runs), np.array([run.seconds for run in learnt.runs]))
    print(
        json.dumps(
            {
                "driving": travel.driving._asdict(),
                "kmh": travel.classes["other"].kmh,
                "turnout_s": rolling_s,
                "straight_m_s": round(speed, 1),
                "rules": rules._asdict(),
            }
        )
    )
    dispatch = recommender(graph, travel, rules, rolling_s)
    actual = np.array([run.seconds for run in shown.runs])
    predicted = np.array([router.to_place(run.place, [run.origin], run.at, run.urgent)[0].seconds for run in shown.runs])
    off, straight_off = np.abs(predicted - actual), np.abs(straight_metres(shown.runs) / speed - actual)
    print(json.dumps({"engines_and_trucks_in_one_list": figures(dispatch, shown.either)}))
    report = {
        "station_units": figures(dispatch, shown.moments),
        "travel_time": {
            "n": len(shown.runs),
            "median_abs_error_s": round(float(np.median(off)), 1),
            "p90_abs_error_s": round(float(np.quantile(off, 0.9)), 1),
            "straight_median_abs_error_s": round(float(np.median(straight_off)), 1),
        },
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
