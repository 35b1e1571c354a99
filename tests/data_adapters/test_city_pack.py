"""Reading a city pack: what is repaired, what is refused, and what the person at the keyboard is told."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_adapters.city_pack import PackError, read_pack
from data_adapters.city_pack.__main__ import main
from data_adapters.coordinates import from_wgs84
from tests.data_adapters.pack_files import CITY, DEVICES, HEADER, feature, good_features, square, write_pack


def problems(folder: Path) -> list[str]:
    """What the reader says of a spoilt pack."""
    with pytest.raises(PackError) as caught:
        read_pack(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_pack_has_city_regions_devices_and_places(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path))
    assert [(outline.region.code, outline.region.level) for outline in pack.regions] == [
        ("440000", "city"),
        ("440000001", "town"),
        ("440000002", "town"),
    ]
    assert pack.devices[0].device.interval_s == 60
    assert pack.devices[2].device.lon is None
    assert pack.places[0].attributes == {"beds": "800"}


def test_codes_may_be_numbers(tmp_path: Path) -> None:
    features = [feature(440000001, "东镇", 440000, square(113.0, 23.0)), feature(440000002.0, "西镇", None, square(113.1, 23.0))]
    city = CITY.replace('"440000"', "440000")
    assert read_pack(write_pack(tmp_path, features=features, city=city)).regions[2].region.parent == "440000"


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem(tmp_path: Path) -> None:
    devices = b"\xef\xbb\xbf" + DEVICES.replace("\n", "\r\n").encode()
    assert len(read_pack(write_pack(tmp_path, devices=devices)).devices) == 3


def test_departments_are_taken_from_the_devices_when_the_city_lists_none(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path, city='name: 试城\ncode: "440000"\n'))
    assert [department.code for department in pack.departments] == ["transport", "water"]


def test_zones_group_regions_and_their_areas(tmp_path: Path) -> None:
    zone = '\nzones:\n  - {code: Z1, zh: 东片区, en: East, regions: ["440000001", "440000002"]}\n'
    regions = {outline.region.code: outline for outline in read_pack(write_pack(tmp_path, city=CITY + zone)).regions}
    assert regions["Z1"].region.level == "zone"
    assert regions["440000001"].region.parent == "Z1"
    assert regions["Z1"].area is not None and regions["Z1"].area.area == pytest.approx(0.02)


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_a_declared_datum_is_converted_once_for_areas_and_points(tmp_path: Path, datum: str) -> None:
    ring = [list(from_wgs84(lon, lat, datum)) for lon, lat in square(113.0, 23.0, 0.2)]
    lon, lat = from_wgs84(113.05, 23.05, datum)
    devices = f"{HEADER}\nwl-1,站,water_level,440000001,water,{lon},{lat},60\n"
    pack = read_pack(
        write_pack(
            tmp_path,
            city=f"{CITY}datum: {datum}\n",
            features=[feature("440000001", "东镇", None, ring)],
            devices=devices,
            places=PLACE_HEADER,
        )
    )
    assert pack.devices[0].device.lon == pytest.approx(113.05, abs=1e-5)
    assert pack.regions[1].area is not None and pack.regions[1].area.bounds[0] == pytest.approx(113.0, abs=1e-5)


PLACE_HEADER = "place_id,name,kind,region,lon,lat\n"


def test_an_unclosed_ring_is_closed_and_reported(tmp_path: Path) -> None:
    features = [feature("440000001", "东镇", None, square(113.0, 23.0)[:-1]), good_features()[1]]
    pack = read_pack(write_pack(tmp_path, features=features))
    assert pack.regions[1].area is not None and pack.regions[1].area.is_valid
    assert any("feature 1 (440000001): 1 unclosed ring" in notice for notice in pack.notices)


def test_a_self_crossing_ring_is_repaired_and_reported(tmp_path: Path) -> None:
    bow_tie = [[113.0, 23.0], [113.1, 23.1], [113.1, 23.0], [113.0, 23.1], [113.0, 23.0]]
    pack = read_pack(write_pack(tmp_path, features=[feature("440000001", "东镇", None, bow_tie), good_features()[1]]))
    area = pack.regions[1].area
    assert area is not None and area.is_valid and area.area == pytest.approx(0.005)
    assert any("Self-intersection" in notice for notice in pack.notices)


def test_neighbours_that_overlap_and_a_region_outside_its_parent_are_reported(tmp_path: Path) -> None:
    city = feature("440000", "试城", None, square(113.0, 23.0, 0.2))
    wide, away = feature("440000003", "重镇", "440000", square(113.05, 23.0)), feature("440000004", "远镇", "440000", square(113.15, 23.15))
    notices = read_pack(write_pack(tmp_path, features=[city, *good_features(), wide, away])).notices
    assert "regions.geojson: 440000001 (东镇) and 440000003 (重镇) overlap by 50% of the smaller" in notices
    assert "regions.geojson: 440000004 (远镇) lies with 75% of its area outside 440000 (试城)" in notices
    assert len([notice for notice in notices if "overlap" in notice or "outside" in notice]) == 3


def test_neighbours_that_share_a_border_are_no_news(tmp_path: Path) -> None:
    assert not any("overlap" in notice for notice in read_pack(write_pack(tmp_path)).notices)


def test_a_device_outside_the_region_it_names_is_reported_with_where_it_stands(tmp_path: Path) -> None:
    moved = DEVICES.replace("113.15,23.05", "113.05,23.05")
    notices = read_pack(write_pack(tmp_path, devices=moved)).notices
    assert "devices.csv: tf-1 lies 5.1 km outside its region 440000002 (西镇); it stands in 440000001 (东镇)" in notices


@pytest.mark.parametrize(("lon", "reported"), [(113.0981, False), (113.0979, True)])
def test_a_device_on_the_border_is_within_the_coarseness_of_borders(tmp_path: Path, lon: float, reported: bool) -> None:
    """200 m are 0.00196 degrees of longitude there; the border lies at 113.1."""
    notices = read_pack(write_pack(tmp_path, devices=DEVICES.replace("113.15,23.05", f"{lon},23.05"))).notices
    assert any("outside its region" in notice for notice in notices) is reported


def test_schematic_areas_are_not_held_against_devices(tmp_path: Path) -> None:
    features = good_features()
    features[1]["properties"]["schematic"] = True
    notices = read_pack(write_pack(tmp_path, features=features, devices=DEVICES.replace("113.15,23.05", "113.05,23.05"))).notices
    assert not any("outside its region" in notice for notice in notices)


REGION_TROUBLES: list[tuple[dict[str, Any], str]] = [
    (feature("440000001", "又一个", None, square(113.2, 23.0)), "feature 1 has it too"),
    (feature("x", "离群", "nowhere", square(113.2, 23.0)), "row 3, field parent: 'nowhere'; expected the code of another region"),
    (feature("", "无码", None, square(113.2, 23.0)), "row 3, field code; expected a code"),
    (feature("x", "无面", None, [[113.0, 23.0], [113.1, 23.0]]), "at least three points"),
    (feature("x", "倒置", None, [[23.0, 113.0], [23.1, 113.0], [23.1, 113.1]]), "they look swapped"),
    (feature("x", "米制", None, [[500000, 2500000], [500100, 2500000], [500100, 2500100]]), "not metres"),
    (feature("x", "非数", None, [[113.0, None], [113.1, 23.0], [113.1, 23.1]]), "finite numbers"),
    (feature("x", "深层", None, [[[113.0, 23.0]]]), "expected positions"),
    (feature("x", "人口", None, square(113.2, 23.0), population="many"), "field population: 'many'; expected a whole number"),
    (feature("x", "无人", None, square(113.2, 23.0), population=0), "field population: '0'; expected a whole number"),
    (feature("x", "级别", None, square(113.2, 23.0), level="town hall"), "one of city, zone"),
    ({"type": "Feature", "properties": None, "geometry": None}, "row 3, field properties"),
    ({"type": "Feature", "properties": {"code": "x", "name": "点"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}, "a Polygon or"),
]


@pytest.mark.parametrize(("spoilt", "words"), REGION_TROUBLES)
def test_a_spoilt_region_is_named_with_row_field_and_what_was_expected(tmp_path: Path, spoilt: dict[str, Any], words: str) -> None:
    found = problems(write_pack(tmp_path, features=[*good_features(), spoilt]))
    assert len(found) == 1
    assert found[0].startswith("regions.geojson row 3") and words in found[0]


def test_regions_that_are_above_themselves_are_refused(tmp_path: Path) -> None:
    circle = [feature("a", "甲", "b", square(113.2, 23.0)), feature("b", "乙", "a", square(113.3, 23.0))]
    assert any("no circle; a is above itself" in line for line in problems(write_pack(tmp_path, features=[*good_features(), *circle])))


DEVICE_TROUBLES = [
    ("wl-1,双号,rain_gauge,440000001,water,113.05,23.05,60", "field device_id: 'wl-1'; expected an id used only once; row 2 has it too"),
    (",无号,rain_gauge,440000001,water,113.05,23.05,60", "field device_id; expected 1 to 128"),
    ("a,站,,440000001,water,113.05,23.05,60", "field kind; expected a device kind"),
    ("a,站,rain_gauge,999,water,113.05,23.05,60", "field region: '999'; expected the code of a region"),
    ("a,站,rain_gauge,440000001,circus,113.05,23.05,60", "field department: 'circus'; expected a department code"),
    ("a,站,rain_gauge,440000001,water,nan,23.05,60", "field lon: 'nan'; expected degrees"),
    ("a,站,rain_gauge,440000001,water,113.05,,60", "field lat; expected degrees"),
    ("a,站,rain_gauge,440000001,water,inf,23.05,60", "field lon: 'inf'"),
    ("a,站,rain_gauge,440000001,water,23.05,113.05,60", "look swapped"),
    ("a,站,rain_gauge,440000001,water,113.05,23.05,0", "field interval_s: '0'; expected seconds above 0"),
    ("a,站,rain_gauge,440000001,water,113.05,23.05,-5", "field interval_s: '-5'"),
    ("a,站,rain_gauge,440000001,water,113.05,23.05,1e9", "field interval_s: '1e9'"),
    ("a,站,rain_gauge,440000001,water,113.05,23.05", "expected 8 cells as in the header; it has 7"),
    ('a,"没关,rain_gauge,440000001,water,113.05,23.05,60', "expected CSV"),
]


@pytest.mark.parametrize(("row", "words"), DEVICE_TROUBLES)
def test_a_spoilt_device_row_is_named_with_field_value_and_what_was_expected(tmp_path: Path, row: str, words: str) -> None:
    found = problems(write_pack(tmp_path, devices=f"{DEVICES}{row}\n"))
    assert len(found) == 1, found
    assert found[0].startswith("devices.csv row 5") and words in found[0]


def test_a_swapped_pair_is_noticed_where_both_are_latitudes(tmp_path: Path) -> None:
    ring = square(50.0, 40.0)
    devices = f"{HEADER}\na,站,rain_gauge,440000001,water,40.05,50.05,60\n"
    found = problems(write_pack(tmp_path, features=[feature("440000001", "镇", None, ring)], devices=devices, places=PLACE_HEADER))
    assert len(found) == 1 and "look swapped" in found[0]


FILE_TROUBLES: list[tuple[str, str | bytes, str]] = [
    ("devices", DEVICES.encode("gb18030"), "devices.csv row 2; expected UTF-8 text; this looks like GB18030"),
    ("devices", DEVICES.encode("utf-16"), "this looks like UTF-16"),
    ("devices", DEVICES.replace("东江", "东\x00江"), "row 2; expected text without NUL"),
    ("devices", "id,name\n1,x\n", "row 1, field device_id, kind, region"),
    ("devices", "", "row 1"),
    ("devices", HEADER + ",lon\n", "expected each column once"),
    ("city", "name: [", "city.yaml row"),
    ("city", "- a\n", "expected a mapping"),
    ("city", "code: 440000\n", "field name; expected the city's name"),
    ("city", CITY + "datum: GCJ-03\n", "field datum: 'GCJ-03'; expected one of WGS-84"),
    ("city", CITY + "datun: GCJ-02\n", "field datun: 'GCJ-02'; expected the key datum"),
    ("city", CITY + "timezone: Mars/Olympus\n", "expected an IANA time zone"),
    ("regions", "{", "regions.geojson row 1; expected JSON"),
    ("regions", "[]", "a GeoJSON FeatureCollection"),
    ("regions", "[" * 100_000, "regions.geojson; expected JSON"),
]


@pytest.mark.parametrize(("file", "content", "words"), FILE_TROUBLES)
def test_a_spoilt_file_is_named(tmp_path: Path, file: str, content: str | bytes, words: str) -> None:
    assert any(words in line for line in problems(write_pack(tmp_path, **{file: content})))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    with (folder / "devices.csv").open("r+b") as file:
        file.truncate(100_000_000)
    assert problems(folder) == ["devices.csv; expected at most 64 MB; the file has 100 MB"]


def test_a_missing_folder_and_missing_files_are_said(tmp_path: Path) -> None:
    assert "a folder with city.yaml" in problems(tmp_path / "none")[0]
    (tmp_path / "empty").mkdir()
    assert len(problems(tmp_path / "empty")) == 3


def test_all_problems_are_collected_and_the_first_twenty_shown(tmp_path: Path) -> None:
    rows = "".join(f"d{number},站,rain_gauge,440000001,water,x,y,60\n" for number in range(30))
    with pytest.raises(PackError) as caught:
        read_pack(write_pack(tmp_path, devices=f"{HEADER}\n{rows}"))
    assert len(caught.value.problems) == 60
    assert len(str(caught.value).splitlines()) == 22
    assert str(caught.value).endswith("… and 40 more")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["city", "regions", "devices", "places"]), st.binary(max_size=200) | st.text(max_size=200).map(str.encode)
    )
)
def test_whatever_the_files_hold_the_answer_is_a_pack_or_a_list_of_problems(tmp_path: Path, files: dict[str, bytes]) -> None:
    try:
        read_pack(write_pack(tmp_path, **files))
    except PackError as error:
        assert error.problems


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(kind=st.sampled_from(["Polygon", "MultiPolygon"]), coordinates=JSON)
def test_whatever_a_geometry_holds_it_is_an_area_or_a_problem(tmp_path: Path, kind: str, coordinates: Any) -> None:
    spoilt = {"type": "Feature", "properties": {"code": "x", "name": "怪"}, "geometry": {"type": kind, "coordinates": coordinates}}
    try:
        pack = read_pack(write_pack(tmp_path, features=[*good_features(), spoilt]))
        assert all(isinstance(outline.area, shapely.Geometry) for outline in pack.regions)
    except PackError as error:
        assert error.problems


def test_the_command_checks_a_pack_without_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write_pack(tmp_path)), "--check"]) == 0
    assert "good: 试城 (440000): 3 regions, 2 departments, 3 devices, 1 places" in capsys.readouterr().out


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write_pack(tmp_path, devices="")), "--check"]) == 1
    assert "nothing was loaded" in capsys.readouterr().err
