"""Dispatch: how long a recommendation takes with 1,000 units on 50,000 crossings.

    python bench/bench_dispatch.py [--quick] [--units 1000] [--side 224]

A town of side x side crossings 100 m apart, a fifth of its streets one-way, roads of several classes; units stand anywhere, four in
five free. Each question is another incident with another class's needs, asked through services/recommending.py as the desk asks it:
snapping every unit to the roads, one search, ranking with reasons. Beside it: ten incidents at once planned in three ways, and the
isochrone of eight minutes.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from config.incident_files import load_classes
from config.needs import load_needs
from config.travel import load_travel
from data_adapters.assigning import HungarianAssigner
from data_adapters.city_pack.contents import Roads
from data_adapters.road_graph import RoadGraph, from_pack
from data_adapters.routing import Router
from domain.travel import ROAD, Point
from domain.units import Unit
from services.recommending import Call, Recommender, Standing

TARGET_MS = 100
LON, LAT, STEP = 113.6, 22.8, 0.001
CLASSES = ("primary", "secondary", "tertiary", "residential")
CAPABILITIES = ("fire_engine", "ladder", "ambulance", "rescue", "police", "pumping", "patrol", "sanitation", "environment", "road_repair")
NOON = 1_749_960_000_000
QUESTIONS = 200


def town(side: int) -> RoadGraph:
    """Crossings in a grid; sections as a city pack has them."""
    dice = np.random.default_rng(7)
    cells = np.arange(side * side).reshape(side, side)
    pairs = np.r_[np.c_[cells[:, :-1].ravel(), cells[:, 1:].ravel()], np.c_[cells[:-1].ravel(), cells[1:].ravel()]]
    both = dice.random(len(pairs)) >= 0.2
    road_class, metres = dice.choice(CLASSES, len(pairs)), dice.uniform(90, 180, len(pairs)).round(1)
    nodes = pd.DataFrame({"node": cells.ravel(), "lon": LON + STEP * (cells.ravel() % side), "lat": LAT + STEP * (cells.ravel() // side)})
    there = pd.DataFrame({"from": pairs[:, 0], "to": pairs[:, 1], "length_m": metres, "class": road_class, "speed_kmh": 40.0, "shape": ""})
    back = there[both].rename(columns={"from": "to", "to": "from"})
    return from_pack(Roads(nodes, pd.concat([there, back], ignore_index=True)))


def standings(many: int, side: int, dice: np.random.Generator) -> list[Standing]:
    """Units anywhere in the town, four in five available."""
    places = np.array([LON, LAT]) + STEP * dice.uniform(0, side - 1, (many, 2))
    found = []
    for number, (lon, lat) in enumerate(places.tolist()):
        can = frozenset(dice.choice(CAPABILITIES, 2, replace=False).tolist())
        unit = Unit(f"u{number}", f"单元 {number}", "crew", can, lon, lat, f"r{number % 33}", "emergency")
        state = "available" if dice.random() < 0.8 else "on_scene"
        found.append(Standing(unit, state, Point(lon, lat), int(dice.integers(0, 4))))
    return found


def timed(ask: Callable[[int], Any], turns: int) -> list[float]:
    """Milliseconds of each turn, the first left out (it builds the weights of the hour)."""
    ask(0)
    found = []
    for turn in range(turns):
        started = time.perf_counter()
        ask(turn)
        found.append((time.perf_counter() - started) * 1000)
    return found


def main() -> None:
    """Build the town, ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small town, to see that it runs; its figures mean little")
    parser.add_argument("--units", type=int, default=1_000)
    parser.add_argument("--side", type=int, default=224)
    chosen = parser.parse_args()
    side = 40 if chosen.quick else chosen.side
    dice, started = np.random.default_rng(3), time.perf_counter()
    graph = town(side)
    built_s = time.perf_counter() - started
    classes = load_classes()
    book = load_needs(classes)
    kinds = [one for one in classes if book.of(one.lineage)]
    service = Recommender(Router(graph, load_travel(), "Asia/Shanghai"), HungarianAssigner(), book.rules, book.turnout_s)
    everybody = standings(chosen.units, side, dice)
    places = [Point(*pair) for pair in (np.array([LON, LAT]) + STEP * dice.uniform(0, side - 1, (QUESTIONS, 2))).tolist()]
    calls = [Call(f"i{n}", place, (f"r{n % 33}",), book.of(kinds[n % len(kinds)].lineage)) for n, place in enumerate(places)]
    (first, *_) = service.recommend(calls[0], everybody, NOON)
    if not first.ranked or first.ranked[0].reasons[1].value != ROAD:
        raise RuntimeError("the recommendation did not use the roads")
    turns = 20 if chosen.quick else QUESTIONS
    found = {
        "recommendation": timed(lambda turn: service.recommend(calls[turn], everybody, NOON), turns),
        "ten_at_once": timed(lambda turn: service.several(calls[turn : turn + 10], everybody, NOON), 10),
        "isochrone": timed(lambda turn: shapely.to_geojson(service.reach(places[turn], 480, NOON).area), 20),
    }
    figures = {
        f"{name}_{what}_ms": round(float(np.quantile(times, q)), 1)
        for name, times in found.items()
        for what, q in (("median", 0.5), ("p95", 0.95))
    }
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    met = figures["recommendation_p95_ms"] <= TARGET_MS
    shape = {"nodes": graph.size, "sections": len(graph.start), "units": len(everybody), "built_s": round(built_s, 1)}
    print(json.dumps({"bench": "dispatch", "machine": machine, **shape, **figures, "target_ms": TARGET_MS, "met": met}))


if __name__ == "__main__":
    main()
