"""/api/v1/appeals and what hangs on a hotline order. Each view parses, calls a service, answers."""

from typing import Any

import flask

from api.problems import Problem
from api.requests import json_object, now, query_time, text, uuid
from api.session import private, signed_in
from domain.suggesting import shown
from services.appeal_desk import Advice, AppealSeen
from services.appeal_learning import told
from services.city import City

LONGEST = 4000


def blueprint(city: City) -> flask.Blueprint:
    """Everything about appeals."""
    pages = flask.Blueprint("api_appeals", __name__, url_prefix="/api/v1")

    @pages.get("/appeals/hot")
    def hot() -> flask.Response:
        found = city.appeals.hot(signed_in(), query_time("at") or now())
        return private({"items": [one._asdict() for one in found]})

    @pages.post("/appeals/advice")
    def advice() -> flask.Response:
        actor, document = signed_in(), json_object()
        said = {name: text(document, name, "") for name in ("class_code", "region", "source")}
        return private(advised(city.appeals.advise(actor, text(document, "text")[:LONGEST], **said, at=now())))

    @pages.get("/incidents/<incident_id>/appeal")
    def appeal(incident_id: str) -> flask.Response:
        try:
            found = city.appeals.of(signed_in(), uuid(incident_id))
        except LookupError as error:
            raise Problem(404, "There is no such incident in your scope.") from error
        if found is None:
            raise Problem(404, "The incident is no hotline order.")
        return private(_seen(found))

    @pages.post("/incidents/<incident_id>/appellant")
    def appellant(incident_id: str) -> flask.Response:
        try:
            return private({"person": dict(city.appeals.person(signed_in(), uuid(incident_id), now()))})
        except LookupError as error:
            raise Problem(404, "There is no such incident in your scope.") from error

    return pages


def advised(advice: Advice) -> dict[str, Any]:
    """Suggestions, how much history there is, and how the models were judged."""
    return {
        "suggestions": {target: shown(one) for target, one in advice.suggestions.items()},
        "rule": advice.rule.lead if advice.rule else None,
        "closed": advice.closed,
        "least": advice.least,
        "outcomes": advice.outcomes,
        "models": [{**one._asdict(), "judged": one.judged._asdict()} for one in advice.models],
    }


def _seen(found: AppealSeen) -> dict[str, Any]:
    sent = [{"word": one.params["word"], "state": one.state, "attempts": one.attempts, "sent_at": one.sent_at} for one in found.told]
    return {
        "order": found.order._asdict() if found.order else None,
        "person": dict(found.person),
        "contradicts": found.contradicts,
        "told": sent,
        "made": told(found.made),
        "advice": advised(found.advice),
    }
