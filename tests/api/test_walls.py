"""Walls over HTTP, on the fake city: steering, what a wall says it shows, consultations, and who is refused."""

from typing import Any

import pytest

from tests.fake_server import make_app
from tests.fakes import make_city

LINE = {"kind": "line", "points": [[113.7, 23.0], [113.8, 23.1]]}
NOBODY = "0197f000-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def house() -> Any:
    city = make_city()
    return make_app(city).server, city


def send(house: Any, method: str, path: str, body: Any = None, who: str = "duty_officer", cookie: str = "citydeck_session") -> Any:
    client = house[0].test_client()
    client.set_cookie(cookie, who)
    more = {"json": body} if body is not None else {}
    return client.open(f"/api/v1{path}", method=method, headers={"Origin": "http://localhost"}, **more)


@pytest.fixture(scope="module")
def screen(house: Any) -> str:
    """The secret of a paired screen of the hall."""
    client = house[0].test_client()
    code = client.post("/api/v1/pairing", json={}, headers={"Origin": "http://localhost"}).get_json()["code"]
    assert send(house, "POST", f"/pairing/{code}", {"name": "left", "wall": "hall"}).status_code == 201
    return str(client.get_cookie("citydeck_screen").value)


def test_a_wall_is_asked_reads_it_and_says_what_it_shows(house: Any, screen: str) -> None:
    answer = send(house, "PATCH", "/walls/hall", {"scene": "traffic", "brightness": 0.5})
    assert answer.status_code == 200 and (answer.get_json()["scene"], answer.get_json()["version"]) == ("traffic", 1)
    asked = send(house, "GET", "/walls/hall", who=screen, cookie="citydeck_screen").get_json()
    assert (asked["scene"], asked["by"], asked["care"]["zone"], asked["consultation"]) == ("traffic", "duty_officer", "Asia/Shanghai", None)
    assert asked["care"]["paired"] and asked["care"]["screens"] == "named"
    assert not send(house, "GET", "/walls/hall").get_json()["care"]["paired"], "an officer's browser is no wall"
    said = send(house, "POST", "/walls/hall/shown", {"scene": "traffic", "version": 1}, screen, "citydeck_screen")
    assert said.get_json() == {"version": 1} and "citydeck_screen=" in said.headers["Set-Cookie"]
    [hall] = [one for one in send(house, "GET", "/walls").get_json()["items"] if one["wall"] == "hall"]
    assert hall["zh"] == "指挥大厅" and [(one["name"], one["shown"]["scene"]) for one in hall["shown"]] == [("left", "traffic")]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", "/walls/hall", {"scene": "nowhere"}, 422),
        ("PATCH", "/walls/hall", [], 400),
        ("PATCH", "/walls/nowhere", {"hold": True}, 404),
        ("GET", "/walls/nowhere", None, 404),
        ("POST", "/walls/hall/shown", {"scene": {"a": 1}}, 422),
        ("POST", "/consultations", {"wall": "hall", "title": ""}, 422),
        ("POST", "/consultations", {"wall": "hall", "title": "a", "at": "x"}, 422),
        ("POST", "/consultations", {"wall": "hall", "title": "a", "incident_id": NOBODY}, 404),
        ("POST", f"/consultations/{NOBODY}/drawing", {"shape": LINE}, 404),
        ("POST", f"/consultations/{NOBODY}/minutes", {"items": "x"}, 422),
        ("POST", "/consultations/x/end", {}, 404),
    ],
)
def test_what_makes_no_sense_is_a_problem_and_not_an_error(house: Any, method: str, path: str, body: Any, status: int) -> None:
    answer = send(house, method, path, body)
    assert answer.status_code == status and answer.content_type == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), [("GET", "/walls"), ("PATCH", "/walls/hall"), ("POST", "/consultations"), ("GET", "/screens")])
@pytest.mark.parametrize("role", ["handler", "auditor", "system_admin"])
def test_who_may_not_steer_is_refused(house: Any, method: str, path: str, role: str) -> None:
    body = None if method == "GET" else {"wall": "hall", "title": "a"} if method == "POST" else {"hold": True}
    assert send(house, method, path, body, role).status_code == 403


def test_a_screen_asks_no_wall_for_anything_and_sees_no_other_wall(house: Any, screen: str) -> None:
    for method, path, body in (
        ("PATCH", "/walls/hall", {"hold": True}),
        ("GET", "/walls", None),
        ("POST", "/consultations", {"wall": "hall", "title": "a"}),
        ("GET", "/devices", None),
        ("GET", "/notices", None),
    ):
        assert send(house, method, path, body, screen, "citydeck_screen").status_code == 403, path
    assert send(house, "GET", "/walls/led", who=screen, cookie="citydeck_screen").status_code == 404


def test_a_consultation_is_held_drawn_upon_decided_and_ended(house: Any, screen: str) -> None:
    held = send(house, "POST", "/consultations", {"wall": "hall", "title": "防汛会商"}).get_json()
    path = f"/consultations/{held['consultation_id']}"
    assert send(house, "POST", "/consultations", {"wall": "hall", "title": "b"}).status_code == 409
    assert send(house, "POST", f"{path}/drawing", {"shape": LINE}).get_json()["shapes"][0]["pen"] == "a"
    assert send(house, "POST", f"{path}/drawing", {"shape": {"kind": "photo"}}).get_json()["code"] == "shape"
    seen = send(house, "GET", "/walls/hall", who=screen, cookie="citydeck_screen").get_json()
    assert seen["at"] == held["held_at"] and seen["scene"] == "consultation" and len(seen["consultation"]["shapes"]) == 1
    [department, *_] = house[1].register.departments()
    made = send(house, "POST", f"{path}/minutes", {"items": [{"department": department, "text": "加派泵车"}]})
    assert made.status_code == 201 and made.get_json()["items"][0]["text"] == "加派泵车"
    assert send(house, "POST", f"{path}/minutes", {"items": [{"department": department, "text": "x"}]}, "operator").status_code == 403
    assert send(house, "POST", f"{path}/end", {}).status_code == 204
    assert send(house, "GET", "/walls/hall").get_json()["consultation"] is None
