"""/api/v1/warnings: public warnings of the city, and the city's own, as JSON and as CAP."""

import flask

from api.cap import atom_document, cap_document
from api.problems import Problem
from api.requests import json_object, now, query_time, text, uuid
from api.session import private, signed_in
from domain.warnings import Level, shape_of
from services.city import City
from services.own_warnings import Draft, NotIssued
from services.warnings import Active, shown_as

WHY = {
    "no_hazard": "`hazard` names what is warned of.",
    "no_headline": "`headline` says it in one line.",
    "too_long": "`hazard` has at most 60 characters, the other texts at most 5,000.",
    "no_region": "`regions` names at least one region.",
    "unknown_region": "`regions` are codes of this city's regions.",
    "no_end": "`expires_at` lies after now, at most 31 days.",
    "not_ours": "There is no such warning of this city's own.",
}
CAP_TYPE, ATOM_TYPE = "application/cap+xml", "application/atom+xml"


def blueprint(city: City) -> flask.Blueprint:
    """Reads for all who see the picture; issuing and lifting for those who may."""
    pages = flask.Blueprint("api_warnings", __name__, url_prefix="/api/v1")
    _reads(pages, city)
    _documents(pages, city)

    @pages.post("/warnings")
    def issue() -> flask.Response:
        document = json_object()
        try:
            return private({"warning_id": city.own_warnings.issue(signed_in(), _draft(document), now()).warning_id}, 201)
        except NotIssued as error:
            raise Problem(422, WHY[str(error)]) from error

    @pages.post("/warnings/<warning_id>/lift")
    def lift(warning_id: str) -> flask.Response:
        try:
            return private({"warning_id": city.own_warnings.lift(signed_in(), uuid(warning_id), now()).warning_id})
        except NotIssued as error:
            raise Problem(404, WHY[str(error)]) from error

    return pages


def _reads(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/warnings")
    def warnings() -> flask.Response:
        found = city.warnings.active(signed_in(), query_time("at") or now())
        return private({"items": [shown_as(one) for one in found]})

    @pages.get("/warnings/areas")
    def areas() -> flask.Response:
        found = city.warnings.active(signed_in(), query_time("at") or now())
        return private({"type": "FeatureCollection", "features": [feature for one in found for feature in _features(one)]})

    @pages.get("/warnings/<warning_id>")
    def warning(warning_id: str) -> flask.Response:
        found = city.warnings.find(signed_in(), uuid(warning_id), query_time("at") or now())
        if found is None:
            raise Problem(404, "There is no such warning in force.")
        return private(shown_as(found))


def _documents(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/warnings.atom")
    def atom() -> flask.Response:
        listed = city.own_warnings.listed(signed_in(), now())
        base = flask.request.url_root.rstrip("/") + "/api/v1/warnings"
        return _document(atom_document(listed, base, str(city.register.city()["name"])), ATOM_TYPE)

    @pages.get("/warnings/<warning_id>/cap")
    def cap(warning_id: str) -> flask.Response:
        wanted = uuid(warning_id)
        found = next((one for one in city.own_warnings.listed(signed_in(), now()) if one.warning_id == wanted), None)
        if found is None:
            raise Problem(404, WHY["not_ours"])
        return _document(cap_document(found.said), CAP_TYPE)


def _document(content: bytes, kind: str) -> flask.Response:
    answer = flask.Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _features(one: Active) -> list[dict[str, object]]:
    """The drawn areas; regions that are named by code are on the map already."""
    shapes = [shape_of(area) for area in one.heard.said.areas]
    level = one.heard.said.level
    known = {"warning_id": one.heard.warning_id, "level": level.value if level else "", "standing": one.standing.value}
    return [{"type": "Feature", "geometry": shape.__geo_interface__, "properties": known} for shape in shapes if shape is not None]


def _draft(document: dict[str, object]) -> Draft:
    level, regions, expires = (document.get(name) for name in ("level", "regions", "expires_at"))
    if level not in tuple(Level):
        raise Problem(422, f"`level` is one of {', '.join(Level)}.")
    if not isinstance(regions, list) or not all(isinstance(code, str) for code in regions):
        raise Problem(422, WHY["no_region"])
    if isinstance(expires, bool) or not isinstance(expires, int):
        raise Problem(422, WHY["no_end"])
    replaces = text(document, "replaces", "")
    return Draft(
        text(document, "hazard", ""),
        Level(str(level)),
        tuple(regions),
        text(document, "headline", ""),
        text(document, "description", ""),
        text(document, "instruction", ""),
        expires,
        document.get("exercise") is True,
        uuid(replaces) if replaces else "",
    )
