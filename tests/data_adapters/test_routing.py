"""Travel times on the roads: equal to plain Dijkstra's, with one-ways, and honest where the roads can't tell."""

import heapq
import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from config.travel import load_travel
from data_adapters.city_pack.contents import Roads
from data_adapters.road_graph import RoadGraph, from_pack, from_segments
from data_adapters.routing import Router
from domain.travel import NO_GRAPH, NO_WAY, OFF_ROAD, ROAD, Point

RULES = load_travel()
NOON = 1_749_960_000_000
"""12:00 in Shanghai."""
NIGHT = 1_749_924_000_000
"""02:00 in Shanghai."""
ZONE = "Asia/Shanghai"


def graph_of(nodes, sections, road_class="primary"):
    """`sections`: (start, end, metres, km/h, one-way)."""
    both = [(a, b, m, v) for a, b, m, v, _ in sections] + [(b, a, m, v) for a, b, m, v, one in sections if not one]
    table = pd.DataFrame(both, columns=["start", "end", "length_m", "speed_kmh"]).assign(**{"class": road_class})
    table["line"] = [shapely.LineString([nodes[a], nodes[b]]) for a, b, _, _ in both]
    return RoadGraph(np.array(nodes, dtype=float), table)


def plain_dijkstra(graph, seconds, origin, place):
    """From one spot to another: the sections cut where they lie, and a heap."""
    ways: dict[object, list[tuple[object, float]]] = {}

    def way(a, b, cost):
        ways.setdefault(a, []).append((b, cost))

    cuts: dict[int, list[tuple[float, object]]] = {}
    for name, (section, along) in (("origin", origin), ("place", place)):
        cuts.setdefault(section, []).append((along, name))
        if graph.back[section] >= 0:
            cuts.setdefault(int(graph.back[section]), []).append((1 - along, name))
    for section in range(len(graph.start)):
        stops = [(0.0, int(graph.start[section])), *sorted(cuts.get(section, []), key=lambda cut: cut[0]), (1.0, int(graph.end[section]))]
        for (a, first), (b, second) in itertools.pairwise(stops):
            way(first, second, (b - a) * seconds[section])
            if a == b and isinstance(first, str) and isinstance(second, str):
                way(second, first, 0.0)
    best, heap, turn = {}, [(0.0, 0, "origin")], itertools.count(1)
    while heap:
        cost, _, node = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = cost
        for other, more in ways.get(node, []):
            heapq.heappush(heap, (cost + more, next(turn), other))
    return best.get("place", math.inf)


@st.composite
def towns(draw):
    many = draw(st.integers(3, 9))
    cells = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=many, max_size=many, unique=True))
    nodes = [(113.7 + 0.004 * x, 23.0 + 0.004 * y + 0.0001 * x * x) for x, y in cells]
    ends = st.tuples(st.integers(0, many - 1), st.integers(0, many - 1)).filter(lambda pair: pair[0] < pair[1])
    pairs = draw(st.lists(ends, min_size=many - 1, max_size=2 * many, unique=True))
    metres, kmh = st.integers(50, 900), st.sampled_from([10, 30, 60, 100])
    sections = [(a, b, draw(metres), draw(kmh), draw(st.booleans())) for a, b in pairs]
    turned = [(b, a, m, v, one) if draw(st.booleans()) else (a, b, m, v, one) for a, b, m, v, one in sections]
    places = draw(st.lists(st.tuples(st.integers(0, len(turned) - 1), st.floats(0, 1)), min_size=2, max_size=6))
    return nodes, turned, places


@given(towns(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_times_equal_plain_dijkstra_on_any_town_with_one_ways(town, urgent):
    nodes, sections, places = town
    graph = graph_of(nodes, sections)
    points = []
    for index, share in places:
        (x, y), (u, v) = nodes[sections[index][0]], nodes[sections[index][1]]
        points.append(Point(x + share * (u - x), y + share * (v - y)))
    factor = RULES.classes["primary"].factors["day"]
    seconds = graph.metres * 3.6 / (graph.kmh * factor)
    spots = graph.spot(points)
    found = Router(graph, RULES, ZONE).to_place(points[0], points[1:], NOON, urgent)
    for number, arrival in enumerate(found, start=1):
        cruise = plain_dijkstra(graph, seconds, (int(spots.section[number]), spots.along[number]), (int(spots.section[0]), spots.along[0]))
        if math.isinf(cruise):
            assert arrival.how == NO_WAY
            continue
        assert arrival.how == ROAD
        off = (spots.off_m[0] + spots.off_m[number]) * 3.6 / RULES.access_kmh
        cruised = RULES.driving.cruise_within(arrival.seconds, urgent)
        assert cruised == pytest.approx(cruise + off, abs=1e-4, rel=1e-6)


SQUARE = [(113.70, 23.0), (113.71, 23.0), (113.71, 23.01), (113.70, 23.01)]


def test_a_crew_goes_round_the_block_where_the_street_is_one_way():
    ring = graph_of(SQUARE, [(0, 1, 1000, 60, True), (1, 2, 1000, 60, True), (2, 3, 1000, 60, True), (3, 0, 1000, 60, True)])
    router = Router(ring, RULES, ZONE)
    ahead, behind = router.to_place(Point(113.705, 23.0), [Point(113.704, 23.0), Point(113.706, 23.0)], NOON, True)
    assert ahead.seconds < 60 < 300 < behind.seconds


def test_night_is_faster_than_noon_and_siren_faster_than_none():
    router = Router(graph_of(SQUARE, [(0, 1, 5000, 60, False)]), RULES, ZONE)
    ask = (Point(*SQUARE[1]), [Point(*SQUARE[0])])
    noon, night, calm = (router.to_place(*ask, at, urgent)[0].seconds for at, urgent in ((NOON, True), (NIGHT, True), (NOON, False)))
    assert night < noon < calm


def test_without_roads_the_straight_line_says_so():
    router = Router(None, RULES, ZONE)
    (found,) = router.to_place(Point(113.7, 23.0), [Point(113.7, 23.01)], NOON, True)
    assert found.how == NO_GRAPH and 120 < found.seconds < 300
    assert router.reach(Point(113.7, 23.0), 240, NOON, True).how == NO_GRAPH


def test_a_point_far_from_every_road_gets_a_straight_line_and_the_others_the_road():
    router = Router(graph_of(SQUARE, [(0, 1, 1000, 60, False)]), RULES, ZONE)
    origins = [Point(113.70, 23.05), Point(113.70, 23.0001)]
    assert [found.how for found in router.to_place(Point(113.71, 23.0), origins, NOON, True)] == [OFF_ROAD, ROAD]
    assert [found.how for found in router.to_place(Point(113.70, 23.05), origins, NOON, True)] == [OFF_ROAD, OFF_ROAD]


def test_what_lies_in_the_reach_is_there_in_time():
    nodes = [(113.70 + 0.002 * x, 23.0 + 0.002 * y) for x in range(20) for y in range(20)]
    streets = [(20 * x + y, 20 * x + y + 1, 222, 40, False) for x in range(20) for y in range(19)]
    streets += [(20 * x + y, 20 * x + 20 + y, 205, 40, False) for x in range(19) for y in range(20)]
    router, place = Router(graph_of(nodes, streets), RULES, ZONE), Point(113.72, 23.02)
    inside = router.reach(place, 300, NOON, True)
    times = [arrival.seconds for arrival in router.to_place(place, [Point(*node) for node in nodes], NOON, True)]
    assert inside.how == ROAD and 0 < sum(seconds <= 300 for seconds in times) < 400
    assert all(inside.area.buffer(1e-9).covers(shapely.Point(node)) for node, s in zip(nodes, times, strict=True) if s <= 300)
    assert not any(inside.area.covers(shapely.Point(node)) for node, seconds in zip(nodes, times, strict=True) if seconds > 360)
    larger = router.reach(place, 420, NOON, True).area
    assert larger.buffer(1e-9).covers(inside.area) and larger.area > inside.area.area


def test_a_pack_s_roads_become_a_graph_without_dead_ends_that_nobody_leaves():
    nodes = pd.DataFrame({"node": ["a", "b", "c"], "lon": [113.70, 113.71, 113.72], "lat": [23.0, 23.0, 23.0]})
    rows = [("a", "b"), ("b", "a"), ("b", "c")]
    sections = pd.DataFrame(rows, columns=["from", "to"]).assign(length_m=1000.0, speed_kmh=60.0, shape="", **{"class": "primary"})
    sections.loc[1, "shape"] = "LINESTRING (113.70 23.0, 113.705 23.001, 113.71 23.0)"
    graph = from_pack(Roads(nodes, sections))
    assert graph.size == 2 and list(graph.back) == [1, 0]
    (arrival,) = Router(graph, RULES, ZONE).to_place(Point(113.71, 23.0), [Point(113.70, 23.0)], NOON, True)
    assert RULES.driving.cruise_within(arrival.seconds, True) == pytest.approx(60 / RULES.classes["primary"].factors["day"], rel=0.01)


def test_a_csv_of_segments_is_driven_both_ways_at_the_usual_speed(tmp_path: Path):
    file = tmp_path / "segments.csv"
    file.write_text("seg_id,from_node,to_node,length_m,polyline_lonlat\n0,7,9,1000.0,113.70 23.0;113.71 23.0\n")
    router = Router(from_segments(file), RULES, ZONE)
    there, back = Point(113.70, 23.0), Point(113.71, 23.0)
    assert router.to_place(there, [back], NOON, True) == router.to_place(back, [there], NOON, True)
    assert router.to_place(there, [back], NOON, True)[0].how == ROAD
