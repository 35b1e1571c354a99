"""Pairing a wall's browser: it asks for a code and waits; a person looks at who asks, approves, lists, revokes. And the gate that keeps a
paired screen to what a wall asks for: whatever it is made to send, it reads the picture and nothing else."""

import re

import flask

from api.pages import FACES, PAIR
from api.problems import Problem
from api.requests import json_object, now, text, texts, uuid
from api.session import (
    EXTENSION,
    SAFE_METHODS,
    SCREEN_COOKIE,
    address,
    agent,
    no_content,
    private,
    refuse_foreign,
    signed_in,
    token_of_cookies,
    token_of_request,
)
from domain.pairing import DAY, Ask, Screen, shown_code
from services.accounts import TooManyAttempts
from services.city import City
from services.pairing import MARK, NotPaired, TooManyAsks

COOKIE_DAYS = 400
"""The longest that browsers keep a cookie; it is given anew whenever the screen says what it shows."""
LOOKS = re.compile(
    r"/(live|healthz|readyz|(_dash|_reload-hash|_favicon|assets/|vendor/|api/v1/(wall|walls|map|viewings|alarms|consultations)/).*"
    r"|api/v1/(session|pairing|picture|picture/changes|regions|map|walls|told|warnings/areas|incidents/[^/]+|cameras/[^/]+/recordings))"
)
"""What a paired screen may GET, beside the pages, which lead it to its wall."""
ASKS = re.compile(r"/api/v1/(session|pairing|cameras/[^/]+/viewings|viewings/(beat|close|[^/]+/whep)|walls/[^/]+/shown)")
"""What it may send: watching a camera, and saying what it shows. The services refuse it everything else too."""
RENDER = "/_dash-update-component"
RENDERS = "citydeck_wall_renders"
"""The server's extension that says whether a callback's body comes from a wall's page; without one nothing is rendered for screens."""


def blueprint(city: City) -> flask.Blueprint:
    """/api/v1/pairing for the browser and the person who approves it, /api/v1/screens for those that are paired."""
    pages = flask.Blueprint("api_screens", __name__)
    pages.before_app_request(_gate)
    _asking(pages, city)
    _approving(pages, city)
    _paired(pages, city)
    return pages


def renewed(answer: flask.Response) -> flask.Response:
    """The answer, with the screen's cookie given anew."""
    if secret := flask.request.cookies.get(SCREEN_COOKIE):
        _keep(answer, secret)
    return answer


def _gate() -> None:
    walls = _walls_that_ask()
    if not walls:
        return
    path, looking = flask.request.path, flask.request.method in SAFE_METHODS
    if looking and (path.rstrip("/") or "/") in (*FACES, PAIR, "/", "/login"):
        return
    may = _may_render(walls) if path == RENDER else (LOOKS if looking else ASKS).fullmatch(path)
    if not may:
        raise Problem(403, "A wall's screen may only look; sign in to do this.")


def _walls_that_ask() -> set[str]:
    """The walls whose screens' secrets count here, whichever way they come: one beside another token is looked at too."""
    city: City = flask.current_app.extensions[EXTENSION]
    shown = {token for token in (token_of_request(), token_of_cookies()) if token.startswith(MARK)}
    return {screen.wall for token in shown if (screen := city.pairing.screen_of(token, now()))}


def _may_render(walls: set[str]) -> bool:
    renders, asked = flask.current_app.extensions.get(RENDERS), flask.request.get_json(silent=True)
    return bool(renders and flask.request.method == "POST" and all(renders(asked, wall) for wall in walls))


def _asking(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/api/v1/pairing")
    def ask() -> flask.Response:
        refuse_foreign(needs_origin=False)
        try:
            secret, made = city.pairing.ask(_secret(), now(), address(), agent())
        except TooManyAsks as error:
            raise Problem(429, "Too many browsers wait to be paired.", {"Retry-After": "60"}) from error
        return _keep(private({"code": shown_code(made.code), "asked_at": made.asked_at, "expires_at": made.expires_at}, 201), secret)

    @pages.get("/api/v1/pairing")
    def paired() -> flask.Response:
        screen = city.pairing.screen_of(_secret(), now())
        answer = private({"paired": screen is not None, "wall": screen.wall if screen else None})
        return renewed(answer) if screen else answer


def _approving(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/api/v1/pairing/<code>")
    def look(code: str) -> flask.Response:
        actor = signed_in()
        try:
            return private(_waiting(city.pairing.look(actor, code, now(), address())))
        except (NotPaired, TooManyAttempts) as error:
            raise _refused(error) from error

    @pages.post("/api/v1/pairing/<code>")
    def approve(code: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        name, wall = text(document, "name"), text(document, "wall")
        scope = frozenset(texts(document, "regions")), frozenset(texts(document, "departments"))
        try:
            made = city.pairing.approve(actor, code, name, wall, scope, now(), address())
        except (NotPaired, TooManyAttempts) as error:
            raise _refused(error) from error
        return private(_screen(made), 201)


def _paired(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/api/v1/screens")
    def screens() -> flask.Response:
        return private({"items": [_screen(one) for one in city.pairing.screens(signed_in())]})

    @pages.delete("/api/v1/screens/<screen_id>")
    def revoke(screen_id: str) -> flask.Response:
        actor = signed_in()
        try:
            city.pairing.revoke(actor, uuid(screen_id), now(), address())
        except LookupError as error:
            raise Problem(404, "No screen of that id is paired.") from error
        return no_content()


def _refused(error: NotPaired | TooManyAttempts) -> Problem:
    if isinstance(error, TooManyAttempts):
        seconds = -(-error.wait_ms // 1000)
        return Problem(429, f"Too many wrong codes. Try again in {seconds} s.", {"Retry-After": str(seconds)})
    return Problem(404 if error.code == "code" else 422, f"Not paired: {error}.", code=error.code)


def _secret() -> str:
    return flask.request.cookies.get(SCREEN_COOKIE, "")


def _keep(answer: flask.Response, secret: str) -> flask.Response:
    longest = COOKIE_DAYS * DAY // 1000
    answer.set_cookie(SCREEN_COOKIE, secret, max_age=longest, httponly=True, samesite="Lax", secure=flask.request.is_secure, path="/")
    return answer


def _waiting(ask: Ask) -> dict[str, object]:
    return {**ask._asdict(), "code": shown_code(ask.code)}


def _screen(screen: Screen) -> dict[str, object]:
    return {**screen._asdict(), "regions": sorted(screen.regions), "departments": sorted(screen.departments)}
