"""Cameras over HTTP: /api/v1/cameras, their tree, the platforms' state, turning. Pictures and streams are api/viewings.py's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask

from api.problems import Problem
from api.requests import identifier, json_object, now, query, query_limit, query_time
from api.session import private, signed_in
from domain.access import Actor
from domain.cameras import STATUSES, Camera
from domain.gb28181 import known
from services.camera_ports import Asked
from services.city import City
from services.video_ports import Busy, Turn, VideoError

LONGEST_TEXT, DEEPEST, LONGEST_NAME = 100, 20, 300
DAY_MS = 86_400_000
RATE_DAYS = 7
REFUSED = {"not_offered": 422, "offline": 409, "timed_out": 504, "unknown": 404}
"""What a platform's failure is to a client; 502 for all others."""


def blueprint(city: City) -> flask.Blueprint:
    """What is read of cameras, and the deeds at one."""
    pages = flask.Blueprint("cameras", __name__, url_prefix="/api/v1")
    _reads(pages, city)
    _tree(pages, city)
    _deeds(pages, city)
    return pages


def _reads(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/cameras")
    def cameras() -> flask.Response:
        actor, most = _seeing(), query_limit()
        found = city.cameras.search(actor, _asked(most + 1), query_time("at"))
        shown = found[:most]
        after = f"{shown[-1].name}\x1f{shown[-1].camera_id}" if len(found) > most else None
        return private({"items": [camera_shown(one) for one in shown], "next": after})

    @pages.get("/cameras/<camera_id>")
    def camera(camera_id: str) -> flask.Response:
        actor, at = _seeing(), query_time("at")
        found = city.cameras.one(actor, identifier(camera_id), at)
        if found is None:
            raise Problem(404, "You see no camera of that id.", code="no_right")
        until = at or now()
        hold = None
        if at is None and actor.may("turn_camera"):
            hold = city.camera_turning.held(actor, found.camera_id, until)
        rate = city.cameras.rate(actor, found.camera_id, until - RATE_DAYS * DAY_MS, until)
        return private({**camera_shown(found), "online_rate": rate, "rate_days": RATE_DAYS, "hold": _hold(city, hold) if hold else None})

    @pages.get("/map/cameras")
    def on_map() -> flask.Response:
        return private(city.cameras.on_map(_seeing()))


def _tree(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/cameras/tree")
    def tree() -> flask.Response:
        actor, platform, path = _seeing(), query("platform") or "", _path()
        nodes = city.cameras.nodes(actor, platform, path)
        return private({"platform": platform, "path": list(path), "nodes": [node._asdict() for node in nodes]})

    @pages.get("/cameras/platforms")
    def platforms() -> flask.Response:
        return private({"items": [state._asdict() for state in city.cameras.platforms(_seeing())]})


def _deeds(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/cameras/<camera_id>/presets")
    def presets(camera_id: str) -> flask.Response:
        actor = signed_in()
        with _told():
            return private({"items": [one._asdict() for one in city.camera_turning.presets(actor, identifier(camera_id))]})

    @pages.post("/cameras/<camera_id>/ptz")
    def ptz(camera_id: str) -> flask.Response:
        actor, turn = signed_in(), _turn(json_object())
        with _told():
            return private(_hold(city, city.camera_turning.turn(actor, identifier(camera_id), turn, now())))

    @pages.post("/cameras/<camera_id>/presets/<int:preset>")
    def go_to(camera_id: str, preset: int) -> flask.Response:
        actor = signed_in()
        if not 0 < preset < 256:
            raise Problem(422, "A preset has a number from 1 to 255.")
        with _told():
            return private(_hold(city, city.camera_turning.go_to(actor, identifier(camera_id), preset, now())))

    @pages.delete("/cameras/<camera_id>/ptz")
    def leave(camera_id: str) -> flask.Response:
        actor = signed_in()
        with _told():
            city.camera_turning.leave(actor, identifier(camera_id))
        return flask.Response(status=204)


def camera_shown(one: Camera) -> dict[str, Any]:
    """A camera as JSON takes it, its code in words. Its platform's channel stays with us: it is part of how the platform is asked."""
    code = known(one.code)
    said = {key: value for key, value in one.as_json().items() if key != "channel"}
    names = {"zh": code.names(), "en": code.names(english=True)} if code else {}
    return {**said, "code_names": names}


def _asked(most: int) -> Asked:
    text, status, platform = query("text") or "", query("status") or "", query("platform") or ""
    if len(text) > LONGEST_TEXT:
        raise Problem(422, f"`text` has at most {LONGEST_TEXT} characters.")
    if status and status not in STATUSES:
        raise Problem(422, f"`status` is one of {', '.join(STATUSES)}.")
    name, mark, camera_id = (query("after") or "").partition("\x1f")
    return Asked(text, platform, status, _path(), (name, camera_id) if mark else None, most)


def _path() -> tuple[str, ...]:
    path = tuple(flask.request.args.getlist("group"))
    if len(path) > DEEPEST or any(not 0 < len(name) <= LONGEST_NAME or "\x00" in name for name in path):
        raise Problem(422, f"`group` names the groups from the top, at most {DEEPEST}.")
    return path


def _turn(said: dict[str, Any]) -> Turn:
    speeds = {name: said.get(name, 0) for name in Turn._fields}
    fits = all(not isinstance(one, bool) and isinstance(one, int | float) and -1 <= one <= 1 for one in speeds.values())
    if not fits or set(said) - set(speeds):
        raise Problem(422, "`pan`, `tilt` and `zoom` are numbers from -1 to 1; all 0 is: stand still.")
    return Turn(**{name: float(speed) for name, speed in speeds.items()})


def _hold(city: City, hold: Any) -> dict[str, Any]:
    return {"username": hold.username, "name": city.people.called(hold.username), "until": hold.until}


@contextmanager
def _told() -> Iterator[None]:
    """What keeps a camera from being turned, as problems; the platform's own words stay in the log."""
    try:
        yield
    except LookupError as error:
        raise Problem(404, "You see no camera of that id.", code="no_right") from error
    except Busy as error:
        raise Problem(409, f"{error.detail} is turning this camera; try again shortly.", code=error.code) from error
    except VideoError as error:
        flask.current_app.logger.info("camera: %s", error)
        raise Problem(REFUSED.get(error.code, 502), f"Not done: {error.words}.", code=error.code) from error


def _seeing() -> Actor:
    actor = signed_in()
    if not actor.may("see_picture"):
        raise Problem(403, "This needs the right to see the picture.")
    return actor
