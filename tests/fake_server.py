"""The faces on a fake city over real HTTP, with a /live that says one snapshot: `python -m tests.fake_server PORT`."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import flask

from api import incidents, map_layers, pages, problems, screens, session, units, v1, vendor, walls
from callbacks import registry
from callbacks.faces import Faces
from callbacks.wall_screens import renders
from config.displays import load_displays
from config.freshness import load_freshness
from config.incident_files import load_classes
from config.languages import load_catalogues
from config.walls import load_walls
from domain.displays import Display
from layouts.names import Names
from layouts.panels import PANELS
from layouts.shell import FacesApp
from tests import fake_cameras
from tests.fake_steering import walls_for
from tests.fakes import KIND_NAMES, METRIC_NAMES, RULE_NAMES, FakeCity, make_city


class PlainMemo(dict):
    """What Flask-Caching offers, without a server."""

    def set(self, key: str, value: Any, timeout: int) -> None:
        self[key] = value


def _displays() -> dict[str, Display]:
    """The faces' displays; `big` holds panels too, so that a test can render any of them without a scene."""
    held = load_displays()
    panels = ("header", "figures", "map", "alarms", "incidents", "trends", "video", "towns", "feeds", "vitals")
    figures, trends = held["mobile"].figures, held["mobile"].trends
    everything = held["big"]._replace(panels=panels, rows={"alarms": 9, "towns": 18, "feeds": 5}, figures=figures, trends=trends)
    return {**held, "big": everything}


def make_faces(city: FakeCity) -> Faces:
    """The faces' container around a fake city."""
    names = Names(METRIC_NAMES, KIND_NAMES, RULE_NAMES, freshness=load_freshness())
    return Faces(city, _displays(), load_catalogues(), names, PlainMemo(), classes=load_classes(), walls=load_walls(panels=PANELS))


def make_app(city: FakeCity) -> FacesApp:
    """The whole application; the engine's parts are fakes."""
    server = flask.Flask("citydeck")
    if not hasattr(city, "walls"):
        vars(city).update(walls_for(city.register))
        city.accounts.screens = city.pairing.actor_of
    for part in (problems, session, map_layers, v1, screens, walls, incidents, units):
        server.register_blueprint(part.blueprint(city))
    for page in (pages, vendor):
        server.register_blueprint(page.blueprint())
    server.before_request(lambda: flask.Response("", 503) if city.lost else None)
    server.add_url_rule("/live", "live", lambda: _live(city))
    server.register_blueprint(fake_cameras.blueprint(city))
    server.add_url_rule("/api/v1/notices", "no_notices", lambda: flask.jsonify({"items": [], "total": 0}))
    for name in ("healthz", "readyz"):
        server.add_url_rule(f"/{name}", name, lambda: "ok")
    app = FacesApp(
        "citydeck", server=server, path=lambda: flask.request.full_path, assets_folder=_assets(), title="CityDeck", update_title=None
    )
    faces = make_faces(city)
    registry.register(app, faces)
    server.extensions[screens.RENDERS] = renders(app, faces)
    return app


def _assets() -> str:
    from pathlib import Path

    return str(Path(__file__).resolve().parents[1] / "assets")


def pieces(city: FakeCity) -> dict[str, Any]:
    """The picture in the form of the live stream."""
    found: dict[str, Any] = {f"{code}||counts": counts for code, counts in city.picture.counts.items()}
    found.update({f"||{name}": note for name, note in city.picture.notes.items()})

    def put(section: str, key: str, record: dict[str, Any], value: Any) -> None:
        found.setdefault(f"{record['region']}|{record['department']}|{section}", {})[key] = value

    for key, device in city.picture.devices.items():
        put("status", key, device, device["online"])
        put("values", key, device, device["values"])
    for one in city.picture.incidents:
        found.setdefault(f"{one['region']}|{one['lead']}|incidents", {})[one["incident_id"]] = one
    for alarm in city.picture.alarms:
        put("alarms", alarm["alarm_id"], alarm, alarm)
    for key, vehicle in city.picture.vehicles.items():
        put("vehicles", key, vehicle, vehicle)
    return found


def _live(city: FakeCity) -> flask.Response:
    """As api/live.py: who may not see the picture gets no stream. A lost server answers nothing at all."""
    actor = session.current_actor()
    status = 401 if actor is None else 200 if actor.may("see_picture") else 403
    return flask.Response(_frames(city) if status == 200 else "", status, mimetype="text/event-stream")


def _frames(city: FakeCity) -> Iterator[str]:
    last, told = 0, len(city.memory.nudged)
    while not city.lost:
        for wall, version in city.memory.nudged[told:]:
            yield f"event: wall\ndata: {json.dumps({'wall': wall, 'version': version})}\n\n"
        told = len(city.memory.nudged)
        if city.picture.version != last:
            last = city.picture.version
            frame = {"epoch": "e1", "version": last, "at": city.picture.at, "pieces": pieces(city)}
            yield f"event: snapshot\nid: e1-{last}\ndata: {json.dumps(frame, ensure_ascii=False)}\n\n"
        else:
            yield ": here\n\n"
        time.sleep(0.2)


if __name__ == "__main__":
    from tests.fake_wall import enrich

    make_app(enrich(make_city(int(time.time() * 1000), per_town=90))).run(port=int(sys.argv[1]), threaded=True)
