"""/api/v1/office and /api/v1/instructions: what a leader answers for, what got worse, the morning brief, instructions and their ledger."""

from typing import Any

import flask

from api.duty import told
from api.incidents import refusals
from api.indicators import sign, value
from api.problems import Problem
from api.reports import given
from api.requests import identifier, json_object, now, query, query_time, text, texts, uuid
from api.session import acting_in_person, address, private, signed_in
from domain.instructions import DEEDS, Instruction
from domain.portfolio import Portfolio
from services.city import City
from services.instructions import Given, Seen
from services.office import Major, Worse
from services.user_desk import NotTaken


def blueprint(city: City) -> flask.Blueprint:
    """Everything about the leader's office."""
    pages = flask.Blueprint("api_office", __name__, url_prefix="/api/v1")
    _office(pages, city)
    _portfolios(pages, city)
    _ledger(pages, city)
    return pages


def _office(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/office")
    def office() -> flask.Response:
        actor, at = signed_in(), query_time("at")
        seen = city.office.seen(actor, now(), at)
        lists = {"majors": [major(one) for one in seen.majors], "worse": [worse(one) for one in seen.worse]}
        on_duty = [one._asdict() for one in seen.on_duty]
        return private({"portfolio": _held(seen.portfolio), "region": seen.overview.region, **lists, "on_duty": on_duty})

    @pages.get("/office/towns")
    def towns() -> flask.Response:
        found = city.office.towns(signed_in(), now(), query_time("at"))
        return private({"items": [row._asdict() for row in found.rows], "tiers": found.tiers})

    @pages.get("/office/brief/<form>")
    def brief(form: str) -> flask.Response:
        try:
            return given(*city.morning.document(signed_in(), form, now(), query_time("at")))
        except LookupError as error:
            raise Problem(404, "The brief is there as pdf and docx.") from error


def _portfolios(pages: flask.Blueprint, city: City) -> None:
    def write(username: str) -> flask.Response:
        actor, document = acting_in_person(), json_object()
        try:
            made = city.portfolios.write(actor, username, texts(document, "domains"), texts(document, "regions"), now(), address())
        except NotTaken as error:
            raise Problem(422, f"Not taken: {error}.", code=error.code) from error
        except LookupError as error:
            raise Problem(404, "You look after no account of that name.") from error
        return private(_held(made))

    @pages.get("/office/portfolio")
    def own() -> flask.Response:
        return private(_held(city.portfolios.of(signed_in(), query_time("at"))))

    @pages.put("/office/portfolio")
    def write_own() -> flask.Response:
        return write(signed_in().username)

    @pages.get("/users/<username>/portfolio")
    def theirs(username: str) -> flask.Response:
        try:
            return private(_held(city.portfolios.held(signed_in(), identifier(username), now())))
        except LookupError as error:
            raise Problem(404, "You look after no account of that name.") from error

    @pages.put("/users/<username>/portfolio")
    def write_theirs(username: str) -> flask.Response:
        return write(identifier(username))


def _ledger(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/instructions")
    def ledger() -> flask.Response:
        actor, moment, at = signed_in(), now(), query_time("at")
        found = city.instructions.ledger(actor, moment, at)
        wanted = query("state")
        return private({"items": [shown(one, at or moment) for one in found if not wanted or one.state == wanted]})

    @pages.post("/instructions")
    def give() -> flask.Response:
        actor, document, moment = signed_in(), json_object(), now()
        said = Given(
            text(document, "about"), text(document, "object", ""), text(document, "department"), text(document, "text"),
            _moment(document), text(document, "region", ""),
        )  # fmt: skip
        with refusals(), told():
            return private(shown(city.instructions.give(actor, said, moment), moment), 201)

    @pages.get("/instructions/<instruction_id>")
    def one(instruction_id: str) -> flask.Response:
        at = query_time("at")
        with told():
            return private(in_full(city.instructions.one(signed_in(), uuid(instruction_id), at), at or now()))

    @pages.post("/instructions/<instruction_id>/deeds")
    def act(instruction_id: str) -> flask.Response:
        actor, document, moment = signed_in(), json_object(), now()
        deed = text(document, "deed")
        if deed not in DEEDS:
            raise Problem(422, f"`deed` is one of {', '.join(DEEDS)}.")
        said = {"text": text(document, "text", ""), "due_at": _moment(document)}
        with told():
            return private(shown(city.instructions.act(actor, uuid(instruction_id), deed, said, moment), moment))


def _moment(document: dict[str, Any]) -> int | None:
    """`due_at` in epoch milliseconds, or null."""
    raw = document.get("due_at")
    if raw is not None and (isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < 253_402_300_800_000):
        raise Problem(422, "`due_at` is epoch milliseconds, or null.")
    return raw


def _held(one: Portfolio) -> dict[str, Any]:
    return {"domains": list(one.domains), "regions": list(one.regions)}


def major(one: Major) -> dict[str, Any]:
    """A major incident as JSON takes it."""
    names = ("incident_id", "number", "title", "spine", "state", "grade", "response_level", "urgency", "region", "lead")
    there = {"on_scene": list(one.there), "coming": list(one.coming), "guards": [guard._asdict() for guard in one.guards]}
    return {
        **{name: getattr(one.incident, name) for name in names},
        **there,
        "clock": one.clock,
        "due_at": one.due_at,
        "overdue": one.overdue,
    }


def worse(one: Worse) -> dict[str, Any]:
    """What got worse, with both values and both scores."""
    scores = {"points": one.fall.points, "score_before": one.fall.before, "score_now": one.fall.now}
    return {"since": one.since, **scores, "now": sign(one.sign), "then": value(one.then)}


def shown(one: Instruction, at: int) -> dict[str, Any]:
    """An instruction as it is at `at`."""
    return {**one._asdict(), "overdue": one.overdue(at)}


def in_full(seen: Seen, at: int) -> dict[str, Any]:
    """With its ledger, and what is open to whoever asks."""
    return {**shown(seen.instruction, at), "events": [one._asdict() for one in seen.events], "deeds": list(seen.deeds)}
