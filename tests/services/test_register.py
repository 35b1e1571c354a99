"""The register as different people see it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.access import Actor, Forbidden
from domain.registry import Department, Device, Region
from services.account_ports import AuditEntry
from services.register import FOUND_AT_MOST, Register, Unknown
from services.register_ports import Place, RegionArea

NOW = 1_795_000_000_000
CITY = Region("44", "试城", None, "city", "Testville")
EAST, WEST = Region("44e", "东镇", "44", "town", "East"), Region("44w", "西镇", "44", "town", "West")
VILLAGE = Region("44e1", "东一村", "44e", "village")
GAUGE = Device("wl-1", "东江水位站", "water_level", "44e1", "water", 113.05, 23.05, 60)
ROAD = Device("tf-1", "人民路流量", "traffic_flow", "44w", "transport", 113.15, 23.05, 20)
TRUCK = Device("veh-1", "巡逻车", "vehicle", "44w", "transport", None, None, 10)
SQUARE = {"type": "Polygon", "coordinates": [[[113, 23], [113.1, 23], [113.1, 23.1], [113, 23]]]}


@dataclass
class FakeStore:
    """A register in memory; `later` is what it holds after NOW."""

    current: list[Device] = field(default_factory=lambda: [GAUGE, ROAD, TRUCK])
    before: list[Device] = field(default_factory=list)
    waiting: list[str] = field(default_factory=lambda: ["new-1"])
    audit: list[AuditEntry] = field(default_factory=list)

    def regions(self, at: int | None) -> list[Region]:
        return [CITY, EAST, WEST, VILLAGE]

    def areas(self) -> list[RegionArea]:
        return [RegionArea(CITY, None, None, None, False), RegionArea(EAST, SQUARE, 113.05, 23.05, True)]

    def departments(self, at: int | None) -> list[Department]:
        return [Department("water", "水务局"), Department("transport", "交通局")]

    def devices(self, at: int | None) -> list[Device]:
        return self.current if at is None or at >= NOW else self.before

    def device(self, device_id: str, at: int | None) -> Device | None:
        return next((device for device in self.devices(at) if device.device_id == device_id), None)

    def unadopted(self) -> list[Device]:
        return [Device(device_id, "", "", "", "", None, None, None, False) for device_id in self.waiting]

    def places(self) -> list[Place]:
        return [
            Place("h-1", "东镇医院", "hospital", "44e", 113.05, 23.05, {}),
            Place("h-2", "西镇医院", "hospital", "44w", 113.15, 23.05, {}),
        ]

    def city(self) -> dict[str, Any]:
        return {"code": "44", "name": "试城", "demo": True}

    def adopt(self, device: Device, entry: AuditEntry) -> bool:
        if device.device_id not in self.waiting:
            return False
        self.waiting.remove(device.device_id)
        self.current.append(device)
        self.audit.append(entry)
        return True


EVERYWHERE = Actor("all", frozenset({"operator"}))
EASTERN = Actor("east", frozenset({"operator"}), regions=frozenset({"44e"}))
WATERY = Actor("water", frozenset({"operator"}), departments=frozenset({"water"}))
STEWARD = Actor("steward", frozenset({"data_steward"}))


def ids(devices: list[Device]) -> list[str]:
    return [device.device_id for device in devices]


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (EVERYWHERE, ["wl-1", "tf-1", "veh-1"]),
        (EASTERN, ["wl-1"]),
        (WATERY, ["wl-1"]),
        (Actor("both", frozenset({"operator"}), frozenset({"44w"}), frozenset({"water"})), []),
        (Actor("audit", frozenset({"auditor"})), []),
    ],
)
def test_each_sees_the_devices_of_their_own_scope(actor: Actor, seen: list[str]) -> None:
    register = Register(FakeStore())
    assert ids(register.devices(actor)) == seen
    assert [device_id for device_id in ("wl-1", "tf-1", "veh-1") if register.device(actor, device_id)] == seen


def test_the_past_has_the_devices_of_then() -> None:
    register = Register(FakeStore(before=[ROAD]))
    assert ids(register.devices(EVERYWHERE, NOW - 1)) == ["tf-1"]
    assert register.device(EVERYWHERE, "wl-1", NOW - 1) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("水位", ["wl-1"]), ("TF-1", ["tf-1"]), ("东一村 水位", ["wl-1"]), ("west", ["tf-1", "veh-1"]), ("水位 west", []), ("  ", [])],
)
def test_search_finds_names_ids_and_places(text: str, found: list[str]) -> None:
    assert sorted(ids(Register(FakeStore()).search(EVERYWHERE, text))) == found


def test_search_stays_in_the_scope_and_ends_at_fifty() -> None:
    many = [GAUGE._replace(device_id=f"wl-{number}") for number in range(200)]
    register = Register(FakeStore(current=many))
    assert len(register.search(EVERYWHERE, "水位")) == FOUND_AT_MOST
    assert register.search(EASTERN, "人民路") == []


def test_the_map_has_areas_devices_that_stand_somewhere_and_places() -> None:
    layers = Register(FakeStore()).map_layers(EVERYWHERE)
    assert [f["properties"]["code"] for f in layers["regions"]["features"]] == ["44e"]
    assert layers["regions"]["features"][0]["properties"]["schematic"] is True
    assert [f["properties"]["id"] for f in layers["devices"]["features"]] == ["wl-1", "tf-1"]
    assert layers["devices"]["features"][0]["geometry"] == {"type": "Point", "coordinates": [113.05, 23.05]}
    assert len(layers["places"]["features"]) == 2


def test_the_map_of_a_scope_has_its_own_devices_and_places_only() -> None:
    layers = Register(FakeStore()).map_layers(EASTERN)
    assert [f["properties"]["id"] for f in layers["devices"]["features"]] == ["wl-1"]
    assert [f["properties"]["id"] for f in layers["places"]["features"]] == ["h-1"]
    assert [f["properties"]["id"] for f in Register(FakeStore()).map_layers(WATERY)["places"]["features"]] == ["h-1", "h-2"]


def test_the_city_has_all_its_keys_even_before_a_pack_is_loaded() -> None:
    store = FakeStore()
    store.city = dict  # type: ignore[assignment,method-assign]
    assert Register(store).city()["origin_center"] == "local"
    assert Register(FakeStore()).city()["demo"] is True


def test_only_a_steward_sees_and_adopts_what_nobody_has_adopted() -> None:
    register = Register(FakeStore())
    assert ids(register.unadopted(STEWARD)) == ["new-1"]
    for attempt in (lambda: register.unadopted(EVERYWHERE), lambda: register.adopt(EVERYWHERE, GAUGE._replace(device_id="new-1"), NOW)):
        with pytest.raises(Forbidden):
            attempt()


def test_an_adopted_device_is_seen_and_the_deed_is_written_down() -> None:
    store = FakeStore()
    Register(store).adopt(STEWARD, GAUGE._replace(device_id="new-1", adopted=False), NOW)
    assert store.current[-1] == GAUGE._replace(device_id="new-1")
    assert (store.audit[0].actor, store.audit[0].action, store.audit[0].object) == ("steward", "adopt_device", "new-1")


def test_adopting_what_is_not_there_or_into_nowhere_is_refused() -> None:
    register = Register(FakeStore())
    with pytest.raises(Unknown):
        register.adopt(STEWARD, GAUGE._replace(device_id="ghost"), NOW)
    with pytest.raises(ValueError, match="region"):
        register.adopt(STEWARD, GAUGE._replace(device_id="new-1", region="moon"), NOW)
    with pytest.raises(ValueError, match="department"):
        register.adopt(STEWARD, GAUGE._replace(device_id="new-1", department="circus"), NOW)


def test_a_steward_adopts_only_into_their_own_regions() -> None:
    eastern = Actor("steward", frozenset({"data_steward"}), regions=frozenset({"44e"}))
    with pytest.raises(Forbidden):
        Register(FakeStore()).adopt(eastern, ROAD._replace(device_id="new-1"), NOW)
