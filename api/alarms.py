"""/api/v1/silences, /rules, and saying that an alarm is false."""

from typing import Any

import flask

from api.problems import Problem
from api.requests import json_object, now, query_time, text, uuid
from api.session import no_content, private, signed_in
from domain.silences import NotSilenced, Silence, Wanted
from services.city import City

WEEK_MS = 7 * 86_400_000
WHY = {
    "covers_nothing": "Name at least one of `device_id`, `kind`, `region`, `rule_id`.",
    "no_reason": "`reason` has 1 to 500 characters.",
    "no_time": "`ends` lies after `starts`, and after now.",
    "too_long": "A silence lasts no longer than the city allows (config/alarm_care.yaml).",
    "unknown": "There is no such device, kind, region or rule that you see.",
    "needs_region": "Your scope is a part of the city: name a `region` or `device_id` of it.",
}


def blueprint(city: City) -> flask.Blueprint:
    """Silences, false alarms, and how good the rules are."""
    pages = flask.Blueprint("api_alarms", __name__, url_prefix="/api/v1")
    _silence_views(pages, city)
    _false_views(pages, city)
    _picture_views(pages, city)
    return pages


def _false_views(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/alarms/<alarm_id>/false")
    def false(alarm_id: str) -> flask.Response:
        actor, reason = signed_in(), text(json_object(), "reason")
        try:
            accepted = city.alarm_desk.false_alarm(actor, uuid(alarm_id), reason, now())
        except ValueError as error:
            raise Problem(422, WHY["no_reason"]) from error
        return private({"alarm_id": uuid(alarm_id), "accepted": accepted}, 202 if accepted else 200)

    @pages.get("/rules")
    def rules() -> flask.Response:
        at = query_time("at") or now()
        since = query_time("since")
        found = city.alarm_quality.rules(signed_in(), at - WEEK_MS if since is None else since, at)
        return private({"items": [one._asdict() for one in found]})


def _picture_views(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/alarms/<alarm_id>/pictures")
    def pictures(alarm_id: str) -> flask.Response:
        shown = city.alarm_pictures.of(signed_in(), uuid(alarm_id), query_time("at"))
        if shown is None:
            raise Problem(404, "This is no video alarm.")
        return private({"stated": shown.stated, "items": [one._asdict() for one in shown.pictures]})

    @pages.get("/alarms/<alarm_id>/pictures/<picture_id>")
    def picture(alarm_id: str, picture_id: str) -> flask.Response:
        return _picture(city, alarm_id, uuid(picture_id))

    @pages.get("/alarms/<alarm_id>/picture")
    def first_picture(alarm_id: str) -> flask.Response:
        shown = city.alarm_pictures.of(signed_in(), uuid(alarm_id))
        kept = [one.picture_id for one in shown.pictures if one.state == "kept"] if shown else []
        if not kept:
            return no_content()
        return _picture(city, alarm_id, kept[0])


def _picture(city: City, alarm_id: str, picture_id: str) -> flask.Response:
    try:
        media_type, content = city.alarm_pictures.read(signed_in(), uuid(alarm_id), picture_id)
    except LookupError as error:
        raise Problem(404, "This alarm has no such picture.") from error
    answer = flask.Response(content, content_type=media_type)
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    answer.headers.update(headers)
    return answer


def _silence_views(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/silences")
    def silences() -> flask.Response:
        at = query_time("at") or now()
        return private({"items": [_shown(one, at) for one in city.silences.listed(signed_in(), at)]})

    @pages.post("/silences")
    def make() -> flask.Response:
        actor, document, at = signed_in(), json_object(), now()
        covers = {name: text(document, name, "") for name in ("device_id", "kind", "region", "rule_id")}
        starts, ends = (_moment(document, name, default) for name, default in (("starts", at), ("ends", None)))
        try:
            made = city.silences.make(actor, Wanted(starts, ends, text(document, "reason"), **covers), at)
        except NotSilenced as error:
            raise Problem(422, WHY[str(error)]) from error
        return private(_shown(made, at), 201)

    @pages.post("/silences/<silence_id>/end")
    def end(silence_id: str) -> flask.Response:
        done = city.silences.end(signed_in(), uuid(silence_id), now())
        return private({"silence_id": uuid(silence_id), "ended": done})


def _moment(document: dict[str, Any], name: str, default: int | None) -> int:
    value = document.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 47:
        raise Problem(422, f"`{name}` is epoch milliseconds.")
    return value


def _shown(silence: Silence, at: int) -> dict[str, Any]:
    return {**silence._asdict(), "departments": list(silence.departments), "state": silence.state(at)}
