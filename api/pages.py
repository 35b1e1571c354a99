"""Who gets which page: everybody signs in first, `/` leads each role to its own page, and the language asked for is kept."""

from urllib.parse import urlencode

import flask

from api.session import current_actor
from domain.access import Actor

OWN = "/account"
FACES = ("/big", "/mid", "/mobile", "/desk", "/admin", OWN)
HOME = (("leader", "/mid"), ("handler", "/mobile"), *((role, "/admin") for role in ("system_admin", "security_admin", "auditor")))
"""The first role that fits decides; everyone else works at the desk."""


def blueprint() -> flask.Blueprint:
    """The gate before the pages, and the map's layers are not its business: the API asks for a session itself."""
    pages = flask.Blueprint("pages", __name__)

    @pages.before_app_request
    def gate() -> flask.typing.ResponseReturnValue | None:
        path = flask.request.path.rstrip("/") or "/"
        if path not in (*FACES, "/"):
            return None
        actor = current_actor()
        if actor is None:
            return flask.redirect(_with_language("/login", **({"next": path} if path != "/" else {})))
        if actor.must_change and path != OWN:
            return flask.redirect(_with_language(OWN))
        return flask.redirect(_with_language(home_of(actor))) if path == "/" else None

    return pages


def home_of(actor: Actor) -> str:
    """The page that the actor's role starts on."""
    return next((page for role, page in HOME if role in actor.roles), "/desk")


def _with_language(path: str, **query: str) -> str:
    asked = flask.request.args.get("lang")
    if asked in ("zh", "en"):
        query["lang"] = asked
    return f"{path}?{urlencode(query)}" if query else path
