"""/api/v1/units, /resources and what dispatch asks of an incident: whom to send, sending, what lies around, a cordon."""

from collections.abc import Callable
from typing import Any

import flask

from api.incidents import refusals, shown
from api.plans import plan_shown
from api.problems import Problem
from api.requests import identifier, json_object, now, query_time, text, uuid
from api.session import private, signed_in
from domain.recommendation import Answer
from domain.registry import Device
from services.applying import Applies
from services.around import Around, Near
from services.city import City
from services.recommending import Plans
from services.unit_ports import UnitNow
from services.warnings import shown_as as warning_shown

MOST_UNITS = 50


def blueprint(city: City) -> flask.Blueprint:
    """Everything about units."""
    pages = flask.Blueprint("api_units", __name__, url_prefix="/api/v1")
    _unit_views(pages, city)
    _incident_views(pages, city)
    _several_views(pages, city)
    return pages


def _unit_views(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/units")
    def units() -> flask.Response:
        return private({"items": [unit_shown(one) for one in city.dispatch.units(signed_in(), now())]})

    @pages.get("/units/<unit_id>/track")
    def track(unit_id: str) -> flask.Response:
        with refusals():
            points = city.dispatch.track(signed_in(), identifier(unit_id, 64), query_time("until") or now(), query_time("since"))
        return private({"items": [point._asdict() for point in points]})

    @pages.post("/units/<unit_id>/steps")
    def step(unit_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        said = {name: document[name] for name in ("lon", "lat", "reason") if document.get(name) is not None}
        at, request_id = document.get("at"), document.get("request_id")
        if at is not None and (isinstance(at, bool) or not isinstance(at, int) or not 0 <= at <= now()):
            raise Problem(422, "`at` is epoch milliseconds, not in the future.")
        if not _place(said) or not (request_id is None or (isinstance(request_id, str) and 0 < len(request_id) <= 64)):
            raise Problem(422, "`lon` and `lat` are WGS 84 degrees, `reason` a text, `request_id` 1 to 64 characters.")
        with refusals():
            done = city.dispatch.step(actor, identifier(unit_id, 64), text(document, "state"), said, now(), at, request_id)
        return private(unit_shown(done))

    @pages.get("/resources")
    def resources() -> flask.Response:
        return private({"items": [{**one._asdict(), "stock": dict(one.stock)} for one in city.dispatch.resources(signed_in())]})


def _incident_views(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/incidents/<incident_id>/recommendation")
    def recommendation(incident_id: str) -> flask.Response:
        with refusals():
            advice = city.dispatch.recommend(signed_in(), uuid(incident_id), now())
        return private({"answers": [answer_shown(one) for one in advice.answers], "units": [unit_shown(one) for one in advice.units]})

    @pages.post("/incidents/<incident_id>/units")
    def send(incident_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        unit_ids = _texts(document, "unit_ids")
        said = {"override_reason": text(document, "override_reason")} if document.get("override_reason") else {}
        with refusals():
            return private(shown(city.dispatch.send(actor, uuid(incident_id), unit_ids, said, now())))

    @pages.get("/incidents/<incident_id>/around")
    def around(incident_id: str) -> flask.Response:
        actor, moment = signed_in(), now()
        with refusals():
            near = city.surroundings.around(actor, uuid(incident_id), moment)
            found = around_shown(near, lambda device: city.device_feeds.of(actor, device, moment))
            holds = applies_shown(city.applying.to(actor, uuid(incident_id), moment))
        return private({**found, **holds, "cameras_open": city.viewings.limits.shown_beside})


def _several_views(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/assignments")
    def assignments() -> flask.Response:
        actor, document = signed_in(), json_object()
        ids = [uuid(one) for one in _texts(document, "incident_ids")]
        with refusals():
            return private(plans_shown(city.dispatch.several(actor, ids, now())))

    @pages.post("/cordon")
    def cordon() -> flask.Response:
        actor, corners = signed_in(), json_object().get("corners")
        if not isinstance(corners, list):
            raise Problem(422, "`corners` is a list of [lon, lat].")
        with refusals():
            found = city.surroundings.inside(actor, corners, now())
        return private(
            {
                "devices": [one._asdict() for one in found.devices],
                "places": [one._asdict() for one in found.places],
                "units": [unit_shown(one) for one in found.units],
                "resources": [{**one._asdict(), "stock": dict(one.stock)} for one in found.resources],
                "incidents": list(found.incidents),
            }
        )


def unit_shown(one: UnitNow) -> dict[str, Any]:
    """A unit as JSON takes it."""
    unit, status = one.unit._asdict(), one.status
    own = {"capabilities": sorted(one.unit.capabilities), "devices": list(one.unit.devices), "members": list(one.members)}
    where = {"lon": one.lon, "lat": one.lat, "seen_at": one.seen_at, "phone": one.phone, "on_shift": one.on_shift, "load": one.load}
    return {**unit, **own, **where, "state": status.state, "since": status.since, "run": status.run, "times": dict(status.times)}


def answer_shown(one: Answer) -> dict[str, Any]:
    """What is proposed for one need, with every reason."""
    ranked = [{**proposal._asdict(), "reasons": [reason._asdict() for reason in proposal.reasons]} for proposal in one.ranked[:20]]
    need = {**one.need._asdict(), "prefer": sorted(one.need.prefer)}
    return {"need": need, "ranked": ranked, "send": list(one.send), "missing": one.missing, "refused": dict(one.refused)}


def plans_shown(plans: Plans) -> dict[str, Any]:
    """Three ways to serve the same incidents."""
    return {name: {**plan._asdict(), "sent": dict(plan.sent)} for name, plan in plans._asdict().items()}


def around_shown(one: Around, feed_of: Callable[[Device], str]) -> dict[str, Any]:
    """What lies around, as JSON takes it; `feed_of`: the feed that brings a device's values."""
    return {
        "cameras": [near._asdict() for near in one.cameras],
        "sensors": [{**_near(near), "feed": feed_of(near.device)} for near in one.sensors],
        "units": [{**unit_shown(unit), "metres": metres} for unit, metres in one.units],
        "resources": [{**found._asdict(), "stock": dict(found.stock), "metres": metres} for found, metres in one.resources],
        "places": [{**place._asdict(), "metres": metres} for place, metres in one.places],
        "reach": dict(one.reach),
        "how": one.how,
    }


def applies_shown(one: Applies) -> dict[str, Any]:
    """The plan and the warnings that hold for an incident, as JSON takes them."""
    return {"plan": one.plan and plan_shown(one.plan), "warnings": [warning_shown(held) for held in one.warnings]}


def _near(near: Near) -> dict[str, Any]:
    return {**near.device._asdict(), "metres": near.metres, "metric": near.metric, "trend": [list(point) for point in near.trend]}


def _texts(document: dict[str, Any], name: str) -> list[str]:
    found = document.get(name)
    if (
        not isinstance(found, list)
        or not 0 < len(found) <= MOST_UNITS
        or not all(isinstance(one, str) and 0 < len(one) < 65 for one in found)
    ):
        raise Problem(422, f"`{name}` is a list of 1 to {MOST_UNITS} ids.")
    return found


def _place(said: dict[str, Any]) -> bool:
    for name, most in (("lon", 180), ("lat", 90)):
        degrees = said.get(name, 0)
        if isinstance(degrees, bool) or not isinstance(degrees, int | float) or not abs(degrees) <= most:
            return False
    reason = said.get("reason", "")
    return ("lon" in said) == ("lat" in said) and isinstance(reason, str) and len(reason) <= 4000 and "\x00" not in reason
