"""/api/v1: the city's picture, register, history and alarms for other programs. Each view parses, calls a service, answers.

Times in answers are epoch milliseconds. `at` asks for what was known at that moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import flask

from api.problems import Problem
from api.requests import LARGEST_MESSAGE, body, identifier, json_object, now, number, query, query_limit, query_time, text, uuid
from api.session import current_actor, private, signed_in
from domain.access import Actor, Forbidden
from domain.registry import Device
from services.city import City

HISTORY_MS = 24 * 3_600_000
PICTURE = ("epoch", "version", "at", "devices", "alarms", "vehicles", "counts", "notes")


def blueprint(city: City) -> flask.Blueprint:
    """Everything that is read, and the deeds: acknowledge, adopt, send telemetry, hand in what another platform says."""
    pages = flask.Blueprint("api_v1", __name__, url_prefix="/api/v1")
    _register_views(pages, city)
    _picture_views(pages, city)
    _deeds(pages, city)
    _inbox_views(pages, city)
    return pages


def _register_views(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/regions")
    def regions() -> flask.Response:
        _seeing()
        return private({"items": [_plain(region) for region in city.register.regions(query_time("at")).values()]})

    @pages.get("/devices")
    def devices() -> flask.Response:
        actor = _seeing()
        found: Iterable[Device] = city.register.devices(actor, query_time("at"))
        for name in ("kind", "region", "department"):
            if wanted := query(name):
                found = [device for device in found if getattr(device, name) == wanted]
        return _page([_plain(device) for device in found], "device_id")

    @pages.get("/devices/<device_id>")
    def device(device_id: str) -> flask.Response:
        actor, at = _seeing(), query_time("at")
        found = _device(city, actor, device_id, at)
        live = city.picture.snapshot(actor, at).devices.get(found.device_id, {})
        return private({**_plain(found), "online": live.get("online"), "values": live.get("values", {})})

    @pages.get("/unadopted")
    def unadopted() -> flask.Response:
        return _page([_plain(device) for device in city.register.unadopted(signed_in())], "device_id")


def _picture_views(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/picture")
    def picture() -> flask.Response:
        seen = city.picture.snapshot(_seeing(), query_time("at"))
        return private({name: getattr(seen, name) for name in PICTURE})

    @pages.get("/picture/changes")
    def changes() -> flask.Response:
        actor, at = _seeing(), query_time("at")
        if at is None:
            raise Problem(400, "`at` is missing.")
        return private(city.picture.changes(actor, at, query_time("since"))._asdict())

    @pages.get("/alarms")
    def alarms() -> flask.Response:
        actor, at = _seeing(), query_time("at")
        found = city.picture.snapshot(actor, at).alarms
        for name in ("severity", "state", "region", "device_id"):
            if wanted := query(name):
                found = [alarm for alarm in found if alarm[name] == wanted]
        return private({"items": _named(city, actor, at, found[: query_limit()]), "total": len(found)})

    @pages.get("/alarms/<alarm_id>")
    def alarm(alarm_id: str) -> flask.Response:
        return private(_alarm(city, _seeing(), uuid(alarm_id), query_time("at")))

    @pages.get("/devices/<device_id>/history")
    def history(device_id: str) -> flask.Response:
        actor = _seeing()
        found = _device(city, actor, device_id, None)
        metric = identifier(query("metric") or "")
        until = query_time("until") or now()
        since = query_time("since")
        since = until - HISTORY_MS if since is None else since
        if since >= until:
            raise Problem(400, "`since` lies before `until`.")
        points = city.history.device(actor, found.device_id, metric, since, until)
        return private({"device_id": found.device_id, "metric": metric, "points": [_plain(point) for point in points]})


def _deeds(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/alarms/<alarm_id>/acknowledge")
    def acknowledge(alarm_id: str) -> flask.Response:
        accepted = city.alarm_desk.acknowledge(signed_in(), uuid(alarm_id), now())
        return private({"alarm_id": uuid(alarm_id), "accepted": accepted}, 202 if accepted else 200)

    @pages.post("/devices/<device_id>/adopt")
    def adopt(device_id: str) -> flask.Response:
        actor = signed_in()
        try:
            city.register.adopt(actor, _adoption(identifier(device_id), json_object()), now())
        except LookupError as error:
            raise Problem(404, "No device of that id waits to be adopted.") from error
        except ValueError as error:
            raise Problem(422, f"Not adopted: {error}.") from error
        return private({"device_id": device_id, "adopted": True})


def _inbox_views(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/devices/<device_id>/telemetry")
    def telemetry(device_id: str) -> flask.Response:
        if current_actor() is None:
            city.webhooks.nobody()
        actor = signed_in()
        json_object()
        try:
            waiting = city.webhooks.telemetry(actor, identifier(device_id), body())
        except LookupError as error:
            raise Problem(404, "A device id has 1 to 128 of A-Z a-z 0-9 _ -.") from error
        return private({"device_id": device_id, "inbox": waiting}, 202)

    @pages.post("/feeds/<feed>/messages")
    def message(feed: str) -> flask.Response:
        if current_actor() is None:
            city.webhooks.nobody(feed)
        actor = signed_in()
        topic = query("topic") or query("event") or feed
        try:
            waiting = city.webhooks.message(actor, identifier(feed), topic, body(LARGEST_MESSAGE))
        except LookupError as error:
            raise Problem(404, "The city has no feed of that name.") from error
        except ValueError as error:
            raise Problem(400, f"{error}.".capitalize()) from error
        expected = city.webhooks.answer(feed, topic)
        return private({"feed": feed, "inbox": waiting}, 202) if expected is None else private(dict(expected), 200)


def _seeing() -> Actor:
    actor = signed_in()
    if not actor.may("see_picture"):
        raise Forbidden("see_picture")
    return actor


def _device(city: City, actor: Actor, device_id: str, at: int | None) -> Device:
    """Outside the actor's scope is as good as unknown: nobody learns that it exists."""
    found: Device | None = city.register.device(actor, identifier(device_id), at)
    if found is None:
        raise Problem(404, "You see no device of that id.")
    return found


def _named(city: City, actor: Actor, at: int | None, alarms: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The alarms with what is known of their devices; one that nobody registered is called by its id."""
    devices = {device.device_id: device for device in city.register.devices(actor, at)} if alarms else {}
    moment = now()

    def of(device_id: str) -> dict[str, Any]:
        device = devices.get(device_id)
        if device is None:
            return {"device_name": device_id, "device_name_en": "", "interval_s": None, "feed": ""}
        feed = city.device_feeds.of(actor, device, moment, at)
        return {"device_name": device.name, "device_name_en": device.name_en, "interval_s": device.interval_s, "feed": feed}

    return [{**alarm, **of(alarm["device_id"])} for alarm in alarms]


def _alarm(city: City, actor: Actor, alarm_id: str, at: int | None) -> dict[str, Any]:
    for alarm in city.picture.snapshot(actor, at).alarms:
        if alarm["alarm_id"] == alarm_id:
            return dict(alarm)
    raise Problem(404, "No alarm of that id is on the picture you see; ask with `at` for an earlier one.")


def _adoption(device_id: str, document: dict[str, Any]) -> Device:
    lon, lat, interval_s = (number(document, name) for name in ("lon", "lat", "interval_s"))
    if (lon is None) != (lat is None) or abs(lon or 0) > 180 or abs(lat or 0) > 90:
        raise Problem(422, "`lon` and `lat` are WGS 84 degrees, both or neither.")
    if interval_s is not None and not 0 < interval_s <= 31_536_000:
        raise Problem(422, "`interval_s` is the expected seconds between reports, or null.")
    texts = [text(document, name, default) for name, default in (("name", device_id), ("kind", None), ("region", None), ("department", ""))]
    return Device(device_id, texts[0], texts[1], texts[2], texts[3], lon, lat, interval_s)


def _page(items: list[dict[str, Any]], key: str) -> flask.Response:
    """Items in the order of `key`, those after `after`, at most `limit`; `next` is the `after` of the next page."""
    after, limit = query("after") or "", query_limit()
    ordered = sorted((item for item in items if item[key] > after), key=lambda item: str(item[key]))
    following = ordered[limit - 1][key] if len(ordered) > limit else None
    return private({"items": ordered[:limit], "next": following, "total": len(items)})


def _plain(record: Any) -> dict[str, Any]:
    """A named tuple of a service as JSON takes it."""
    return dict(record._asdict())
