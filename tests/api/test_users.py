"""Accounts over HTTP: three administrators, each with their own work, and an audit log that tells who read it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import flask
import pytest
from sqlalchemy import Engine, text

from api.openapi import SCHEMAS
from domain.access import ADMINISTRATORS, ROLES
from tests.api.conftest import PASSWORD, Person, assert_problem

EVERYONE_ELSE = sorted(set(ROLES) - ADMINISTRATORS)


@pytest.fixture(autouse=True)
def roles_alone(engine: Engine) -> Iterator[None]:
    """Accounts that a test makes are gone after it."""
    yield
    with engine.begin() as tx:
        for table in ("user_scopes", "sessions", "users"):
            tx.execute(text(f"DELETE FROM {table} WHERE NOT username = ANY(:kept)"), {"kept": list(ROLES)})


@pytest.fixture
def staff(app: flask.Flask) -> dict[str, Person]:
    """The three administrators, each in a browser of their own."""
    return {role: Person(app).sign_in(role) for role in ("system_admin", "security_admin", "auditor")}


def new_account(staff: dict[str, Person], username: str = "zhang") -> str:
    made = staff["system_admin"].send("POST", "/users", json={"username": username, "name": "张三"})
    assert made.status_code == 201, made.get_data(as_text=True)
    return str(made.get_json()["password"])


def test_an_account_comes_alive_in_three_steps_by_three_people(staff: dict[str, Person], app: flask.Flask) -> None:
    initial = new_account(staff)
    given = staff["security_admin"].send("PUT", "/users/zhang/scope", json={"roles": ["operator"], "regions": ["441900003"]})
    assert given.status_code == 204, given.get_data(as_text=True)
    zhang = Person(app).sign_in("zhang", initial)
    assert zhang.get("/session").get_json()["must_change_password"] is True
    assert_problem(zhang.get("/devices"), 403)
    changed = zhang.send("PUT", "/session/password", json={"old": initial, "new": "my Own password 1"})
    assert changed.status_code == 204
    assert zhang.get("/session").get_json()["must_change_password"] is False
    assert [device["device_id"] for device in zhang.get("/devices").get_json()["items"]] == ["air-1"]


def test_a_reset_password_ends_everything_and_rights_rest_until_they_are_given_again(staff: dict[str, Person], app: flask.Flask) -> None:
    initial = new_account(staff)
    staff["security_admin"].send("PUT", "/users/zhang/scope", json={"roles": ["operator"]})
    zhang = Person(app).sign_in("zhang", initial)
    zhang.send("PUT", "/session/password", json={"old": initial, "new": "my Own password 1"})
    token = zhang.send("POST", "/tokens", json={"label": "x"}).get_json()["token"]
    reset = staff["system_admin"].send("POST", "/users/zhang/password", json={}).get_json()["password"]
    assert_problem(zhang.get("/session"), 401)
    assert_problem(zhang.send("GET", "/session", headers={"Authorization": f"Bearer {token}"}), 401)
    zhang.sign_in("zhang", reset).send("PUT", "/session/password", json={"old": reset, "new": "my Own password 2"})
    assert_problem(zhang.get("/devices"), 403)
    shown = staff["security_admin"].get("/users/zhang").get_json()
    assert shown["suspended"] is True and shown["roles"] == ["operator"]
    staff["security_admin"].send("PUT", "/users/zhang/scope", json={"roles": ["operator"]})
    assert zhang.get("/devices").status_code == 200


DEEDS: list[tuple[str, str, str, Any]] = [
    ("system_admin", "POST", "/users", {"username": "li", "name": "李"}),
    ("system_admin", "POST", "/users/operator/password", {}),
    ("security_admin", "PUT", "/users/operator/scope", {"roles": ["operator"]}),
    ("security_admin", "PUT", "/users/operator/active", {"active": True}),
    ("security_admin", "POST", "/users/operator/unlock", None),
    ("security_admin", "GET", "/users/operator/sessions", None),
    ("security_admin", "DELETE", "/users/operator/sessions", None),
    ("auditor", "GET", "/audit", None),
    ("auditor", "GET", "/audit.csv", None),
]


@pytest.mark.parametrize(("role", "method", "path", "body"), DEEDS)
def test_each_deed_is_the_work_of_one_role(app: flask.Flask, role: str, method: str, path: str, body: Any) -> None:
    for other in sorted(set(ROLES) - {role}):
        assert_problem(Person(app).sign_in(other).send(method, path, json=body), 403)
    assert_problem(Person(app).send(method, path, json=body), 401)


def test_an_api_token_changes_no_account(staff: dict[str, Person], app: flask.Flask) -> None:
    token = staff["system_admin"].send("POST", "/tokens", json={"label": "x"}).get_json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert_problem(Person(app).send("POST", "/users", json={"username": "li", "name": "李"}, headers=bearer), 403)


@pytest.mark.parametrize("role", EVERYONE_ELSE)
def test_nobody_but_administrators_sees_the_list_of_accounts(person: Person, role: str) -> None:
    assert_problem(person.sign_in(role).get("/users"), 403)


def test_nobody_resets_locks_or_raises_their_own_account(staff: dict[str, Person]) -> None:
    assert_problem(staff["system_admin"].send("POST", "/users/system_admin/password", json={}), 403)
    assert_problem(staff["security_admin"].send("PUT", "/users/security_admin/active", json={"active": False}), 403)
    assert_problem(staff["security_admin"].send("PUT", "/users/security_admin/scope", json={"roles": ["auditor"]}), 403)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"username": "", "name": "x"}, "name"),
        ({"username": "a/b", "name": "x"}, "name"),
        ({"username": "operator", "name": "x"}, "taken"),
        ({"username": "li", "name": ""}, "name"),
        ({"username": "li", "name": "x", "password": "short"}, "length"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_rule_it_broke(staff: dict[str, Person], body: dict[str, Any], code: str) -> None:
    answer = staff["system_admin"].send("POST", "/users", json=body)
    assert_problem(answer, 422)
    assert answer.get_json()["code"] == code


@pytest.mark.parametrize("body", [{"roles": ["king"]}, {"roles": ["auditor", "operator"]}, {"roles": "operator"}, {"roles": [1]}])
def test_rights_that_cannot_be_are_not_given(staff: dict[str, Person], body: dict[str, Any]) -> None:
    assert_problem(staff["security_admin"].send("PUT", "/users/operator/scope", json=body), 422)


def test_an_account_nobody_has_is_not_found(staff: dict[str, Person]) -> None:
    for method, path, body in (("GET", "", None), ("PUT", "/scope", {}), ("PUT", "/active", {"active": True}), ("GET", "/sessions", None)):
        assert_problem(staff["security_admin"].send(method, f"/users/nobody{path}", json=body), 404)
    assert_problem(staff["system_admin"].send("POST", "/users/nobody/password", json={}), 404)


def test_a_person_sees_their_browsers_ends_one_and_signs_out_everywhere(app: flask.Flask, person: Person) -> None:
    other, third = Person(app).sign_in("leader"), Person(app).sign_in("leader")
    person.sign_in("leader")
    held = person.get("/sessions").get_json()["items"]
    assert len(held) == 3 and [one["current"] for one in held].count(True) == 1 and held[0]["address"] == "127.0.0.1"
    gone = next(one for one in other.get("/sessions").get_json()["items"] if one["current"])
    assert person.send("DELETE", f"/sessions/{gone['token_id']}").status_code == 204
    assert_problem(other.get("/session"), 401)
    assert_problem(person.send("DELETE", f"/sessions/{gone['token_id']}"), 404)
    assert person.send("DELETE", "/sessions").status_code == 204
    assert_problem(third.get("/session"), 401)


def test_a_security_administrator_ends_anothers_session_and_lifts_a_wait(staff: dict[str, Person], app: flask.Flask) -> None:
    handler = Person(app).sign_in("handler")
    for _ in range(10):
        Person(app).send("POST", "/session", json={"username": "handler", "password": "wrong"})
    assert staff["security_admin"].get("/users/handler").get_json()["waits_until"] is not None
    assert_problem(Person(app).send("POST", "/session", json={"username": "handler", "password": PASSWORD}), 429)
    assert staff["security_admin"].send("POST", "/users/handler/unlock").status_code == 204
    Person(app).sign_in("handler")
    (first, *_) = [one for one in staff["security_admin"].get("/users/handler/sessions").get_json()["items"]][::-1]
    assert staff["security_admin"].send("DELETE", f"/users/handler/sessions/{first['token_id']}").status_code == 204
    assert_problem(handler.get("/session"), 401)


@pytest.mark.parametrize(("scope", "reads", "sends"), [("all", 200, 202), ("read", 200, 403), ("telemetry", 403, 202)])
def test_a_token_may_no_more_than_its_scope(app: flask.Flask, person: Person, scope: str, reads: int, sends: int) -> None:
    made = person.sign_in("data_steward").send("POST", "/tokens", json={"label": "x", "scope": scope}).get_json()
    assert made["scope"] == scope
    bearer = {"Authorization": f"Bearer {made['token']}"}
    program = Person(app)
    assert program.send("GET", "/devices", headers=bearer).status_code == reads
    telemetry = {"at": 1_750_000_000_000, "values": {"pm25": 1}}
    assert program.send("POST", "/devices/air-1/telemetry", json=telemetry, headers=bearer).status_code == sends


def test_the_auditor_searches_and_every_search_and_export_is_itself_in_the_log(staff: dict[str, Person], city: Any) -> None:
    new_account(staff, "=1+1")
    found = staff["auditor"].get("/audit?action=create_user&actor=SYSTEM&text=1%2B1").get_json()
    assert found["total"] == 1 and found["items"][0]["object"] == "=1+1"
    assert staff["auditor"].get("/audit?object=%25").get_json()["total"] == 0, "a percent sign means itself"
    exported = staff["auditor"].get("/audit.csv?action=create_user")
    assert exported.mimetype == "text/csv" and exported.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(exported.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row["object"] for row in rows] == ["'=1+1"]
    deeds = [(entry.actor, entry.action) for entry in city.written()][:3]
    assert deeds == [("auditor", "export_audit"), ("auditor", "read_audit"), ("auditor", "read_audit")]
    assert dict(city.written()[0].detail) == {"action": "create_user", "entries": 1}


def test_leafing_through_a_search_is_not_written_down_again(staff: dict[str, Person], city: Any) -> None:
    first = staff["auditor"].get("/audit?limit=1").get_json()["items"]
    second = staff["auditor"].get("/audit?limit=1&offset=2").get_json()["items"]
    assert first != second
    assert [entry.action for entry in city.written()].count("read_audit") == 1


def test_a_refused_look_into_the_log_is_in_the_log(person: Person, city: Any) -> None:
    assert_problem(person.sign_in("operator").get("/audit"), 403)
    assert next((one.actor, one.action, one.outcome) for one in city.written()) == ("operator", "read_audit", "refused")


@pytest.mark.parametrize("query", ["offset=-1", "offset=x", "limit=0", "limit=1001", "since=soon", "text=%00"])
def test_a_search_that_makes_no_sense_gets_a_problem_document(staff: dict[str, Person], query: str) -> None:
    assert_problem(staff["auditor"].get(f"/audit?{query}"), 400)


def test_answers_about_people_have_the_fields_that_are_described(staff: dict[str, Person]) -> None:
    security, auditor = staff["security_admin"], staff["auditor"]
    for person, path, name in (
        (security, "/users/operator", "User"),
        (security, "/sessions", "OwnSessions"),
        (auditor, "/audit", "AuditLog"),
    ):
        assert set(person.get(path).get_json()) == set(SCHEMAS[name]["properties"]), path
    assert set(security.get("/sessions").get_json()["items"][0]) == set(SCHEMAS["OwnSession"]["properties"])
    assert set(security.get("/users/security_admin/sessions").get_json()["items"][0]) == set(SCHEMAS["Session"]["properties"])
    assert set(auditor.get("/audit").get_json()["items"][0]) == set(SCHEMAS["AuditEntry"]["properties"])
