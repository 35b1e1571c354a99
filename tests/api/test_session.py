"""Signing in over HTTP, tokens, and what other sites' pages cannot do with somebody's cookie."""

import io
from typing import Any

import flask
import pytest

from tests.api.conftest import PASSWORD, Person, assert_problem


def test_signing_in_gives_204_and_a_cookie_no_script_can_read(person: Person) -> None:
    answer = person.send("POST", "/session", origin=None, json={"username": "operator", "password": PASSWORD})
    assert answer.status_code == 204 and answer.data == b""
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("citydeck_session=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert person.get("/session").get_json() == {
        "username": "operator",
        "name": "operator",
        "roles": ["operator"],
        "regions": [],
        "departments": [],
        "must_change_password": False,
    }


def test_over_https_the_cookie_is_secure(person: Person) -> None:
    answer = person.send("POST", "/session", origin=None, json={"username": "operator", "password": PASSWORD}, base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_wrong_password_and_an_unknown_user_get_the_very_same_answer(person: Person) -> None:
    answers = [person.send("POST", "/session", json={"username": name, "password": "wrong"}) for name in ("operator", "nobody", "a\tb", "")]
    for answer in answers:
        assert_problem(answer, 401)
        assert answer.data == answers[0].data and "Set-Cookie" not in answer.headers


def test_after_ten_failures_the_answer_says_when_to_come_again(person: Person) -> None:
    for _ in range(10):
        assert_problem(person.send("POST", "/session", json={"username": "operator", "password": "wrong"}), 401)
    answer = person.send("POST", "/session", json={"username": "operator", "password": PASSWORD})
    assert_problem(answer, 429)
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"NaN", 400),
        (b'{"username": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"9" * 5_000, 400),
        (b"{}", 422),
        (b'{"username": 1, "password": "x"}', 422),
        (b'{"username": null, "password": "x"}', 422),
        (b'{"username": "a\\u0000b", "password": "x"}', 422),
        (b'{"username": "\\ud800", "password": "x"}', 422),
        (b'{"username": "' + b"a" * 5_000 + b'", "password": "x"}', 422),
        (b"x" * 300_000, 413),
    ],
)
def test_a_hostile_body_gets_a_problem_document(person: Person, body: bytes, status: int) -> None:
    assert_problem(person.send("POST", "/session", data=body, content_type="application/json"), status)


def test_a_body_of_unannounced_length_is_cut_off_too(person: Person) -> None:
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = person.client.post(
        "/api/v1/session", input_stream=io.BytesIO(b"x" * 300_000), content_type="application/json", environ_overrides=environ
    )
    assert_problem(answer, 413)


def test_a_form_cannot_sign_anybody_in(person: Person) -> None:
    assert_problem(person.send("POST", "/session", data={"username": "operator", "password": PASSWORD}), 415)


def test_signing_out_ends_the_session_on_the_server(person: Person, app: flask.Flask) -> None:
    person.sign_in("operator")
    kept = person.client.get_cookie("citydeck_session")
    assert kept is not None
    assert person.send("DELETE", "/session").status_code == 204
    assert_problem(person.get("/session"), 401)
    thief = Person(app)
    thief.client.set_cookie("citydeck_session", kept.value)
    assert_problem(thief.get("/session"), 401)


FOREIGN: list[tuple[str | None, dict[str, str]]] = [
    (None, {}),
    ("http://evil.example", {}),
    ("null", {}),
    ("http://localhost.evil.example", {}),
    ("http://[", {}),
    ("http://localhost", {"Sec-Fetch-Site": "cross-site"}),
    ("http://localhost", {"Sec-Fetch-Site": "same-site"}),
    ("http://evil.example", {"Authorization": "Basic eDp5"}),
]


@pytest.mark.parametrize(("origin", "headers"), FOREIGN)
def test_another_sites_page_cannot_act_with_the_cookie(person: Person, origin: str | None, headers: dict[str, str]) -> None:
    person.sign_in("operator")
    for method, path in (("DELETE", "/session"), ("POST", "/tokens"), ("POST", "/devices/air-1/telemetry")):
        assert_problem(person.send(method, path, origin=origin, headers=headers, json={"label": "x"}), 403)
    assert person.get("/session").status_code == 200


def test_another_sites_page_cannot_sign_anybody_in(person: Person) -> None:
    for origin, headers in FOREIGN[1:]:
        assert_problem(
            person.send("POST", "/session", origin=origin, headers=headers, json={"username": "operator", "password": PASSWORD}), 403
        )


def test_a_token_made_at_the_desk_works_as_bearer_until_it_is_revoked(person: Person, app: flask.Flask) -> None:
    person.sign_in("operator")
    made = person.send("POST", "/tokens", json={"label": "report", "days": 30})
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    token = made.get_json()
    bearer = {"Authorization": f"Bearer {token['token']}"}
    program = Person(app)
    assert program.send("GET", "/session", headers=bearer).get_json()["username"] == "operator"
    listed = person.get("/tokens").get_json()["items"]
    assert [item["label"] for item in listed] == ["report"] and "token" not in listed[0]
    for method, path in (("POST", "/tokens"), ("GET", "/tokens"), ("PUT", "/session/password")):
        assert_problem(program.send(method, path, origin=None, headers=bearer, json={"label": "more"}), 403)
    assert person.send("DELETE", f"/tokens/{token['token_id']}").status_code == 204
    assert_problem(program.send("GET", "/session", headers=bearer), 401)
    assert_problem(person.send("DELETE", f"/tokens/{token['token_id']}"), 404)


@pytest.mark.parametrize(
    "body", [{}, {"label": ""}, {"label": "x", "days": "7"}, {"label": "x", "days": True}, {"label": "x", "days": 1000}]
)
def test_a_token_that_cannot_be_is_not_made(person: Person, body: dict[str, Any]) -> None:
    assert_problem(person.sign_in("operator").send("POST", "/tokens", json=body), 422)


def test_a_wrong_bearer_token_is_not_mended_by_a_cookie(person: Person) -> None:
    person.sign_in("operator")
    for wrong in ("Bearer x", "Bearer ", "bearer \xff", "Bearer " + "x" * 5_000):
        answer = person.send("GET", "/session", headers={"Authorization": wrong})
        assert_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_security_administrator_and_the_auditor_have_no_api_tokens(person: Person) -> None:
    for role in ("security_admin", "auditor"):
        assert_problem(person.sign_in(role).send("POST", "/tokens", json={"label": "x"}), 403)


def test_changing_the_password_keeps_only_this_browser_signed_in(person: Person, app: flask.Flask) -> None:
    other = Person(app).sign_in("leader")
    person.sign_in("leader")
    assert_problem(person.send("PUT", "/session/password", json={"old": "wrong", "new": "a new one for tests"}), 403)
    assert_problem(person.send("PUT", "/session/password", json={"old": PASSWORD, "new": "short"}), 422)
    assert person.send("PUT", "/session/password", json={"old": PASSWORD, "new": "a new one for tests"}).status_code == 204
    assert person.get("/session").status_code == 200
    assert_problem(other.get("/session"), 401)
    assert person.send("PUT", "/session/password", json={"old": "a new one for tests", "new": PASSWORD}).status_code == 204


def test_everything_about_accounts_is_in_the_audit_log(person: Person, city: Any) -> None:
    person.send("POST", "/session", json={"username": "operator", "password": "wrong"})
    token = person.sign_in("operator").send("POST", "/tokens", json={"label": "x"}).get_json()
    person.send("DELETE", f"/tokens/{token['token_id']}")
    person.send("DELETE", "/session")
    entries = city.written()
    deeds = [(entry.actor, entry.action, entry.outcome, entry.address) for entry in reversed(entries)]
    assert deeds == [
        ("operator", action, outcome, "127.0.0.1")
        for action, outcome in (
            ("sign_in", "failed"),
            ("sign_in", "ok"),
            ("make_token", "ok"),
            ("revoke_token", "ok"),
            ("sign_out", "ok"),
        )
    ]
