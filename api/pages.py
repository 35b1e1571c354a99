"""Who gets which page: everybody signs in first, `/` leads each role to its own page, and the language asked for is kept."""

from urllib.parse import urlencode

import flask

from api.requests import now
from api.session import EXTENSION, SCREEN_COOKIE, current_actor, token_of_request
from domain.access import Actor
from services.city import City

OWN = "/account"
WALL, PAIR = "/big", "/pair"
FACES = (WALL, "/mid", "/mobile", "/desk", "/remote", "/admin", "/upkeep", OWN)
HOME = (("leader", "/mid"), ("handler", "/mobile"), *((role, "/admin") for role in ("system_admin", "security_admin", "auditor")))
"""The first role that fits decides; everyone else works at the desk."""


def blueprint() -> flask.Blueprint:
    """The gate before the pages, and the map's layers are not its business: the API asks for a session itself."""
    pages = flask.Blueprint("pages", __name__)

    @pages.before_app_request
    def gate() -> flask.typing.ResponseReturnValue | None:
        path = flask.request.path.rstrip("/") or "/"
        if path not in (*FACES, PAIR, "/"):
            return None
        actor = current_actor()
        if actor and actor.token_scope == "screen":
            return _to_its_wall(path)
        if path == PAIR:
            return None
        if actor is None and path == WALL and _is_a_screen():
            return flask.redirect(_with_language(PAIR))
        if actor is None:
            return flask.redirect(_with_language("/login", **({"next": path} if path != "/" else {})))
        if actor.must_change and path != OWN:
            return flask.redirect(_with_language(OWN))
        return flask.redirect(_with_language(home_of(actor))) if path == "/" else None

    return pages


def home_of(actor: Actor) -> str:
    """The page that the actor's role starts on."""
    return next((page for role, page in HOME if role in actor.roles), "/desk")


def _is_a_screen() -> bool:
    """Whether a wall's browser asks: it was paired once, or its address names the wall."""
    return SCREEN_COOKIE in flask.request.cookies or bool(flask.request.args.get("wall"))


def _to_its_wall(path: str) -> flask.typing.ResponseReturnValue | None:
    """A paired screen is led to its own wall from everywhere else, another wall's address too."""
    city: City = flask.current_app.extensions[EXTENSION]
    screen = city.pairing.screen_of(token_of_request(), now())
    mine = screen.wall if screen else ""
    return None if path == WALL and flask.request.args.get("wall") == mine else flask.redirect(_with_language(WALL, wall=mine))


def _with_language(path: str, **query: str) -> str:
    asked = flask.request.args.get("lang")
    if asked in ("zh", "en"):
        query["lang"] = asked
    return f"{path}?{urlencode(query)}" if query else path
