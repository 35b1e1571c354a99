"""API tokens of the own account: made here, shown once, listed without their secret, revoked."""

import flask

from api.problems import Problem
from api.requests import identifier, json_object, now, text, whole
from api.session import acting_in_person, address, no_content, private
from services.account_ports import Session
from services.city import City
from services.user_desk import NotTaken


def blueprint(city: City) -> flask.Blueprint:
    """GET and POST /api/v1/tokens, DELETE /api/v1/tokens/{token_id}; for signed-in people, not for tokens."""
    pages = flask.Blueprint("api_tokens", __name__)

    @pages.get("/api/v1/tokens")
    def list_tokens() -> flask.Response:
        return private({"items": [_shown(session) for session in city.own_account.tokens(acting_in_person(), now())]})

    @pages.post("/api/v1/tokens")
    def make_token() -> flask.Response:
        actor = acting_in_person()
        document = json_object()
        label, days, scope = text(document, "label"), whole(document, "days", 90), text(document, "scope", "all")
        try:
            token, session = city.own_account.make_token(actor, label, days, now(), address(), scope)
        except NotTaken as error:
            raise Problem(422, f"The token was not made: {error}.", code=error.code) from error
        return private({**_shown(session), "token": token}, 201)

    @pages.delete("/api/v1/tokens/<token_id>")
    def revoke_token(token_id: str) -> flask.Response:
        actor = acting_in_person()
        try:
            city.own_account.revoke_token(actor, identifier(token_id), now(), address())
        except LookupError as error:
            raise Problem(404, "You have no token of that id.") from error
        return no_content()

    return pages


def _shown(session: Session) -> dict[str, object]:
    return {
        "token_id": session.token_id,
        "label": session.label,
        "scope": session.scope,
        "created_at": session.created_at,
        "last_seen_at": session.last_seen_at,
        "expires_at": session.expires_at,
    }
