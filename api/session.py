"""Signing in and out over HTTP, and who is asking: a session cookie, or `Authorization: Bearer` with an API token."""

import flask

from api.problems import Problem
from api.requests import body, json_object, now, text
from domain.access import Actor
from domain.sign_in import SESSION_LIMIT
from services.accounts import SignInFailed, TooManyAttempts
from services.city import City
from services.user_desk import NotTaken

COOKIE = "citydeck_session"
EXTENSION = "citydeck"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def blueprint(city: City) -> flask.Blueprint:
    """POST and DELETE /api/v1/session, GET /api/v1/session (who am I), PUT /api/v1/session/password."""
    pages = flask.Blueprint("api_session", __name__)
    pages.record_once(lambda state: state.app.extensions.__setitem__(EXTENSION, city))

    @pages.post("/api/v1/session")
    def sign_in() -> flask.Response:
        refuse_foreign(needs_origin=False)
        document = json_object()
        try:
            token = city.accounts.sign_in(text(document, "username"), text(document, "password"), now(), address())
        except SignInFailed as error:
            raise Problem(401, "Username or password is wrong.") from error
        except TooManyAttempts as error:
            raise _too_many(error) from error
        return _with_cookie(token)

    @pages.delete("/api/v1/session")
    def sign_out() -> flask.Response:
        refuse_foreign()
        city.accounts.revoke(token_of_request(), now(), address())
        answer = no_content()
        answer.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=flask.request.is_secure)
        return answer

    @pages.get("/api/v1/session")
    def who_am_i() -> flask.Response:
        return private(describe(signed_in()))

    @pages.put("/api/v1/session/password")
    def change_password() -> flask.Response:
        actor = acting_in_person()
        document = json_object()
        old, new = text(document, "old"), text(document, "new")
        try:
            city.user_desk.change_password(actor, old, new, now(), address())
        except SignInFailed as error:
            raise Problem(403, "The old password is wrong.") from error
        except TooManyAttempts as error:
            raise _too_many(error) from error
        except NotTaken as error:
            raise Problem(422, f"The new password was not taken: {error}.") from error
        return _with_cookie(city.accounts.sign_in(actor.username, new, now(), address()))

    return pages


def current_actor() -> Actor | None:
    """Who sent the request that is being answered; None for nobody. Usable in every view and callback of the application."""
    token = token_of_request()
    city: City = flask.current_app.extensions[EXTENSION]
    return city.accounts.actor_of(token, now()) if token else None


def token_of_request() -> str:
    """The bearer token, or else the cookie; empty when there is neither. A wrong bearer token is not mended by a cookie."""
    bearer = _bearer()
    return flask.request.cookies.get(COOKIE, "") if bearer is None else bearer


def signed_in() -> Actor:
    """The actor of this request. Problems: 401 for nobody; 403 for a deed that another site's page sent with the cookie."""
    actor = current_actor()
    if actor is None:
        raise Problem(401, "Sign in, or send a valid bearer token.", {"WWW-Authenticate": "Bearer"})
    refuse_foreign()
    return actor


def acting_in_person() -> Actor:
    """As `signed_in`, by cookie only: a stolen API token makes no further tokens and changes no password."""
    actor = signed_in()
    if _bearer() is not None:
        raise Problem(403, "This needs a signed-in person, not an API token.")
    return actor


def refuse_foreign(needs_origin: bool = True) -> None:
    """Cross-site request forgery: a deed that rests on the cookie comes from our own pages, and any body it has is JSON.

    Browsers say where a request comes from in Sec-Fetch-Site (https and localhost only) and in Origin (every POST, PUT, DELETE).
    The origin's scheme is not compared: behind a proxy that ends TLS this process sees http.
    """
    request = flask.request
    if request.method in SAFE_METHODS or _bearer() is not None:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = site == "same-origin" if site is not None else origin is not None and origin.partition("://")[2] == request.host
    if not own and (needs_origin or site is not None or origin is not None):
        raise Problem(403, "With a session cookie send the Origin of this server, or use a bearer token.")
    if request.mimetype != "application/json" and body():
        raise Problem(415, "Send application/json.")


def address() -> str:
    """Where the request came from, as far as this process can see (app.py trusts a proxy's word only when told to)."""
    return flask.request.remote_addr or ""


def describe(actor: Actor) -> dict[str, object]:
    """The actor as the API shows it to themselves."""
    scope = {"roles": sorted(actor.roles), "regions": sorted(actor.regions), "departments": sorted(actor.departments)}
    return {"username": actor.username, "name": actor.name, **scope}


def private(content: object, status: int = 200) -> flask.Response:
    """A JSON answer that no cache keeps."""
    answer = flask.jsonify(content)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def no_content() -> flask.Response:
    """204."""
    return flask.Response(status=204, headers={"Cache-Control": "no-store"})


def _bearer() -> str | None:
    """The bearer token of this request; None when it carries none (a browser's cached Basic password is none)."""
    scheme, _, credentials = flask.request.headers.get("Authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else None


def _with_cookie(token: str) -> flask.Response:
    answer = no_content()
    secure = flask.request.is_secure
    answer.set_cookie(COOKIE, token, max_age=SESSION_LIMIT // 1000, httponly=True, samesite="Lax", secure=secure, path="/")
    return answer


def _too_many(error: TooManyAttempts) -> Problem:
    seconds = -(-error.wait_ms // 1000)
    return Problem(429, f"Too many wrong passwords. Try again in {seconds} s.", {"Retry-After": str(seconds)})
