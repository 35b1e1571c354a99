"""/api/v1/incidents: report, act, look, list, attach. Each view parses, calls a service, answers; refusals say which moves are open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask

from api.problems import Problem
from api.requests import LONGEST_TEXT, body, json_object, now, query, query_limit, query_time, text, uuid
from api.session import private, signed_in
from domain.access import Forbidden
from domain.incident_life import Event, Incident
from domain.incidents import Refused
from services.attachments import File
from services.city import City
from services.incident_desk import Seen
from services.incident_ports import Changed, Query
from services.unit_ports import UnitTaken

FLAGS = ("overdue", "near_due", "supervised", "proposed", "contradicted")
WORDS = ("spine", "department", "urgency", "grade", "source", "sort")


def blueprint(city: City) -> flask.Blueprint:
    """Everything about incidents."""
    pages = flask.Blueprint("api_incidents", __name__, url_prefix="/api/v1/incidents")
    _lists(pages, city)
    _deeds(pages, city)
    _files(pages, city)
    return pages


def _lists(pages: flask.Blueprint, city: City) -> None:
    @pages.get("")
    def incidents() -> flask.Response:
        rows, total = city.incident_board.search(signed_in(), _query(), now())
        return private({"items": [row._asdict() for row in rows], "total": total})

    @pages.get("/past")
    def past() -> flask.Response:
        at = query_time("at")
        if at is None:
            raise Problem(400, "`at` is the moment to look back to.")
        return private({"items": [shown(one) for one in city.incident_board.past(signed_in(), at)]})

    @pages.get("/unseen")
    def blind_spots() -> flask.Response:
        return private({"items": [one._asdict() for one in city.incident_board.blind_spots(signed_in(), query_time("since"), now())]})

    @pages.get("/alike")
    def alike() -> flask.Response:
        lon, lat = _degrees("lon", 180), _degrees("lat", 90)
        found = city.incident_board.alike(signed_in(), lon, lat, query("class_code") or "", now())
        return private({"items": [{**one.row._asdict(), "likeness": one.likeness._asdict()} for one in found]})

    @pages.get("/<incident_id>")
    def incident(incident_id: str) -> flask.Response:
        with refusals():
            return private(seen(city.incident_desk.one(signed_in(), uuid(incident_id), now(), query_time("at")), city.people.called))


def _deeds(pages: flask.Blueprint, city: City) -> None:
    @pages.post("")
    def report() -> flask.Response:
        actor, document = signed_in(), json_object()
        at, request_id = _at(document), _request_id(document)
        with refusals():
            return private(shown(city.incident_desk.report(actor, _said(document), now(), at, request_id)), 201)

    @pages.post("/<incident_id>/deeds")
    def act(incident_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        deed, version, at, request_id = text(document, "deed"), _version(document), _at(document), _request_id(document)
        with refusals():
            done = city.incident_desk.act(actor, uuid(incident_id), deed, _said(document), version, now(), at, request_id)
        return private(shown(done))


def _files(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/<incident_id>/attachments")
    def attach(incident_id: str) -> flask.Response:
        actor = signed_in()
        if flask.request.mimetype != "application/octet-stream":
            raise Problem(415, "Send the file's bytes as application/octet-stream.")
        place = {name: None if query(name) is None else _degrees(name, most) for name, most in (("lon", 180), ("lat", 90))}
        file = File(body(city.attachments.largest), query("name") or "file", query("phase") or "other", query_time("taken_at"), **place)
        with refusals():
            made = city.attachments.add(actor, uuid(incident_id), file, now(), _short(query("request_id")))
        return private(made._asdict(), 201)

    @pages.get("/<incident_id>/attachments/<attachment_id>")
    def read(incident_id: str, attachment_id: str) -> flask.Response:
        with refusals():
            found, content = city.attachments.read(signed_in(), uuid(incident_id), uuid(attachment_id))
        answer = flask.Response(content, content_type=found.media_type)
        answer.headers.update(
            {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        )
        shows = found.media_type.startswith(("image/", "video/", "audio/"))
        answer.headers.set("Content-Disposition", "inline" if shows else "attachment", filename=found.name)
        return answer


@contextmanager
def refusals() -> Iterator[None]:
    """The refusals of the incident's life as problems: 404 unknown or out of scope, 409 changed meanwhile, 422 not open."""
    try:
        yield
    except Forbidden:
        raise
    except UnitTaken as taken:
        detail = "Somebody else was faster with this unit; look again. Nothing was sent."
        raise Problem(409, detail, code="unit_taken", more={"unit_id": taken.unit_id}) from taken
    except Changed as changed:
        events = [event_shown(event) for event in changed.events]
        more: dict[str, Any] = {"version": changed.incident.version, "state": changed.incident.state, "events": events}
        raise Problem(409, "Somebody acted meanwhile; look again. Nothing was overwritten.", code="changed", more=more) from changed
    except Refused as refused:
        told: dict[str, Any] = {"params": refused.params, "open": list(refused.open)}
        raise Problem(422, f"Not done: {refused.code}.", code=refused.code, more=told) from refused
    except LookupError as error:
        raise Problem(404, "You see no incident of that id.") from error


def seen(one: Seen, called: Callable[[str], str]) -> dict[str, Any]:
    """An incident with its events, open moves, clocks, attachments and what its people are called, as JSON takes it."""
    return {
        "people": {who: called(who) for who in sorted(_people(one)) if who and ":" not in who},
        "incident": shown(one.incident),
        "events": [event_shown(event) for event in one.events],
        "moves": [move._asdict() for move in one.moves],
        "standings": {name: standing._asdict() for name, standing in one.standings.items()},
        "attachments": [attachment._asdict() for attachment in one.attachments],
    }


def _people(one: Seen) -> set[str]:
    """The usernames that stand in it."""
    incident = one.incident
    said = [*incident.instructions.values(), *incident.proposals.values(), *incident.disputes, *incident.returns]
    named = {str(each.get(part) or "") for each in said for part in ("by", "answered_by")}
    return {incident.owner, incident.reported_by, *incident.handled_by, *named, *(event.actor for event in one.events)}


def shown(incident: Incident) -> dict[str, Any]:
    """An incident as JSON takes it."""
    plain = dict(vars(incident))
    clocks = {name: clock._asdict() for name, clock in incident.clocks.items()}
    return {**plain, "clocks": clocks, "handled_by": sorted(incident.handled_by), "open": incident.open}


def event_shown(event: Event) -> dict[str, Any]:
    """An event as JSON takes it."""
    return {**event._asdict(), "data": dict(event.data)}


def _said(document: dict[str, Any]) -> dict[str, Any]:
    said = document.get("data", {})
    if not isinstance(said, dict):
        raise Problem(422, "`data` is an object.")
    return said


def _version(document: dict[str, Any]) -> int | None:
    version = document.get("version")
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise Problem(422, "`version` is the whole number that you saw, or null for what overwrites nothing.")
    return version


def _at(document: dict[str, Any]) -> int | None:
    at = document.get("at")
    if at is not None and (isinstance(at, bool) or not isinstance(at, int) or not 0 <= at <= 253_402_300_799_999):
        raise Problem(422, "`at` is epoch milliseconds.")
    return at


def _request_id(document: dict[str, Any]) -> str | None:
    return _short(None if document.get("request_id") is None else text(document, "request_id"))


def _short(value: str | None) -> str | None:
    if value is not None and not 0 < len(value) <= 64:
        raise Problem(422, "`request_id` has 1 to 64 characters.")
    return value


def _degrees(name: str, most: float) -> float:
    try:
        value = float(query(name) or "")
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        raise Problem(400, f"`{name}` is WGS 84 degrees.")
    return value


def _query() -> Query:
    asked: dict[str, Any] = {name: query(name) for name in WORDS if query(name)}
    asked |= {name: True for name in FLAGS if query(name) == "true"}
    asked |= {name: tuple((query(key) or "").split(",")) for name, key in LISTS.items() if query(key)}
    asked |= {name: query_time(name) for name in ("since", "until")}
    if query("open") in ("true", "false"):
        asked["open"] = query("open") == "true"
    offset = query("offset") or "0"
    if not (offset.isascii() and offset.isdigit() and len(offset) <= 7):
        raise Problem(400, "`offset` is a whole number.")
    return Query(**asked, text=(query("text") or "")[:LONGEST_TEXT], offset=int(offset), limit=query_limit())


LISTS = {"states": "state", "classes": "class_code", "regions": "region"}
