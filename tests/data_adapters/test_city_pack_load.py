"""Loading a city pack into PostgreSQL: whole or not at all, once or twice the same, with its past kept."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data_adapters.city_pack import PackError, load
from data_adapters.sql.register_repository import RegisterRepository
from domain.registry import Device
from services.account_ports import AuditEntry
from tests.data_adapters.pack_files import CITY, DEVICES, PLACES, feature, good_features, square, write_pack

NOW = 1_795_000_000_000
HOUR = 3_600_000
TABLES = ("regions", "departments", "devices", "places", "city")


@pytest.fixture
def store(engine: Engine) -> RegisterRepository:
    """The register, empty."""
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(TABLES)}, audit_log"))
    return RegisterRepository(engine)


def contents(engine: Engine) -> list[list[str]]:
    """Every row of the register."""
    with engine.connect() as connection:
        return [sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}")))) for table in TABLES]


def test_a_pack_becomes_the_register(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    assert [region.code for region in store.regions(None)] == ["440000", "440000001", "440000002"]
    assert [device.device_id for device in store.devices(None)] == ["tf-1", "veh-1", "wl-1"]
    assert store.places()[0].attributes == {"beds": "800"}
    assert store.city()["origin_center"] == "440000"
    assert store.areas()[0].outline is not None


def test_loading_the_same_pack_twice_changes_nothing(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    before = contents(engine)
    _, loaded = load(engine, tmp_path, NOW + HOUR)
    assert not loaded.anything
    assert contents(engine) == before


def test_a_change_closes_the_old_row_and_opens_a_new_one(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    _, loaded = load(engine, write_pack(tmp_path, devices=DEVICES.replace("东江水位站", "东江新站")), NOW + HOUR)
    assert (loaded.changed["devices"], loaded.opened["devices"], loaded.closed["devices"]) == (1, 0, 0)
    assert [store.device("wl-1", at).name for at in (NOW, NOW + HOUR - 1, NOW + HOUR, None) if store.device("wl-1", at)] == [  # type: ignore[union-attr]
        "东江水位站",
        "东江水位站",
        "东江新站",
        "东江新站",
    ]
    assert store.device("wl-1", NOW - 1) is None


def test_what_a_pack_no_longer_has_is_closed(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    shorter = "\n".join(DEVICES.splitlines()[:-1]) + "\n"
    load(engine, write_pack(tmp_path, devices=shorter), NOW + HOUR)
    assert store.device("veh-1", None) is None
    assert store.device("veh-1", NOW) is not None


def test_a_spoilt_pack_loads_nothing_at_all(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    before = contents(engine)
    spoilt = write_pack(tmp_path, devices=DEVICES.replace("113.05", "nan"), city="name: 别城\ncode: x\n")
    with pytest.raises(PackError):
        load(engine, spoilt, NOW + HOUR)
    assert contents(engine) == before


def test_a_failure_in_the_middle_leaves_the_old_register(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    before = contents(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE places ADD CONSTRAINT no_moon CHECK (name <> '月亮医院')"))
    features = [*good_features()]
    features[0]["properties"]["name"] = "改名镇"
    places = "place_id,name,kind,region,lon,lat\nh-9,月亮医院,hospital,440000001,113.06,23.06\n"
    with pytest.raises(Exception, match="no_moon"):
        load(engine, write_pack(tmp_path, features=features, places=places), NOW + HOUR)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE places DROP CONSTRAINT no_moon"))
    assert contents(engine) == before


def test_a_clock_that_went_back_never_ends_a_row_before_it_starts(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    load(engine, write_pack(tmp_path, devices=DEVICES.replace(",60", ",90")), NOW - HOUR)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM devices WHERE valid_to <= valid_from")).scalar() == 0
    assert store.device("wl-1", None) == Device("wl-1", "东江水位站", "water_level", "440000001", "water", 113.05, 23.05, 90)


def test_an_unadopted_device_is_adopted_by_the_pack_that_names_it(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO devices (device_id, status, valid_from) VALUES ('wl-1', 'unadopted', 'epoch')"))
    load(engine, write_pack(tmp_path), NOW)
    assert store.unadopted() == []
    assert store.device("wl-1", None) is not None


def test_what_a_steward_adopted_outlives_the_next_pack(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO devices (device_id, status, valid_from) VALUES ('mine', 'unadopted', 'epoch')"))
    device = Device("mine", "新站", "rain_gauge", "440000001", "water", None, None, 60)
    assert store.adopt(device, AuditEntry(NOW, "steward", "adopt_device", "mine"))
    assert not store.adopt(device, AuditEntry(NOW, "steward", "adopt_device", "mine"))
    load(engine, write_pack(tmp_path, devices=DEVICES.replace(",60", ",90")), NOW + HOUR)
    assert store.device("mine", None) == device


def test_areas_are_kept_as_geojson_that_a_map_can_draw(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    outline = store.areas()[1].outline
    assert outline is not None and outline["type"] == "Polygon"
    assert json.loads(json.dumps(outline))["coordinates"][0][0] == outline["coordinates"][0][-1]


def test_a_map_names_whose_data_it_shows(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    load(engine, write_pack(tmp_path), NOW)
    assert store.city()["attribution"] == ""
    load(engine, write_pack(tmp_path, places=PLACES.replace("h-1", "osm-node-1")), NOW + HOUR)
    assert "OpenStreetMap" in store.city()["attribution"]
    load(engine, write_pack(tmp_path, city=f"{CITY}attribution: 试城测绘院\n", places=PLACES.replace("h-1", "osm-node-1")), NOW + 2 * HOUR)
    assert store.city()["attribution"] == "试城测绘院"


def test_a_device_has_an_english_name_where_the_pack_gives_one(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    rows = DEVICES.strip().split("\n")
    named = "\n".join([rows[0] + ",name_en", rows[1] + ",Dongjiang gauge", *(f"{row}," for row in rows[2:])])
    load(engine, write_pack(tmp_path, devices=named), NOW)
    assert {device.device_id: device.name_en for device in store.devices(None)} == {"wl-1": "Dongjiang gauge", "tf-1": "", "veh-1": ""}


def test_a_region_says_how_many_live_there_where_the_pack_does(engine: Engine, store: RegisterRepository, tmp_path: Path) -> None:
    features = [
        feature("440000001", "东镇", "440000", square(113.0, 23.0), population=597192),
        feature("440000002", "西镇", None, square(113.1, 23.0)),
    ]
    load(engine, write_pack(tmp_path, features=features), NOW)
    assert {one.code: one.population for one in store.regions(None)}["440000001"] == 597192
    assert {one.region.code: one.region.population for one in store.areas()}["440000002"] is None
