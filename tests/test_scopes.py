"""Two people with two scopes, now and at a past moment: over every service that takes an Actor, and every frame."""

import inspect
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from config.settings import Settings
from data_adapters.embedded import Urls
from data_adapters.live_redis import RedisLivePicture
from data_adapters.sql.database import make_engine
from data_adapters.sql.partitions import Partitions
from data_adapters.web_wiring import build_web
from domain.access import Actor, Forbidden
from domain.event_time import DAY_MS
from domain.registry import Device
from services.city import City
from services.register import Unknown
from services.scope import scope_of
from tests.services.test_applying import HELD as APPLYING
from tests.services.test_office import HELD as OFFICE
from tests.services.test_pairing import HELD as PAIRING
from tests.services.test_reckoning import HELD as SIGNS
from tests.services.test_report_desk import HELD as REPORTS
from tests.services.test_walls import HELD as STEERING
from tests.services.test_warnings import HELD as WARNINGS
from tests.test_administrator_scopes import HELD as ADMINISTRATION
from tests.test_alarm_scopes import HELD as ALARMS_CARE
from tests.test_appeal_scopes import HELD as APPEALS
from tests.test_camera_scopes import HELD as CAMERAS
from tests.test_catalogue_scopes import HELD as CATALOGUE
from tests.test_dispatch_scopes import HELD as DISPATCH
from tests.test_duty_scopes import HELD as DUTY
from tests.test_incident_scopes import HELD as INCIDENTS
from tests.test_upkeep_scopes import HELD as UPKEEP
from tests.test_viewing_scopes import HELD as VIEWING

NOW = time.time_ns() // 1_000_000
PAST = NOW - 600_000
LONG_AGO = NOW - 40 * DAY_MS
TOWNS = {"east": "441900003", "west": "441900004"}
DEPARTMENTS = {"east": "env", "west": "water"}
ALARMS = {"east": str(UUID(int=1)), "west": str(UUID(int=2))}
DEVICE = {side: f"device-{side}" for side in TOWNS}
PEOPLE = {
    "east": Actor("east", frozenset({"operator"}), regions=frozenset({TOWNS["east"]})),
    "west": Actor("west", frozenset({"operator"}), departments=frozenset({"water"})),
}
OTHER = {"east": "west", "west": "east"}

Call = Callable[[City, Actor, str, int | None], Any]
READS: dict[str, Call] = {
    "picture.snapshot": lambda city, actor, side, at: city.picture.snapshot(actor, at),
    "picture.changes": lambda city, actor, side, at: city.picture.changes(actor, at or PAST),
    "register.devices": lambda city, actor, side, at: city.register.devices(actor, at),
    "register.device": lambda city, actor, side, at: city.register.device(actor, DEVICE[side], at),
    "register.search": lambda city, actor, side, at: city.register.search(actor, "device", at),
    "device_feeds.of": lambda city, actor, side, at: city.device_feeds.of(actor, _device(side), NOW, at),
    "history.device": lambda city, actor, side, at: city.history.device(actor, DEVICE[side], "pm25", NOW - DAY_MS, NOW, at),
    "history.region_trend": lambda city, actor, side, at: city.history.region_trend(actor, TOWNS[side], "pm25", NOW - DAY_MS, NOW, at),
}
NOW_ONLY: dict[str, Call] = {"register.map_layers": lambda city, actor, side, at: city.register.map_layers(actor)}
"""Geometry for the map of the present."""
ACTS: dict[str, Callable[[City, Actor, str], Any]] = {
    "alarm_pictures.of": lambda city, actor, side: city.alarm_pictures.of(actor, ALARMS[side]),
    "alarm_pictures.read": lambda city, actor, side: city.alarm_pictures.read(actor, ALARMS[side], ALARMS[side]),
    "alarm_desk.acknowledge": lambda city, actor, side: city.alarm_desk.acknowledge(actor, ALARMS[side], NOW),
    "alarm_desk.false_alarm": lambda city, actor, side: city.alarm_desk.false_alarm(actor, ALARMS[side], "清洗探头", NOW),
    "register.adopt": lambda city, actor, side: city.register.adopt(actor, Device("new", "新", "gas", TOWNS[side], "env", 1, 1, 60), NOW),
    "webhooks.telemetry": lambda city, actor, side: city.webhooks.telemetry(actor, DEVICE[side], b"{}"),
}
OWN = {f"own_account.{name}" for name in ("change_password", "make_token", "tokens", "revoke_token")} | {
    f"own_account.{name}" for name in ("sessions", "end_session", "sign_out_everywhere")
}
HOUSE = {f"operations.{name}" for name in ("failing", "feeds", "workers", "sizes", "versions", "settings")}
STEWARDS = {"register.unadopted", "adoption.waiting", "adoption.doubts", "webhooks.message"}
BY_ROLE_ALONE = (
    STEWARDS
    | HOUSE
    | OWN
    | ADMINISTRATION
    | INCIDENTS
    | APPEALS
    | ALARMS_CARE
    | DISPATCH
    | APPLYING
    | REPORTS
    | DUTY
    | CATALOGUE
    | CAMERAS
    | VIEWING
    | UPKEEP
    | SIGNS
    | WARNINGS
    | OFFICE
    | PAIRING
    | STEERING
    | {"roster.uncovered", "device_feeds.of_kind"}
)
"""A steward's right, which is of no place; what reaches the own account only; what test_administrator_scopes.py
and test_incident_scopes.py hold to scope."""


@pytest.fixture(scope="module")
def city(engines: Urls, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    engine = make_engine(database_url)
    Partitions(engine).ensure({NOW // DAY_MS, NOW // DAY_MS - 1})
    with engine.begin() as tx:
        began = {"began": "2020-01-01"}
        tx.execute(text("INSERT INTO regions (code, name, level, valid_from) VALUES ('441900', '东莞市', 'city', :began)"), began)
        for side, town in TOWNS.items():
            values = {
                "town": town, "side": side, "device": DEVICE[side], "department": DEPARTMENTS[side], "alarm": ALARMS[side], **began,
                "past": PAST / 1000, "value": 11.5,
            }  # fmt: skip
            for statement in FACTS.split(";"):
                tx.execute(text(statement), values)
    redis_url = f"{str(engines.redis).rpartition('/')[0]}/8"
    live = RedisLivePicture(redis_url)
    live.rebuild("e1", {d: _record(side) for side, d in DEVICE.items()}, {ALARMS[side]: _alarm(side) for side in TOWNS}, {})
    settings = Settings.from_environment(
        {
            "CITYDECK_DATABASE_URL": database_url,
            "CITYDECK_REDIS_URL": redis_url,
            "CITYDECK_MQTT_URL": str(engines.mqtt),
            "CITYDECK_DATA_DIR": str(tmp_path_factory.mktemp("scopes")),
        }
    )
    built = build_web(settings)
    yield built
    built.fanout.close()
    engine.dispose()


FACTS = """
INSERT INTO regions (code, name, parent, level, valid_from) VALUES (:town, :side, '441900', 'town', :began);
INSERT INTO departments (code, name, valid_from) VALUES (:department, :department, :began);
INSERT INTO devices (device_id, name, kind, region, department, lon, lat, interval_s, valid_from)
    VALUES (:device, :device, 'air_quality', :town, :department, 113.7, 23.0, 60, to_timestamp(:past - 86400));
INSERT INTO series VALUES (:device, 'pm25');
INSERT INTO feed_devices SELECT CAST(:device AS text), concat('feed-', CAST(:device AS text)), day, day
    FROM CAST(to_timestamp(:past - 60) AT TIME ZONE 'UTC' AS date) AS day;
INSERT INTO readings (device_id, metric, at, value, quality, received_at)
    VALUES (:device, 'pm25', to_timestamp(:past - 60), :value, 'good', to_timestamp(:past - 60));
INSERT INTO presence_changes VALUES (:device, to_timestamp(:past - 60), true);
INSERT INTO presence_changes VALUES (:device, to_timestamp(:past + 60), false);
INSERT INTO alarms
    (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity, state, raised_at, recorded_at)
    VALUES (CAST(:alarm AS uuid), '441900', :side, 'r', :device, 'pm25', :town, :department, 'major', 'active',
        to_timestamp(:past - 60), to_timestamp(:past - 60));
INSERT INTO alarm_transitions (transition_id, alarm_id, kind, at, recorded_at, actor)
    VALUES (CAST(:alarm AS uuid), CAST(:alarm AS uuid), 'raised', to_timestamp(:past - 60), to_timestamp(:past - 60), 'rule:r')
"""


def _record(side: str) -> dict[str, Any]:
    place = {"region": TOWNS[side], "department": DEPARTMENTS[side]}
    return {**place, "kind": "air_quality", "online": True, "interval_s": 60, "values": {"pm25": [NOW, 11.5, "good"]}}


def _alarm(side: str) -> dict[str, Any]:
    return {"alarm_id": ALARMS[side], "device_id": DEVICE[side], "region": TOWNS[side], "department": DEPARTMENTS[side],
            "severity": "major", "state": "active", "raised_at": NOW, "acknowledged_at": None}  # fmt: skip


def _device(side: str) -> Device:
    return Device(DEVICE[side], DEVICE[side], "air_quality", TOWNS[side], DEPARTMENTS[side], 113.7, 23.0, 60)


def _shown(answer: Any) -> str:
    return json.dumps(answer, default=lambda one: getattr(one, "_asdict", lambda: repr(one))())


def test_every_service_that_takes_an_actor_is_held_to_scope_here(city: City) -> None:
    taking = {
        f"{name}.{method}"
        for name, service in vars(city).items()
        for method, function in inspect.getmembers(service, inspect.ismethod)
        if not method.startswith("_") and "actor" in inspect.signature(function).parameters
    }
    assert taking - BY_ROLE_ALONE == set(READS) | set(NOW_ONLY) | set(ACTS)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("at", [None, PAST], ids=["now", "past"])
@pytest.mark.parametrize("name", [*READS, *NOW_ONLY])
def test_a_read_shows_ones_own_and_nothing_of_the_other(city: City, name: str, at: int | None, side: str) -> None:
    call = {**READS, **NOW_ONLY}[name]
    own = _shown(call(city, PEOPLE[side], side, at))
    assert DEVICE[side] in own or name.startswith("history")
    assert DEVICE[OTHER[side]] not in own
    assert ALARMS[OTHER[side]] not in own


@pytest.mark.parametrize("at", [None, PAST], ids=["now", "past"])
def test_an_office_counts_the_alarms_of_ones_own_scope(city: City, at: int | None) -> None:
    whole = Actor("chief", frozenset({"leader"}))
    assert [sum(one.active for one in city.office.alarms(actor, at)) for actor in (*PEOPLE.values(), whole)] == [1, 1, 2]
    with pytest.raises(Forbidden):
        city.office.alarms(Actor("security", frozenset({"security_admin"})), at)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("at", [None, PAST], ids=["now", "past"])
@pytest.mark.parametrize("name", ["register.device", "device_feeds.of", "history.device", "history.region_trend"])
def test_asking_for_the_other_ones_thing_gives_nothing(city: City, name: str, at: int | None, side: str) -> None:
    try:
        answer = READS[name](city, PEOPLE[side], OTHER[side], at)
    except (Forbidden, LookupError):
        return
    assert not answer


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", READS)
def test_before_the_city_knew_of_it_there_is_nothing(city: City, name: str, side: str) -> None:
    try:
        answer = READS[name](city, PEOPLE[side], side, LONG_AGO)
    except (Forbidden, LookupError):
        return
    assert DEVICE[side] not in _shown(answer) and ALARMS[side] not in _shown(answer)
    assert "11.5" not in _shown(answer)


@pytest.mark.parametrize("side", TOWNS)
def test_the_past_picture_says_who_was_online_then(city: City, side: str) -> None:
    moments = {PAST - 61_000: None, PAST - 60_000: True, PAST: True, PAST + 60_000: False}
    assert {at: city.picture.snapshot(PEOPLE[side], at).devices[DEVICE[side]]["online"] for at in moments} == moments


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_on_what_is_not_theirs(city: City, name: str, side: str) -> None:
    with pytest.raises((Forbidden, Unknown)):
        ACTS[name](city, PEOPLE[side], OTHER[side])


def test_every_frame_of_a_screen_is_of_its_scope(city: City, engines: Urls) -> None:
    screens = {side: city.fanout.join(scope_of(PEOPLE[side]), None, lambda: None) for side in TOWNS}
    live = RedisLivePicture(f"{str(engines.redis).rpartition('/')[0]}/8", slot_ms=1)
    for number in range(3):
        records = {DEVICE[side]: _record(side) | {"values": {"pm25": [NOW + number, 20.0 + number, "good"]}} for side in TOWNS}
        assert live.write("e1", records, {ALARMS[side]: {**_alarm(side), "raised_at": NOW + number} for side in TOWNS}, {})
        live.flush()
        time.sleep(0.05)
    for side, screen in screens.items():
        seen = b"".join(frame for frame in (screen.next(1.0) for _ in range(4)) if frame).decode()
        assert "event: snapshot" in seen and "event: delta" in seen
        assert DEVICE[side] in seen and ALARMS[side] in seen
        assert DEVICE[OTHER[side]] not in seen and ALARMS[OTHER[side]] not in seen and TOWNS[OTHER[side]] not in seen
