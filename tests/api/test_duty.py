"""/api/v1/duty, notices, plans and tasks on the real services; and as somebody hostile uses them."""

import time
from typing import Any

import pytest

from api.openapi import SCHEMAS
from tests.api.conftest import assert_problem
from tests.api.test_real_city import real, signed_in  # noqa: F401

NOW = time.time_ns() // 1_000_000
HOUR = 3_600_000
ROLES = ("operator", "dispatcher", "duty_officer", "leader", "handler", "auditor")
NOBODY = "0190a000-0000-7000-8000-000000000001"


@pytest.fixture
def people(real: Any) -> dict[str, Any]:  # noqa: F811
    return {role: signed_in(real, role) for role in ROLES}


def shift(who: str, starts: int, ends: int, **more: Any) -> dict[str, Any]:
    return {"post": "watch_officer", "username": who, "starts": NOW + starts * HOUR, "ends": NOW + ends * HOUR, **more}


def made(answer: Any, name: str, status: int = 201) -> dict[str, Any]:
    """The answer, which has exactly the fields that are described."""
    assert answer.status_code == status, answer.get_json()
    document: dict[str, Any] = answer.get_json()
    assert set(document) == set(SCHEMAS[name]["properties"]), name
    return document


def test_a_roster_is_written_changed_exported_and_read(people: dict[str, Any]) -> None:
    chief = people["duty_officer"]
    mine = made(chief.send("POST", "/duty/shifts", json=shift("operator", 1, 9)), "Shift")
    assert_problem(chief.send("POST", "/duty/shifts", json=shift("operator", 8, 10)), 422)
    assert_problem(people["operator"].send("POST", "/duty/shifts", json=shift("operator", 20, 21)), 403)
    made(chief.send("PUT", f"/duty/shifts/{mine['shift_id']}", json=shift("operator", 1, 8, phone="0769")), "Shift", 200)
    asked = made(
        people["operator"].send("POST", "/duty/changes", json={"shift_id": mine["shift_id"], "asked_of": "dispatcher"}), "DutyChange"
    )
    answer = f"/duty/changes/{asked['change_id']}/answer"
    made(people["dispatcher"].send("POST", answer, json={"yes": True}), "DutyChange", 200)
    assert made(chief.send("POST", answer, json={"yes": True}), "DutyChange", 200)["state"] == "approved"
    (held,) = chief.get("/duty/shifts").get_json()["items"]
    assert (held["username"], held["shift_id"]) == ("dispatcher", mine["shift_id"])
    calendar = people["dispatcher"].get("/duty/roster.ics?username=dispatcher")
    assert calendar.content_type.startswith("text/calendar") and mine["shift_id"].encode() in calendar.data
    assert chief.get("/duty/gaps").get_json()["items"]
    assert chief.send("DELETE", f"/duty/shifts/{mine['shift_id']}").status_code == 204


def test_a_file_names_every_wrong_row(people: dict[str, Any]) -> None:
    content = "post,department,username,phone,starts,ends\nseat,env,nobody,,2030-01-01T00:00,2030-01-01T08:00\n"
    answer = people["duty_officer"].send("POST", "/duty/shifts.csv", data=content, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 422 and answer.get_json() == {
        "written": 0,
        "wrong": [{"line": 2, "code": "unknown_person", "value": "nobody"}],
    }
    assert_problem(people["duty_officer"].send("POST", "/duty/shifts.csv", data=b"\xff", headers={"Content-Type": "text/csv"}), 400)
    assert_problem(people["duty_officer"].send("POST", "/duty/contacts.csv", json={}), 415)


def test_the_room_is_kept_and_handed_over(people: dict[str, Any]) -> None:
    watch = people["operator"]
    made(watch.send("POST", "/duty/log", json={"text": "巡检正常"}), "LogEntry")
    call = made(watch.send("POST", "/duty/calls", json={"text": "积水", "caller": "x", "address": "鸿福路"}), "PhoneCall")
    made(watch.send("POST", f"/duty/calls/{call['call_id']}/incident", json={"data": {"region": "441900003"}}), "Incident")
    assert_problem(watch.send("POST", f"/duty/calls/{call['call_id']}/incident", json={}), 422)
    handed = made(watch.send("POST", "/duty/handovers", json={"note": "x"}), "HandOver")
    assert "incident" in {matter["kind"] for matter in handed["open_matters"]}
    assert_problem(watch.send("POST", f"/duty/handovers/{handed['handover_id']}/sign", json={}), 422)
    made(people["dispatcher"].send("POST", f"/duty/handovers/{handed['handover_id']}/sign", json={"note": "ok"}), "HandOver", 200)
    for path in ("log", "calls", "handovers"):
        assert people["leader"].get(f"/duty/{path}").get_json()["items"]
        assert people["auditor"].get(f"/duty/{path}").status_code in (403, 404)


def test_a_roll_is_called_answered_and_followed(people: dict[str, Any]) -> None:
    chief = people["duty_officer"]
    made(chief.send("POST", "/duty/shifts", json=shift("handler", -1, 9, post="seat", department="env")), "Shift")
    made(chief.send("POST", "/duty/contacts", json={"department": "env", "name": "值班室", "phone": "1"}), "Contact")
    pages = {page["code"]: page for page in chief.get("/duty/book").get_json()["items"]}
    assert [one["username"] for one in pages["env"]["on_duty"]] == ["handler"] and pages["env"]["contacts"][0]["phone"] == "1"
    roll = made(chief.send("POST", "/duty/rolls", json={"kind": "roll_call", "departments": ["env"]}), "Roll")
    thing = f"roll:{roll['roll_id']}:env"
    unread = people["handler"].get("/notices?unread=true").get_json()["items"]
    assert [one["thing"] for one in unread] == [thing] and set(unread[0]) == set(SCHEMAS["Notice"]["properties"])
    assert_problem(people["dispatcher"].send("POST", "/notices/answer", json={"thing": thing}), 404)
    assert people["handler"].send("POST", "/notices/answer", json={"thing": thing}).get_json() == {"answered": True}
    assert people["handler"].send("POST", "/notices/read", json={"notice_ids": [unread[0]["notice_id"], "x"]}).get_json() == {"read": 1}
    chain = people["handler"].get(f"/callings/{thing}").get_json()
    assert chain["calling"]["answered_by"] == "handler" and set(chain["calling"]) == set(
        SCHEMAS["Chain"]["properties"]["calling"]["properties"]
    )
    assert "env" in chief.get("/duty/rolls").get_json()["items"][0]["answer_ms"]
    assert_problem(people["dispatcher"].get(f"/callings/{thing}"), 404)


def test_one_says_where_one_is_reached(people: dict[str, Any]) -> None:
    put = people["operator"].send("PUT", "/notices/addresses", json={"channel": "email", "address": "duty@city.example"})
    assert put.get_json() == {"addresses": {"email": "duty@city.example"}}
    for channel, address in (("email", "no address"), ("app", "x"), ("lang", "fr")):
        assert_problem(people["operator"].send("PUT", "/notices/addresses", json={"channel": channel, "address": address}), 422)
    assert people["operator"].send("PUT", "/notices/addresses", json={"channel": "email", "address": ""}).get_json() == {"addresses": {}}


def test_a_plan_is_drafted_by_one_and_approved_by_another(people: dict[str, Any]) -> None:
    step = {"code": "a", "zh": "巡查", "en": "Patrol", "levels": ["1"], "department": "env", "post": "seat", "within_min": 30}
    said = {"code": "air", "zh": "空气", "kind": "special", "classes": ["pollution_accident"], "steps": [step]}
    plan = made(people["duty_officer"].send("POST", "/plans", json=said), "Plan")
    assert_problem(people["duty_officer"].send("POST", f"/plans/{plan['plan_id']}/approve"), 403)
    assert people["leader"].send("POST", f"/plans/{plan['plan_id']}/approve").status_code == 204
    assert_problem(people["leader"].send("POST", f"/plans/{plan['plan_id']}/approve"), 422)
    assert_problem(people["duty_officer"].send("POST", "/plans", json={**said, "steps": [{**step, "department": "nowhere"}]}), 422)
    assert [one["state"] for one in people["operator"].get("/plans").get_json()["items"]] == ["approved"]
    assert people["operator"].get("/tasks").get_json() == {"items": []} == people["operator"].get(f"/tasks?incident_id={NOBODY}").get_json()
    assert_problem(people["operator"].send("POST", f"/tasks/{NOBODY}/deeds", json={"deed": "acknowledge"}), 404)


@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("POST", "/duty/shifts", {"post": "cook", "username": "x", "starts": 1, "ends": 2}),
        ("POST", "/duty/shifts", {"post": "seat", "username": "operator", "starts": -5, "ends": 2**70}),
        ("POST", "/duty/shifts", {"post": "seat", "username": ["x"], "starts": "now", "ends": None}),
        ("POST", "/duty/changes", {"shift_id": NOBODY, "asked_of": "operator"}),
        ("POST", "/duty/log", {"text": "\ud800"}),
        ("POST", "/duty/log", {"text": "x", "department": "nowhere\u0000"}),
        ("POST", "/duty/calls", {"text": ""}),
        ("POST", "/duty/rolls", {"kind": "party", "departments": ["env"]}),
        ("POST", "/duty/rolls", {"kind": "roll_call", "departments": []}),
        ("POST", "/plans", {"code": "", "zh": "", "kind": "x", "classes": [], "steps": [{}]}),
        ("POST", "/plans", {"code": "a", "zh": "a", "kind": "special", "classes": ["flood"], "steps": [{"within_min": "soon"}]}),
        ("POST", f"/tasks/{NOBODY}/deeds", {"deed": "explode"}),
        ("GET", "/duty/shifts?since=9999999999999999", None),
        ("GET", "/duty/shifts?since=tomorrow", None),
        ("GET", "/duty/log?department=" + "x" * 200, None),
        ("GET", "/callings/%00", None),
        ("GET", "/callings/incident:nobody", None),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_a_problem_and_never_a_failure(people: dict[str, Any], method: str, path: str, document: Any) -> None:
    answer = people["duty_officer"].send(method, path, json=document) if document is not None else people["duty_officer"].get(path)
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.get_json())
