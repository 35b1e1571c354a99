"""Units are ranked on real streets, with their one-ways and speeds, as plain Dijkstra of networkx on the same directed roads ranks them."""

from itertools import pairwise

import networkx
import numpy as np
import pytest

from config.incident_files import load_classes
from config.needs import load_needs
from config.travel import load_travel
from data_adapters.assigning import HungarianAssigner
from data_adapters.city_pack import Pack
from data_adapters.road_graph import RoadGraph, from_pack
from data_adapters.routing import Router
from domain.recommendation import Need
from domain.travel import ROAD, Point
from domain.units import Unit
from services.recommending import Call, Recommender, Standing
from tests.data_adapters.test_city_from_osm import EAST, NORTH, SOUTH, WEST, extract, folder, pack

__all__ = ["extract", "folder", "pack"]
RULES, BOOK = load_travel(), load_needs(load_classes())
ZONE = "Europe/Helsinki"
HOURS = {"peak": 1_749_963_600_000, "day": 1_749_978_000_000, "night": 1_749_934_800_000}
"""8:00, 12:00 and 0:00 in Helsinki."""
PLACES, UNITS = 20, 60
TURNOUT_S = BOOK.turnout_s["available"]


def seconds_of(graph: RoadGraph, band: str) -> list[float]:
    """Seconds at cruising speed for every section, by its own speed or its class's, and the hour."""
    found = []
    for metres, kmh, name in zip(graph.metres.tolist(), graph.kmh.tolist(), graph.classes.tolist(), strict=True):
        kind = RULES.classes.get(name, RULES.classes["other"])
        found.append(metres * 3.6 / ((kind.kmh if np.isnan(kmh) else kmh) * kind.factors[band]))
    return found


def plain(graph: RoadGraph, seconds: list[float], points: list[Point]) -> list[float]:
    """Seconds at cruising speed to the first of the points from each of the others: sections cut where the points lie, and networkx."""
    spots, cuts = graph.spot(points), dict[int, list[tuple[float, object]]]()
    for number, (section, along) in enumerate(zip(spots.section.tolist(), spots.along.tolist(), strict=True)):
        cuts.setdefault(section, []).append((along, f"p{number}"))
        if graph.back[section] >= 0:
            cuts.setdefault(int(graph.back[section]), []).append((1 - along, f"p{number}"))
    roads = networkx.MultiDiGraph()
    for section, (start, end) in enumerate(zip(graph.start.tolist(), graph.end.tolist(), strict=True)):
        stops = [(0.0, start), *sorted(cuts.get(section, []), key=lambda cut: cut[0]), (1.0, end)]
        for (a, first), (b, second) in pairwise(stops):
            roads.add_edge(second, first, seconds=(b - a) * seconds[section])
    found = networkx.single_source_dijkstra_path_length(roads, "p0", weight="seconds")
    access = (spots.off_m[0] + spots.off_m) * 3.6 / RULES.access_kmh
    return [found[f"p{number}"] + access[number] for number in range(1, len(points))]


@pytest.mark.parametrize("band", HOURS)
def test_units_are_ranked_as_plain_dijkstra_ranks_them(pack: Pack, band: str) -> None:
    assert pack.roads is not None
    graph, dice, at = from_pack(pack.roads), np.random.default_rng(11), HOURS[band]
    assert graph.size > 200 and (graph.back < 0).mean() > 0.2, "with one-ways"
    seconds, service = seconds_of(graph, band), Recommender(Router(graph, RULES, ZONE), HungarianAssigner(), BOOK.rules, BOOK.turnout_s)
    differ = 0
    for _ in range(PLACES):
        place, *homes = [Point(*pair) for pair in dice.uniform((WEST, SOUTH), (EAST, NORTH), (UNITS + 1, 2)).tolist()]
        units = [Unit(f"u{n:02d}", "", "vehicle", frozenset({"police"}), *home, "", "") for n, home in enumerate(homes)]
        standings = [Standing(unit, "available", home) for unit, home in zip(units, homes, strict=True)]
        (answer,) = service.recommend(Call("i", place, (), [Need("police", UNITS)]), standings, at)
        ways = plain(graph, seconds, [place, *homes])
        expected = {unit.unit_id: RULES.driving.seconds(way, True) + TURNOUT_S for unit, way in zip(units, ways, strict=True)}
        assert {one.reasons[1].value for one in answer.ranked} == {ROAD}
        assert {one.unit_id: one.seconds for one in answer.ranked} == pytest.approx(expected, abs=1e-4)
        ranked = [expected[one.unit_id] for one in answer.ranked]
        assert all(before <= after + 1e-4 for before, after in pairwise(ranked))
        straight = sorted(units, key=lambda unit: (unit.home_lon - place.lon) ** 2 / 4 + (unit.home_lat - place.lat) ** 2)
        differ += answer.ranked[0].unit_id != straight[0].unit_id
    assert differ > PLACES // 10, "streets and one-ways change who is first"
