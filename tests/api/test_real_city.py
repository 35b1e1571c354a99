"""The API on the real services of a web worker: database, live state and register as they are assembled for app.py."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import flask
import pytest
from sqlalchemy import text

import api
from config.settings import Settings
from data_adapters.embedded import Urls
from data_adapters.first_accounts import make_first_accounts
from data_adapters.live_redis import RedisLivePicture
from data_adapters.passwords import Argon2Passwords
from data_adapters.sql.database import make_engine
from data_adapters.web_wiring import build_web
from domain.access import Actor
from services.account_ports import AuditQuery
from tests.api.conftest import Person, assert_problem

ALARM_ID = str(UUID(int=7))
FACTS = f"""
INSERT INTO regions (code, name, level, valid_from) VALUES ('441900', '东莞市', 'city', '2020-01-01');
INSERT INTO regions (code, name, parent, level, valid_from) VALUES ('441900003', '东城街道', '441900', 'town', '2020-01-01');
INSERT INTO departments (code, name, valid_from) VALUES ('env', '生态环境局', '2020-01-01');
INSERT INTO devices (device_id, name, kind, region, department, lon, lat, interval_s, valid_from)
    VALUES ('air-1', '东城空气站', 'air_quality', '441900003', 'env', 113.7, 23.0, 60, '2020-01-01');
INSERT INTO devices (device_id, status, valid_from) VALUES ('spare', 'unadopted', '2020-01-01');
INSERT INTO alarms
    (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity, state, raised_at, recorded_at)
    VALUES ('{ALARM_ID}', '441900', 'A-1', 'pm25_high', 'air-1', 'pm25', '441900003', 'env', 'major', 'active', now(), now());
"""


@pytest.fixture(scope="module")
def real(engines: Urls, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[flask.Flask, Any, Path]]:
    data_dir = tmp_path_factory.mktemp("city")
    redis_url = f"{str(engines.redis).rpartition('/')[0]}/9"
    RedisLivePicture(redis_url).rebuild("epoch", {}, {}, {})
    environ = {
        "CITYDECK_DATABASE_URL": database_url,
        "CITYDECK_REDIS_URL": redis_url,
        "CITYDECK_MQTT_URL": str(engines.mqtt),
        "CITYDECK_DATA_DIR": str(data_dir),
    }
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(FACTS))
    make_first_accounts(engine, data_dir, True, Argon2Passwords(), 1_700_000_000_000)
    engine.dispose()
    city = build_web(Settings.from_environment(environ))
    server = flask.Flask("real")
    api.register(server, city)
    yield server, city, data_dir
    city.fanout.close()


def signed_in(real: tuple[flask.Flask, Any, Path], role: str) -> Person:
    login = json.loads((real[2] / "accounts.json").read_text())[role]
    return Person(real[0]).sign_in(login["username"], login["password"])


@pytest.mark.parametrize(
    "path",
    ["/session", "/regions", "/devices", "/devices/air-1", "/devices/air-1/history?metric=pm25", "/alarms", "/picture", "/map"]
    + [f"{path}?at=1750000000000" for path in ("/regions", "/devices", "/devices/air-1", "/alarms", "/picture")],
)
def test_every_read_answers_an_operator(real: tuple[flask.Flask, Any, Path], path: str) -> None:
    answer = signed_in(real, "operator").get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_an_acknowledgement_goes_through_the_inbox_and_into_the_audit_log(real: tuple[flask.Flask, Any, Path]) -> None:
    operator = signed_in(real, "operator")
    assert operator.send("POST", f"/alarms/{ALARM_ID}/acknowledge").status_code == 202
    assert_problem(operator.send("POST", f"/alarms/{UUID(int=8)}/acknowledge"), 403)
    auditor = Actor("a", frozenset({"auditor"}))
    entries, _ = real[1].audit.search(auditor, AuditQuery(action="acknowledge"), time.time_ns() // 1_000_000)
    assert [entry.outcome for entry in entries] == ["refused", "ok"]


def test_a_device_is_adopted_and_then_found(real: tuple[flask.Flask, Any, Path]) -> None:
    steward = signed_in(real, "data_steward")
    assert [item["device_id"] for item in steward.get("/unadopted").get_json()["items"]] == ["spare"]
    adopted = steward.send("POST", "/devices/spare/adopt", json={"kind": "air_quality", "region": "441900003", "department": "env"})
    assert adopted.status_code == 200, adopted.get_data(as_text=True)
    assert steward.get("/devices/spare").get_json()["region"] == "441900003"
    assert_problem(steward.send("POST", "/devices/spare/adopt", json={"kind": "air_quality", "region": "441900003"}), 404)
    assert_problem(steward.send("POST", "/devices/air-1/adopt", json={"kind": "air_quality", "region": "nowhere"}), 422)


def test_telemetry_is_taken_for_a_device_nobody_knows(real: tuple[flask.Flask, Any, Path]) -> None:
    answer = signed_in(real, "data_steward").send("POST", "/devices/new-1/telemetry", json={"at": 1_750_000_000_000, "values": {"pm25": 1}})
    assert answer.status_code == 202
