"""Signing in and out over HTTP, and who is asking: a session cookie, or `Authorization: Bearer` with an API token."""

import flask

from api.problems import Problem
from api.requests import body, identifier, json_object, now, text
from domain.access import Actor
from domain.sign_in import DAY, Policy
from services.account_ports import Session
from services.accounts import SignInFailed, TooManyAttempts
from services.city import City
from services.user_desk import NotTaken

COOKIE = "citydeck_session"
SCREEN_COOKIE = "citydeck_screen"
EXTENSION = "citydeck"
LONGEST_ADDRESS = 64
BODIES = ("application/json", "application/octet-stream", "text/csv", "application/sdp")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
HANDED_IN = "/api/v1/feeds/"


def blueprint(city: City) -> flask.Blueprint:
    """/api/v1/session (sign in, who am I, sign out), its password, and /api/v1/sessions: the own browsers."""
    pages = flask.Blueprint("api_session", __name__)
    pages.record_once(lambda state: state.app.extensions.__setitem__(EXTENSION, city))
    _this_session(pages, city)
    _own_password(pages, city)
    _own_sessions(pages, city)
    return pages


def _this_session(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/api/v1/session")
    def sign_in() -> flask.Response:
        refuse_foreign(needs_origin=False)
        document = json_object()
        try:
            token = city.accounts.sign_in(text(document, "username"), text(document, "password"), now(), address(), agent())
        except SignInFailed as error:
            raise Problem(401, "Username or password is wrong.") from error
        except TooManyAttempts as error:
            raise _too_many(error) from error
        return _with_cookie(token, city.accounts.policy)

    @pages.delete("/api/v1/session")
    def sign_out() -> flask.Response:
        refuse_foreign()
        city.accounts.revoke(token_of_request(), now(), address())
        return _without_cookie()

    @pages.get("/api/v1/session")
    def who_am_i() -> flask.Response:
        return private(describe(signed_in()))


def _own_password(pages: flask.Blueprint, city: City) -> None:
    @pages.put("/api/v1/session/password")
    def change_password() -> flask.Response:
        actor = acting_in_person()
        document = json_object()
        old, new = text(document, "old"), text(document, "new")
        try:
            city.own_account.change_password(actor, old, new, now(), address())
        except SignInFailed as error:
            raise Problem(403, "The old password is wrong.", code="old") from error
        except TooManyAttempts as error:
            raise _too_many(error) from error
        except NotTaken as error:
            raise Problem(422, f"The new password was not taken: {error}.", code=error.code) from error
        return _with_cookie(city.accounts.sign_in(actor.username, new, now(), address(), agent()), city.accounts.policy)


def _own_sessions(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/api/v1/sessions")
    def own_sessions() -> flask.Response:
        held = city.own_account.sessions(acting_in_person(), now())
        token = token_of_request()
        return private({"items": [{**shown(session), "current": city.own_account.is_this(session, token)} for session in held]})

    @pages.delete("/api/v1/sessions")
    def sign_out_everywhere() -> flask.Response:
        city.own_account.sign_out_everywhere(acting_in_person(), now(), address())
        return _without_cookie()

    @pages.delete("/api/v1/sessions/<session_id>")
    def end_session(session_id: str) -> flask.Response:
        actor = acting_in_person()
        try:
            city.own_account.end_session(actor, identifier(session_id), now(), address())
        except LookupError as error:
            raise Problem(404, "You have no session of that id.") from error
        return no_content()


def current_actor() -> Actor | None:
    """Who sent the request that is being answered; None for nobody. Usable in every view and callback of the application."""
    token = token_of_request()
    city: City = flask.current_app.extensions[EXTENSION]
    return city.accounts.actor_of(token, now()) if token else None


def token_of_request() -> str:
    """The bearer token, or else a cookie; empty when there is neither. A wrong bearer token is not mended by a cookie.

    Whoever signs in on a paired screen is themselves until the session ends; then it is the screen again.
    """
    bearer = _bearer()
    return token_of_cookies() if bearer is None else bearer


def token_of_cookies() -> str:
    """The person's cookie, or else the screen's: what counts where no bearer token is looked at, as in a page's callbacks."""
    person, screen = (flask.request.cookies.get(name, "") for name in (COOKIE, SCREEN_COOKIE))
    city: City = flask.current_app.extensions[EXTENSION]
    return person if not screen or (person and city.accounts.actor_of(person, now())) else screen


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
    """Cross-site request forgery: a deed that rests on the cookie comes from our own pages, and any body it has is JSON or plain
    bytes (of a type that no form of another site can send).

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
    if request.mimetype not in BODIES and body():
        raise Problem(415, "Send application/json.")


def address() -> str:
    """Where the request came from, as far as this process can see (CITYDECK_TRUSTED_PROXIES says whose word counts)."""
    return (flask.request.remote_addr or "")[:LONGEST_ADDRESS]


def describe(actor: Actor) -> dict[str, object]:
    """The actor as the API shows it to themselves."""
    scope = {"roles": sorted(actor.roles), "regions": sorted(actor.regions), "departments": sorted(actor.departments)}
    return {"username": actor.username, "name": actor.name, **scope, "must_change_password": actor.must_change}


def shown(session: Session) -> dict[str, object]:
    """A session or a token as the API shows it, without its secret."""
    fields = ("label", "scope", "address", "agent", "created_at", "last_seen_at", "expires_at")
    return {"token_id": session.token_id, "kind": session.kind, **{name: getattr(session, name) for name in fields}}


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
    """The bearer token of this request; None when it carries none (a browser's cached Basic password is none). A platform that hands in
    messages and can send no header puts it into the address (RFC 6750, 2.3)."""
    scheme, _, credentials = flask.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    return flask.request.args.get("access_token") if flask.request.path.startswith(HANDED_IN) else None


def agent() -> str:
    """What browser this is, for its owner's list of sessions."""
    return "".join(letter for letter in flask.request.headers.get("User-Agent", "") if letter.isprintable() and letter < "\ud800")


def _with_cookie(token: str, policy: Policy) -> flask.Response:
    answer = no_content()
    secure, longest = flask.request.is_secure, policy.session_days * DAY // 1000
    answer.set_cookie(COOKIE, token, max_age=longest, httponly=True, samesite="Lax", secure=secure, path="/")
    return answer


def _without_cookie() -> flask.Response:
    answer = no_content()
    answer.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=flask.request.is_secure)
    return answer


def _too_many(error: TooManyAttempts) -> Problem:
    seconds = -(-error.wait_ms // 1000)
    return Problem(429, f"Too many wrong passwords. Try again in {seconds} s.", {"Retry-After": str(seconds)})
