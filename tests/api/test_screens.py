"""Pairing over HTTP: the cookie, the gate that keeps a screen to looking, and pages for a browser that nobody has approved."""

from typing import Any

import flask
import pytest

from api import pages
from tests.api.conftest import ALARM_ID, Person, assert_problem


@pytest.fixture(autouse=True)
def gate(app: flask.Flask) -> None:
    """The pages' own gate, which leads each browser where it belongs."""
    app.register_blueprint(pages.blueprint())


@pytest.fixture
def wall(app: flask.Flask) -> Person:
    """A browser whose code somebody approved for the wall `main`."""
    browser = Person(app)
    code = browser.send("POST", "/pairing", json={}).get_json()["code"]
    officer = Person(app).sign_in("duty_officer")
    assert officer.get(f"/pairing/{code.lower()}").get_json()["code"] == code
    assert officer.send("POST", f"/pairing/{code}", json={"name": "hall", "wall": "main"}).status_code == 201
    return browser


def test_a_browser_gets_a_code_and_a_cookie_that_no_script_can_read_and_that_outlives_a_year(person: Person) -> None:
    answer = person.send("POST", "/pairing", origin=None, json={})
    assert answer.status_code == 201 and len(answer.get_json()["code"]) == 7
    cookie = answer.headers["Set-Cookie"]
    assert (
        cookie.startswith("citydeck_screen=screen.") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=34560000" in cookie
    )
    assert person.get("/pairing").get_json() == {"paired": False, "wall": None}
    assert_problem(person.get("/picture"), 401)


def test_an_approved_screen_sees_the_picture_and_its_cookie_is_given_anew(wall: Person) -> None:
    answer = wall.get("/pairing")
    assert answer.get_json() == {"paired": True, "wall": "main"} and "Max-Age=34560000" in answer.headers["Set-Cookie"]
    assert wall.get("/picture").status_code == 200
    assert wall.get("/session").get_json()["roles"] == ["operator"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/alarms/{ALARM_ID}/acknowledge", {}),
        ("POST", "/devices/spare/adopt", {"kind": "x", "region": "441900"}),
        ("POST", "/devices/air-1/telemetry", {"values": {"pm25": 1}}),
        ("POST", "/tokens", {"label": "mine"}),
        ("PUT", "/session/password", {"old": "a", "new": "b"}),
        ("DELETE", "/sessions", None),
        ("GET", "/sessions", None),
        ("GET", "/users", None),
        ("GET", "/audit", None),
        ("GET", "/screens", None),
        ("GET", "/pairing/BBB-BBB", None),
        ("POST", "/pairing/BBB-BBB", {"name": "a", "wall": "main"}),
        ("DELETE", "/screens/0197f000-0000-7000-8000-000000000001", None),
    ],
)
def test_a_screen_that_is_made_to_write_or_to_read_about_people_is_refused(
    wall: Person, city: Any, method: str, path: str, body: Any
) -> None:
    assert_problem(wall.send(method, path, **({"json": body} if body is not None else {})), 403)
    assert city.alarm_desk._desk.by == []


def test_the_secret_is_no_bearer_token_for_writing_either(wall: Person) -> None:
    secret = wall.client.get_cookie("citydeck_screen").value
    headers = {"Authorization": f"Bearer {secret}"}
    fresh = Person(wall.client.application)
    assert fresh.send("GET", "/picture", origin=None, headers=headers).status_code == 200
    for method, path in (("POST", f"/alarms/{ALARM_ID}/acknowledge"), ("GET", "/users"), ("GET", "/screens")):
        assert_problem(fresh.send(method, path, headers=headers, **({"json": {}} if method == "POST" else {})), 403)


def test_a_revoked_screen_is_signed_out_and_shows_a_new_code(wall: Person, app: flask.Flask) -> None:
    officer = Person(app).sign_in("duty_officer")
    [screen] = officer.get("/screens").get_json()["items"]
    assert officer.send("DELETE", f"/screens/{screen['screen_id']}").status_code == 204
    assert_problem(wall.get("/picture"), 401)
    assert wall.client.get("/big").headers["Location"].startswith("/pair")
    assert wall.send("POST", "/pairing", json={}).status_code == 201
    assert_problem(officer.send("DELETE", f"/screens/{screen['screen_id']}"), 404)


def test_whoever_signs_in_on_a_screen_is_themselves_and_afterwards_it_is_the_screen_again(wall: Person) -> None:
    wall.sign_in("dispatcher")
    assert wall.get("/session").get_json()["username"] == "dispatcher"
    assert wall.send("DELETE", "/session").status_code == 204
    assert wall.get("/session").get_json()["username"].startswith("screen:")


def test_a_screen_gets_its_wall_wherever_it_is_sent(wall: Person) -> None:
    assert wall.client.get("/big?wall=main&lang=en").status_code == 200
    for path in (
        "/",
        "/pair",
        "/desk",
        "/remote",
        "/mobile",
        "/big",
        "/big?wall=hall",
        "/big?wall=&wall=main",
        "/big/?wall=hall&wall=main",
    ):
        assert wall.client.get(path).headers["Location"] == "/big?wall=main", path
    assert wall.client.get("/big?wall=hall&lang=en").headers["Location"] == "/big?wall=main&lang=en"


def test_a_browser_that_nobody_knows_is_shown_a_code_on_the_walls_address_and_sign_in_elsewhere(person: Person) -> None:
    assert person.client.get("/big?wall=main&lang=en").headers["Location"] == "/pair?lang=en"
    assert person.client.get("/big").headers["Location"].startswith("/login")
    assert person.client.get("/desk").headers["Location"].startswith("/login")
    assert person.client.get("/pair").status_code == 200


def test_codes_are_refused_to_other_sites_pages_and_after_too_many(person: Person, city: Any) -> None:
    assert_problem(person.send("POST", "/pairing", origin="https://evil.example", json={}), 403)
    city.pairing.limits = city.pairing.limits._replace(codes_per_address=1)
    assert person.send("POST", "/pairing", json={}).status_code == 201
    assert person.send("POST", "/pairing", json={}).status_code == 201, "the same browser keeps its code"
    assert_problem(Person(person.client.application).send("POST", "/pairing", json={}), 429)


@pytest.mark.parametrize(("body", "status"), [({"name": "a"}, 422), ({"name": "a", "wall": "x"}, 422), ({"name": 1, "wall": "main"}, 422)])
def test_an_approval_that_makes_no_sense_is_a_problem(app: flask.Flask, body: Any, status: int) -> None:
    code = Person(app).send("POST", "/pairing", json={}).get_json()["code"]
    assert_problem(Person(app).sign_in("duty_officer").send("POST", f"/pairing/{code}", json=body), status)
