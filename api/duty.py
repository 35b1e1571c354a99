"""/api/v1/duty: rosters, changes, the duty room's logs and hand-overs, numbers, roll calls. Views parse, call a service, answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import flask

from api.incidents import refusals
from api.incidents import shown as incident_shown
from api.problems import Problem
from api.requests import body, identifier, json_object, now, query, query_time, text, texts, uuid, whole, yes_or_no
from api.session import no_content, private, signed_in
from domain.access import Forbidden
from domain.duty import Shift
from services.city import City
from services.duty import Wrong
from services.duty_book import RollSeen, answer_times
from services.duty_ports import Contact, NotTaken

WEEK_MS = 7 * 86_400_000
LATEST = 253_402_300_799_999


def blueprint(city: City) -> flask.Blueprint:
    """Everything about duty."""
    pages = flask.Blueprint("api_duty", __name__, url_prefix="/api/v1/duty")
    _rosters(pages, city)
    _changes(pages, city)
    _room(pages, city)
    _hand_overs(pages, city)
    _book(pages, city)
    return pages


@contextmanager
def told() -> Iterator[None]:
    """Refusals of duty as problems: 404 unknown or out of scope, 422 not to be written down so."""
    try:
        yield
    except Forbidden:
        raise
    except NotTaken as error:
        raise Problem(422, f"Not written down: {error.code}.", code=error.code, more={"params": error.params}) from error
    except LookupError as error:
        raise Problem(404, "You see nothing of that id.") from error


def _rosters(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/shifts")
    def shifts() -> flask.Response:
        found = city.roster.shifts(signed_in(), *_span(), query_time("at"))
        return private({"items": [one._asdict() for one in found]})

    @pages.post("/shifts")
    def write_shift() -> flask.Response:
        actor, document = signed_in(), json_object()
        with told():
            return private(city.roster.write(actor, _shift("", document), now())._asdict(), 201)

    @pages.put("/shifts/<shift_id>")
    def change(shift_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        with told():
            return private(city.roster.write(actor, _shift(uuid(shift_id), document), now())._asdict())

    @pages.delete("/shifts/<shift_id>")
    def remove_shift(shift_id: str) -> flask.Response:
        with told():
            city.roster.remove(signed_in(), uuid(shift_id), now())
        return no_content()

    @pages.post("/shifts.csv")
    def read_roster() -> flask.Response:
        actor, content = signed_in(), _csv()
        with told():
            return _read(*city.roster.read_file(actor, content, now()))

    @pages.get("/roster.ics")
    def calendar() -> flask.Response:
        made = city.roster.calendar(signed_in(), *_span(), query("username") or "", query("post") or "")
        return flask.Response(made, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-store"})

    @pages.get("/gaps")
    def gaps() -> flask.Response:
        return private({"items": [one._asdict() for one in city.roster.gaps(signed_in(), *_span(), query_time("at"))]})


def _changes(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/changes")
    def changes() -> flask.Response:
        return private({"items": [one._asdict() for one in city.duty_changes.open(signed_in())]})

    @pages.post("/changes")
    def ask() -> flask.Response:
        actor, document = signed_in(), json_object()
        shift_id, asked_of, reason = uuid(text(document, "shift_id")), text(document, "asked_of"), text(document, "reason", "")
        other = uuid(text(document, "other_shift_id")) if document.get("other_shift_id") else None
        with told():
            return private(city.duty_changes.ask(actor, shift_id, asked_of, other, reason, now())._asdict(), 201)

    @pages.post("/changes/<change_id>/answer")
    def answer(change_id: str) -> flask.Response:
        """Agree or refuse as the colleague; approve or refuse as a shift leader once they agreed."""
        actor, document, wanted = signed_in(), json_object(), uuid(change_id)
        yes, reason = yes_or_no(document, "yes"), text(document, "reason", "")
        with told():
            return private(city.duty_changes.answer(actor, wanted, yes, reason, now())._asdict())


def _room(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/log")
    def log() -> flask.Response:
        with told():
            return private({"items": [one._asdict() for one in city.duty_room.log(signed_in(), _unit(), now(), query_time("at"))]})

    @pages.post("/log")
    def write_log() -> flask.Response:
        actor, document = signed_in(), json_object()
        with told():
            made = city.duty_room.write(
                actor, text(document, "department", ""), text(document, "text"), now(), _at(document), text(document, "link", "")
            )
        return private(made._asdict(), 201)

    @pages.get("/calls")
    def calls() -> flask.Response:
        with told():
            return private({"items": [one._asdict() for one in city.duty_room.calls(signed_in(), _unit(), now(), query_time("at"))]})

    @pages.post("/calls")
    def take() -> flask.Response:
        actor, document = signed_in(), json_object()
        said = {name: text(document, name, "") for name in ("caller", "phone", "text", "told", "address")}
        with told():
            made = city.duty_room.take_call(actor, text(document, "department", ""), said, now(), _at(document))
        return private(made._asdict(), 201)

    @pages.post("/calls/<call_id>/incident")
    def to_incident(call_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        said = document.get("data", {})
        if not isinstance(said, dict):
            raise Problem(422, "`data` is an object.")
        with refusals():
            return private(incident_shown(city.duty_room.to_incident(actor, uuid(call_id), said, now())), 201)


def _hand_overs(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/handovers")
    def hand_overs() -> flask.Response:
        with told():
            found = city.duty_room.hand_overs(signed_in(), _unit(), now(), query_time("at"))
        return private({"items": [_plain(one) for one in found]})

    @pages.post("/handovers")
    def hand_over() -> flask.Response:
        actor, document = signed_in(), json_object()
        with told():
            made = city.duty_room.hand_over(actor, text(document, "department", ""), text(document, "note", ""), now())
        return private(_plain(made), 201)

    @pages.post("/handovers/<handover_id>/sign")
    def sign(handover_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        with told():
            return private(_plain(city.duty_room.sign(actor, uuid(handover_id), text(document, "note", ""), now())))


def _book(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/book")
    def book() -> flask.Response:
        found = city.duty_book.pages(signed_in(), now(), query_time("at"))
        return private({"items": [{**page._asdict(), **_people(page.on_duty, page.contacts)} for page in found]})

    @pages.post("/contacts")
    def contact() -> flask.Response:
        actor, document = signed_in(), json_object()
        fields = [text(document, name, "") for name in ("department", "name", "post", "phone")]
        held = uuid(text(document, "contact_id")) if document.get("contact_id") else ""
        with told():
            return private(city.duty_book.write(actor, Contact(held, *fields), now())._asdict(), 201)

    @pages.delete("/contacts/<contact_id>")
    def remove_contact(contact_id: str) -> flask.Response:
        with told():
            city.duty_book.remove(signed_in(), uuid(contact_id), now())
        return no_content()

    @pages.post("/contacts.csv")
    def read_contacts() -> flask.Response:
        actor, content = signed_in(), _csv()
        with told():
            return _read(*city.duty_book.read_file(actor, content, now()))

    @pages.get("/rolls")
    def rolls() -> flask.Response:
        return private({"items": [_roll(one) for one in city.duty_book.rolls(signed_in(), now(), query_time("at"))]})

    @pages.post("/rolls")
    def call_roll() -> flask.Response:
        actor, document = signed_in(), json_object()
        with told():
            return private(_roll(city.duty_book.call_roll(actor, text(document, "kind"), texts(document, "departments"), now())), 201)


def _people(on_duty: Sequence[Shift], contacts: Sequence[Contact]) -> dict[str, Any]:
    return {"on_duty": [one._asdict() for one in on_duty], "contacts": [one._asdict() for one in contacts]}


def _roll(one: RollSeen) -> dict[str, Any]:
    return {**_plain(one.roll), "called": [called._asdict() for called in one.called], "answer_ms": dict(answer_times(one))}


def _plain(one: Any) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in one._asdict().items()}


def _read(written: int, wrong: list[Wrong]) -> flask.Response:
    return private({"written": written, "wrong": [one._asdict() for one in wrong]}, 422 if wrong else 201)


def _shift(shift_id: str, document: dict[str, Any]) -> Shift:
    post, department, username, name, phone = (text(document, key, "") for key in ("post", "department", "username", "name", "phone"))
    starts, ends = (whole(document, name, 0) for name in ("starts", "ends"))
    if not 0 <= starts <= LATEST or not 0 <= ends <= LATEST:
        raise Problem(422, "`starts` and `ends` are epoch milliseconds.")
    return Shift(shift_id, post, department, username, name, phone, starts, ends)


def _csv() -> str:
    if flask.request.mimetype != "text/csv":
        raise Problem(415, "Send text/csv.")
    try:
        content = body().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, "The file is not UTF-8.") from error
    if "\0" in content:
        raise Problem(400, "The file holds what no text has.")
    return content


def _unit() -> str:
    unit = query("department") or ""
    return identifier(unit) if unit else ""


def _span() -> tuple[int, int]:
    """`since` and `until`, epoch milliseconds; a week from now when they are left out."""
    given = [query(name) for name in ("since", "until")]
    if any(one is not None and not (one.isascii() and one.isdigit() and int(one[:16]) <= LATEST) for one in given):
        raise Problem(400, "`since` and `until` are epoch milliseconds.")
    since = int(given[0]) if given[0] else now()
    until = int(given[1]) if given[1] else min(since + WEEK_MS, LATEST)
    if since >= until:
        raise Problem(400, "`since` lies before `until`.")
    return since, until


def _at(document: dict[str, Any]) -> int | None:
    return None if document.get("at") is None else min(max(whole(document, "at", 0), 0), now())
