"""Information reports of incidents, as data and as documents, and how units did."""

from typing import Any

import flask

from api.incidents import refusals
from api.problems import Problem
from api.requests import json_object, now, query, query_time, text, uuid, whole
from api.session import private, signed_in
from domain.brief import Brief
from domain.reports import Report
from services.city import City
from services.report_ports import ReportTaken

DAY_MS = 24 * 3_600_000
MONTH_MS = 30 * 24 * 3_600_000


def blueprint(city: City) -> flask.Blueprint:
    """Reports and performance."""
    pages = flask.Blueprint("api_reports", __name__, url_prefix="/api/v1")
    _reports(pages, city)
    _review(pages, city)
    _briefs(pages, city)
    _figures(pages, city)
    return pages


def _reports(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/incidents/<incident_id>/reports")
    def reports(incident_id: str) -> flask.Response:
        with refusals():
            return private({"items": [shown(one) for one in city.reports.of(signed_in(), uuid(incident_id))]})

    @pages.post("/incidents/<incident_id>/reports")
    def draft(incident_id: str) -> flask.Response:
        actor = signed_in()
        with refusals():
            try:
                return private(shown(city.reports.draft(actor, uuid(incident_id), now())), 201)
            except ReportTaken as taken:
                raise Problem(409, "Somebody has just begun this report; look again.", code="report_open") from taken

    @pages.post("/reports/<report_id>/deeds")
    def act(report_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        said = {name: document.get(name) for name in ("fields", "reason")}
        with refusals():
            try:
                done = city.reports.act(actor, uuid(report_id), text(document, "deed"), whole(document, "version", 0), said, now())
            except ReportTaken as taken:
                raise Problem(409, "Somebody wrote meanwhile; look again. Nothing was overwritten.", code="changed") from taken
        return private(shown(done))

    @pages.get("/reports/<report_id>/<form>")
    def document(report_id: str, form: str) -> flask.Response:
        with refusals():
            return given(*city.reports.document(signed_in(), uuid(report_id), form, now()))


def _review(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/incidents/<incident_id>/review")
    def review(incident_id: str) -> flask.Response:
        with refusals():
            found = city.reviews.of(signed_in(), uuid(incident_id), now())
        lists = {name: [one._asdict() for one in getattr(found, name)] for name in ("targets", "units", "told", "opened")}
        late = [{"what": what, "name": name} for what, name in found.late]
        return private({**lists, "late": late, "summary": found.summary, "lessons": found.lessons})

    @pages.get("/incidents/<incident_id>/review/<form>")
    def printed(incident_id: str, form: str) -> flask.Response:
        with refusals():
            return given(*city.reviews.document(signed_in(), uuid(incident_id), form, now()))


def _briefs(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/briefs/<form>")
    def brief(form: str) -> flask.Response:
        actor, moment, kind = signed_in(), now(), query("kind") or "duty"
        until = query_time("until") or moment
        asked = query_time("since")
        since = until - DAY_MS if asked is None else asked
        try:
            with refusals():
                if form == "json":
                    return private(_plain(city.briefs.of(actor, since, until, moment)))
                return given(*city.briefs.document(actor, kind, form, since, until, moment))
        except ValueError as error:
            raise Problem(400, str(error)) from error


def _plain(found: Brief) -> dict[str, Any]:
    lists = {"major": [one._asdict() for one in found.major], "on_duty": [one._asdict() for one in found.on_duty]}
    return {**found._asdict(), **lists}


def given(content: bytes, media_type: str, name: str) -> flask.Response:
    """A document to keep."""
    answer = flask.Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _figures(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/performance")
    def performance() -> flask.Response:
        actor, until, by = signed_in(), query_time("until") or now(), query("by") or "lead"
        since = query_time("since")
        if by not in ("lead", "region", "post"):
            raise Problem(400, "`by` is lead, region or post.")
        found = city.incident_board.performance(actor, by, until - MONTH_MS if since is None else since, until)
        return private({"items": [row._asdict() for row in found.rows], "tiers": found.tiers})


def shown(report: Report) -> dict[str, Any]:
    """A report as JSON takes it."""
    return {**report._asdict(), "fields": dict(report.fields)}
