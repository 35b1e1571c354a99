"""Taking a device in: what it has said, and what looks wrong in the form."""

import pytest
from sqlalchemy import Engine, text

from callbacks.adoption import device_of
from data_adapters.sql.heard_repository import HeardRepository
from data_adapters.sql.partitions import Partitions
from domain.access import ROLES, Actor, Forbidden
from domain.event_time import DAY_MS, to_datetime
from domain.registry import Device
from services.adoption import SHOWN, Adoption, Heard
from tests.fakes import FakeHeard, FakeRegisterStore

STEWARD = Actor("steward", frozenset({"data_steward"}))
NOW = 1_795_326_000_000


def form(**more: object) -> dict[str, object]:
    return {"device_id": "d1", "kind": "gas", "region": "441900121", "lon": 113.67, "lat": 22.82, "interval": 60, **more}


@pytest.fixture
def store() -> FakeRegisterStore:
    return FakeRegisterStore(per_town=1)


@pytest.mark.parametrize(
    ("lon", "lat", "doubts"),
    [(113.67, 22.82, ()), (100.0, 20.0, ("outside_city",)), (None, None, ("no_place",)), (113.88, 23.06, ())],
)
def test_a_place_outside_the_city_is_doubted_and_a_sketched_region_is_too_coarse_to_doubt(store, lon, lat, doubts):
    device = Device("d1", "d1", "gas", "441900121", "", lon, lat, 60)
    assert Adoption(store, FakeHeard()).doubts(STEWARD, device) == doubts


def test_a_place_outside_its_own_surveyed_region_is_doubted(store, monkeypatch):
    areas = [area._replace(schematic=False) for area in store.areas()]
    monkeypatch.setattr(store, "areas", lambda: areas)
    adoption = Adoption(store, FakeHeard())
    assert adoption.doubts(STEWARD, Device("d1", "d1", "gas", "441900121", "", 113.88, 23.06, 60)) == ("outside_region",)
    assert adoption.doubts(STEWARD, Device("d1", "d1", "gas", "441900121", "", 113.67, 22.82, 60)) == ()


def test_the_one_heard_last_comes_first_and_a_search_narrows_the_list(store):
    store.waiting = [Device(f"new-{n}", "", "", "", "", None, None, None, False) for n in range(SHOWN + 50)]

    class Said:
        def heard(self, device_ids):
            return {"new-7": Heard("new-7", NOW, 3, ("pm25",))}

    found = Adoption(store, Said()).waiting(STEWARD)
    assert found[0].device_id == "new-7" and len(found) == SHOWN
    assert [one.device_id for one in Adoption(store, Said()).waiting(STEWARD, " NEW-249 ")] == ["new-249"]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"data_steward"}))
def test_nobody_but_a_steward_sees_what_waits(store, role):
    adoption = Adoption(store, FakeHeard())
    with pytest.raises(Forbidden):
        adoption.waiting(Actor("x", frozenset({role})))
    with pytest.raises(Forbidden):
        adoption.doubts(Actor("x", frozenset({role})), Device("d", "d", "gas", "441900121", "", 1, 1, 60))


def test_what_a_device_has_said_is_counted_with_its_metrics_and_newest_moment(engine: Engine):
    Partitions(engine).ensure({NOW // DAY_MS})
    at = to_datetime(NOW)
    with engine.begin() as tx:
        for metric in ("pm25", "pm10"):
            tx.execute(text("INSERT INTO series VALUES ('d1', :m)"), {"m": metric})
        tx.execute(
            text("INSERT INTO readings (device_id, metric, at, value, quality, received_at) VALUES ('d1', 'pm25', :at, 1, 'good', :at)"),
            {"at": at},
        )
        tx.execute(
            text("INSERT INTO readings_1h VALUES ('d1', 'pm25', date_trunc('hour', CAST(:at AS timestamptz)), 42, 1, 1, 1, 1)"), {"at": at}
        )
    assert HeardRepository(engine).heard(["d1", "silent"]) == {"d1": Heard("d1", NOW, 42, ("pm10", "pm25"))}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": None}, "adopt.missing"),
        ({"region": ""}, "adopt.missing"),
        ({"lon": None}, "adopt.half_place"),
        ({"lat": ""}, "adopt.half_place"),
        ({"lon": 181}, "adopt.wrong_lon"),
        ({"lat": "north"}, "adopt.wrong_lat"),
        ({"interval": 0}, "adopt.wrong_interval"),
        ({"name": "a\0b"}, "adopt.wrong_name"),
    ],
)
def test_a_form_that_cannot_be_names_what_is_wrong(change, problem):
    assert device_of(form(**change)) == problem


def test_a_form_makes_the_device_with_its_id_for_a_name_and_empty_fields_for_unknown():
    assert device_of(form(name=" ")) == Device("d1", "d1", "gas", "441900121", "", 113.67, 22.82, 60)
    assert device_of(form(lon="", lat=None, interval="", department="water")) == Device(
        "d1", "d1", "gas", "441900121", "water", None, None, None
    )
