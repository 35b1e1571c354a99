"""/api/v1 as another program uses it, and as somebody hostile does."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from domain.access import Actor
from services.account_ports import AuditEntry, Scope
from tests.api.conftest import ALARM_ID, CREATED, Person, assert_problem

READS = [
    "/regions",
    "/devices",
    "/devices/air-1",
    "/devices/air-1/history?metric=pm25",
    "/alarms",
    f"/alarms/{ALARM_ID}",
    "/picture",
    "/unadopted",
]


@pytest.mark.parametrize("path", READS)
def test_nobody_reads_without_a_session(person: Person, path: str) -> None:
    assert_problem(person.get(path), 401)


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_the_administrators_do_not_see_the_picture(person: Person, path: str, role: str) -> None:
    assert_problem(person.sign_in(role).get(path), 403)


def test_devices_come_in_pages_and_by_kind(person: Person) -> None:
    person.sign_in("operator")
    first = person.get("/devices?limit=1").get_json()
    assert [item["device_id"] for item in first["items"]] == ["air-1"] and first["next"] == "air-1" and first["total"] == 2
    second = person.get("/devices?limit=1&after=air-1").get_json()
    assert [item["device_id"] for item in second["items"]] == ["water-1"] and second["next"] is None
    assert [item["device_id"] for item in person.get("/devices?kind=water_level").get_json()["items"]] == ["water-1"]


def test_a_device_shows_its_latest_values(person: Person) -> None:
    device = person.sign_in("operator").get("/devices/air-1").get_json()
    assert device["name"] == "东城空气站" and device["online"] is True and device["values"] == {"pm25": [CREATED, 12.0, "good"]}
    assert_problem(person.get("/devices/none"), 404)


def test_history_gives_points_of_the_last_day_unless_told_otherwise(person: Person) -> None:
    person.sign_in("operator")
    points = person.get("/devices/air-1/history?metric=pm25").get_json()["points"]
    assert points[0]["mean"] == 1.0 and points[1]["at"] - points[0]["at"] == 86_400_000 - 1
    told = person.get("/devices/air-1/history?metric=pm25&since=2024-01-01T00:00:00%2B08:00&until=1704100000000").get_json()["points"]
    assert [point["at"] for point in told] == [1_704_038_400_000, 1_704_099_999_999]


def test_what_was_seen_at_a_past_moment_is_asked_with_at(person: Person) -> None:
    person.sign_in("operator")
    assert person.get("/alarms").get_json()["total"] == 1
    assert person.get(f"/alarms?at={CREATED - 1}").get_json()["total"] == 0
    assert person.get(f"/picture?at={CREATED}").get_json()["at"] == CREATED
    assert person.get("/picture?at=2023-11-14T22:13:20+00:00").get_json()["at"] == CREATED


def test_alarms_of_the_list_say_what_their_devices_are_called(person: Person) -> None:
    person.sign_in("operator")
    (alarm,) = person.get("/alarms").get_json()["items"]
    device = person.get(f"/devices/{alarm['device_id']}").get_json()
    assert (alarm["device_name"], alarm["interval_s"], alarm["feed"]) == (device["name"], device["interval_s"], "native")


def test_a_changed_scope_narrows_what_the_open_session_sees(person: Person, city: Any) -> None:
    person.sign_in("dispatcher")
    assert len(person.get("/devices").get_json()["items"]) == 2
    security = Actor("s", frozenset({"security_admin"}))
    whole, town = Scope(frozenset({"dispatcher"})), Scope(frozenset({"dispatcher"}), frozenset({"441900004"}))
    city.user_desk.set_scope(security, "dispatcher", town, CREATED + 1)
    assert [item["device_id"] for item in person.get("/devices").get_json()["items"]] == ["water-1"]
    assert_problem(person.get("/devices/air-1"), 404)
    assert_problem(person.get(f"/alarms/{ALARM_ID}"), 404)
    city.user_desk.set_scope(security, "dispatcher", whole, CREATED + 2)


def test_an_acknowledgement_is_accepted_once_and_written_down(person: Person, city: Any) -> None:
    person.sign_in("operator")
    first = person.send("POST", f"/alarms/{ALARM_ID}/acknowledge")
    assert first.status_code == 202 and first.get_json() == {"alarm_id": ALARM_ID, "accepted": True}
    again = person.send("POST", f"/alarms/{ALARM_ID}/acknowledge")
    assert again.status_code == 200 and again.get_json()["accepted"] is False
    assert_problem(Person(person.client.application).sign_in("leader").send("POST", f"/alarms/{ALARM_ID}/acknowledge"), 403)
    entries: list[AuditEntry] = city.written()
    deeds = [(entry.actor, entry.outcome) for entry in entries if entry.action == "acknowledge" and entry.object == ALARM_ID]
    assert deeds == [("leader", "refused"), ("operator", "ok")]


ADOPTION = {"kind": "air_quality", "region": "441900003", "lon": 113.7, "lat": 23.0, "interval_s": 60}


def test_a_steward_adopts_a_device_that_waits(person: Person, city: Any) -> None:
    person.sign_in("data_steward")
    assert [item["device_id"] for item in person.get("/unadopted").get_json()["items"]] == ["spare"]
    assert person.send("POST", "/devices/spare/adopt", json=ADOPTION).status_code == 200
    assert city.register.adopted[0].region == "441900003" and city.register.adopted[0].name == "spare"
    assert_problem(person.send("POST", "/devices/other/adopt", json=ADOPTION), 404)
    assert_problem(Person(person.client.application).sign_in("operator").send("POST", "/devices/spare/adopt", json=ADOPTION), 403)


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": None},
        {"region": "999"},
        {"kind": 7},
        {"lon": "113"},
        {"lon": True},
        {"lon": None},
        {"lat": 91},
        {"lon": 1e300},
        {"lon": 10**400},
        {"interval_s": 0},
        {"interval_s": -1},
        {"name": "a\0b"},
        {"name": "\ud800"},
    ],
)
def test_a_device_is_not_adopted_with_nonsense(person: Person, wrong: dict[str, Any]) -> None:
    assert_problem(person.sign_in("data_steward").send("POST", "/devices/spare/adopt", json={**ADOPTION, **wrong}), 422)


def waiting(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT feed, topic, payload FROM inbox ORDER BY id"))]


def test_telemetry_over_http_waits_in_the_inbox_byte_for_byte(person: Person, engine: Engine) -> None:
    payload = b'{"at": "2026-01-01T00:00:00+08:00",  "values": {"pm25": 12.50}}'
    token = person.sign_in("data_steward").send("POST", "/tokens", json={"label": "gateway"}).get_json()["token"]
    answer = Person(person.client.application).send(
        "POST",
        "/devices/new_one-1/telemetry",
        origin=None,
        headers={"Authorization": f"Bearer {token}"},
        data=payload,
        content_type="application/json",
    )
    assert answer.status_code == 202
    assert waiting(engine) == [("native", "city/v1/devices/new_one-1/telemetry", payload)]


def test_another_platforms_message_waits_in_the_inbox_as_it_came(person: Person, engine: Engine) -> None:
    token = person.sign_in("data_steward").send("POST", "/tokens", json={"label": "broker", "scope": "telemetry"}).get_json()["token"]
    platform, bearer = Person(person.client.application), {"Authorization": f"Bearer {token}"}
    for path, topic in (("/feeds/ngsi/messages", "ngsi"), ("/feeds/ngsi/messages?topic=s1", "s1"), ("/feeds/ngsi/messages?event=up", "up")):
        answer = platform.send("POST", path, origin=None, headers=bearer, data=b'{"data": []}', content_type="application/ld+json")
        assert answer.status_code == 202 and answer.get_json()["feed"] == "ngsi"
        assert waiting(engine)[-1] == ("ngsi", topic, b'{"data": []}')


def test_a_platform_that_can_send_no_header_hands_in_with_its_token_in_the_address_and_gets_the_answer_it_expects(
    person: Person, engine: Engine
) -> None:
    token = person.sign_in("data_steward").send("POST", "/tokens", json={"label": "media", "scope": "telemetry"}).get_json()["token"]
    server = Person(person.client.application)
    answer = server.send("POST", f"/feeds/zlm/messages?topic=on_play&access_token={token}", origin=None, json={"app": "live"})
    assert (answer.status_code, answer.get_json()) == (200, {"code": 0, "msg": "on_play"})
    assert waiting(engine)[-1][:2] == ("zlm", "on_play")
    assert_problem(server.send("POST", "/feeds/zlm/messages?topic=on_play&access_token=wrong", origin=None, json={}), 401)
    assert_problem(server.send("GET", f"/alarms?access_token={token}", origin=None), 401)


def test_another_platforms_message_needs_the_right_for_the_whole_city(person: Person, city: Any, engine: Engine) -> None:
    assert_problem(person.send("POST", "/feeds/ngsi/messages", data=b"{}", content_type="application/json"), 401)
    assert_problem(person.sign_in("operator").send("POST", "/feeds/ngsi/messages", json={}), 403)
    steward = person.sign_in("data_steward")
    for path, status in (
        ("tick/messages", 404),
        ("none/messages", 404),
        ("ngsi/messages?topic=a%00b", 400),
        (f"ngsi/messages?topic={'x' * 513}", 400),
    ):
        assert_problem(steward.send("POST", f"/feeds/{path}", json={}), status)
    assert_problem(steward.send("POST", "/feeds/ngsi/messages", data=b" " * (1024 * 1024 + 1), content_type="application/json"), 413)
    security = Actor("s", frozenset({"security_admin"}))
    whole, town = Scope(frozenset({"data_steward"})), Scope(frozenset({"data_steward"}), frozenset({"441900004"}))
    city.user_desk.set_scope(security, "data_steward", town, CREATED + 1)
    assert_problem(steward.send("POST", "/feeds/ngsi/messages", json={}), 403)
    city.user_desk.set_scope(security, "data_steward", whole, CREATED + 2)
    assert waiting(engine) == []


def test_telemetry_is_refused_without_the_right_or_outside_the_scope(person: Person, city: Any, engine: Engine) -> None:
    message = {"at": CREATED, "values": {"pm25": 1}}
    assert_problem(person.sign_in("operator").send("POST", "/devices/air-1/telemetry", json=message), 403)
    security = Actor("s", frozenset({"security_admin"}))
    city.user_desk.set_scope(security, "data_steward", Scope(frozenset({"data_steward"}), frozenset({"441900004"})), CREATED + 1)
    steward = Person(person.client.application).sign_in("data_steward")
    assert_problem(steward.send("POST", "/devices/air-1/telemetry", json=message), 403)
    assert_problem(steward.send("POST", "/devices/unknown/telemetry", json=message), 403)
    assert steward.send("POST", "/devices/water-1/telemetry", json=message).status_code == 202
    city.user_desk.set_scope(security, "data_steward", Scope(frozenset({"data_steward"})), CREATED + 2)
    assert len(waiting(engine)) == 1


@pytest.mark.parametrize(
    ("device_id", "body", "status"),
    [
        ("a.b", b"{}", 404),
        ("a%00b", b"{}", 404),
        ("%F0%9F%98%80", b"{}", 404),
        ("x" * 129, b"{}", 404),
        ("air-1", b"[1]", 400),
        ("air-1", b"\xff", 400),
        ("air-1", b"{" * 200_000, 400),
        ("air-1", b" " * 262_145, 413),
    ],
)
def test_hostile_telemetry_is_refused_and_not_kept(person: Person, engine: Engine, device_id: str, body: bytes, status: int) -> None:
    person.sign_in("data_steward")
    assert_problem(person.send("POST", f"/devices/{device_id}/telemetry", data=body, content_type="application/json"), status)
    assert waiting(engine) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/devices?limit=0", 400),
        ("/devices?limit=1001", 400),
        ("/devices?limit=%D9%A3", 400),
        ("/devices?kind=%00", 400),
        ("/devices?at=yesterday", 400),
        ("/devices?at=9999999999999", 400),
        ("/devices?at=-1", 400),
        ("/devices?at=2026-01-01T00:00:00", 400),
        ("/devices?at=" + "9" * 4_000, 400),
        ("/devices/%00", 404),
        ("/devices/" + "x" * 200, 404),
        ("/devices/air-1/history", 404),
        ("/devices/air-1/history?metric=%00", 400),
        ("/devices/air-1/history?metric=pm25&since=1700000000000&until=1600000000000", 400),
        ("/alarms/1", 404),
        ("/alarms/0197f000-0000-7000-8000-00000000000f", 404),
        ("/nothing", 404),
        ("/", 404),
    ],
)
def test_a_hostile_address_gets_a_problem_document(person: Person, path: str, status: int) -> None:
    assert_problem(person.sign_in("operator").get(path), status)


def test_a_wrong_method_says_which_are_right(person: Person) -> None:
    answer = person.send("DELETE", "/devices")
    assert_problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_what_breaks_inside_is_a_problem_document_without_the_inside(person: Person, city: Any) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("psycopg: secret detail")

    person.sign_in("operator")
    city.picture.snapshot = fails
    assert_problem(person.get("/picture"), 500)


def test_pages_outside_the_api_keep_their_own_answers(person: Person) -> None:
    assert person.client.get("/desk").get_data(as_text=True) == "a page of the faces"
    assert person.client.post("/desk").content_type.startswith("text/html")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    ["username", "password", "label", "days", "kind", "region", "name", "lon", "lat", "interval_s", "at", "values", "old"]
)
DEEDS = ["/session", "/tokens", "/devices/spare/adopt", "/devices/air-1/telemetry", f"/alarms/{ALARM_ID}/acknowledge"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(DEEDS), document=st.dictionaries(FIELDS, JSON, max_size=8) | JSON)
def test_no_json_at_all_makes_the_server_fail(person: Person, path: str, document: Any) -> None:
    if person.client.get_cookie("citydeck_session") is None:
        person.sign_in("data_steward")
    answer = person.send("POST", path, data=json.dumps(document), content_type="application/json")
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert_problem(answer, answer.status_code)
