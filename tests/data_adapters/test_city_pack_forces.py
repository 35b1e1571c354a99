"""units.csv and resources.csv of a city pack: who can be sent and what helps; each wrong row is named with its field."""

from pathlib import Path

import pytest

from data_adapters.city_pack import PackError, read_pack
from data_adapters.city_pack.forces import RESOURCE_COLUMNS, UNIT_COLUMNS
from tests.data_adapters.pack_files import write_pack

UNIT = "pump-1,水泵一队,crew,440000001,water,113.05,23.05,pumping;rescue,veh-1,handler,0769-110"
STORE = "store-1,东镇物资库,store,440000001,water,113.05,23.05,0769-111,,400,120,沙袋:2000;水泵:12"


def write_forces(folder: Path, units: str = UNIT, resources: str = STORE) -> Path:
    pack = write_pack(folder)
    for name, columns, row in (("units", UNIT_COLUMNS, units), ("resources", RESOURCE_COLUMNS, resources)):
        (pack / f"{name}.csv").write_text(f"{','.join(columns)}\n{row}\n")
    return pack


def test_a_unit_has_its_capabilities_home_and_people_and_a_store_what_lies_there(tmp_path: Path) -> None:
    pack = read_pack(write_forces(tmp_path))
    (force,), (store,) = pack.units, pack.resources
    assert force.unit.capabilities == {"pumping", "rescue"} and force.unit.devices == ("veh-1",) and force.members == ("handler",)
    assert (store.capacity, store.free, store.stock) == (400, 120, {"沙袋": 2000, "水泵": 12})


SPOILT_UNITS = [
    (UNIT.replace("pump-1", ""), "unit_id"),
    (UNIT.replace("水泵一队", ""), "name"),
    (UNIT.replace("crew", "boat"), "kind"),
    (UNIT.replace("440000001", "999"), "region"),
    (UNIT.replace("water", "nobody"), "department"),
    (UNIT.replace("113.05", ""), "lon"),
    (UNIT.replace("pumping;rescue", ""), "capabilities"),
    (f"{UNIT}\n{UNIT}", "unit_id"),
]
SPOILT_RESOURCES = [
    (STORE.replace(",store,", ",shop,"), "kind"),
    (STORE.replace(",400,", ",many,"), "capacity"),
    (STORE.replace(",120,", ",500,"), "free"),
    (STORE.replace("沙袋:2000", "沙袋"), "stock"),
    (STORE.replace("沙袋:2000", "沙袋:-1"), "stock"),
]


@pytest.mark.parametrize(
    ("name", "rows", "field"), [*(("units", *one) for one in SPOILT_UNITS), *(("resources", *one) for one in SPOILT_RESOURCES)]
)
def test_a_spoilt_row_is_named_with_its_file_number_and_field(tmp_path: Path, name: str, rows: str, field: str) -> None:
    with pytest.raises(PackError) as caught:
        read_pack(write_forces(tmp_path, **{name: rows}))
    (told,) = (str(problem) for problem in caught.value.problems)
    assert told.startswith(f"{name}.csv row {1 + len(rows.splitlines())}") and f"field {field}" in told


def test_every_wrong_row_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        read_pack(write_forces(tmp_path, units=SPOILT_UNITS[1][0], resources=SPOILT_RESOURCES[1][0]))
    assert [str(problem).partition(" ")[0] for problem in caught.value.problems] == ["units.csv", "resources.csv"]
