"""The faces on a fake city over real HTTP, with a /live that says one snapshot: `python -m tests.fake_server PORT`."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import flask

from api import map_layers, pages, session, v1, vendor
from callbacks import registry
from callbacks.faces import Faces
from config.displays import load_displays
from config.incident_files import load_classes
from config.languages import load_catalogues
from layouts.shell import FacesApp
from layouts.view import Names
from tests.fakes import KIND_NAMES, METRIC_NAMES, RULE_NAMES, FakeCity, make_city


class PlainMemo(dict):
    """What Flask-Caching offers, without a server."""

    def set(self, key: str, value: Any, timeout: int) -> None:
        self[key] = value


def make_faces(city: FakeCity) -> Faces:
    """The faces' container around a fake city."""
    return Faces(city, load_displays(), load_catalogues(), Names(METRIC_NAMES, KIND_NAMES, RULE_NAMES), PlainMemo(), classes=load_classes())


def make_app(city: FakeCity) -> FacesApp:
    """The whole application; the engine's parts are fakes."""
    server = flask.Flask("citydeck")
    for blueprint in (session.blueprint(city), pages.blueprint(), vendor.blueprint(), map_layers.blueprint(city), v1.blueprint(city)):
        server.register_blueprint(blueprint)
    server.add_url_rule("/live", "live", lambda: _live(city))
    for name in ("incidents", "units", "notices"):
        server.add_url_rule(f"/api/v1/{name}", f"no_{name}", lambda: flask.jsonify({"items": [], "total": 0}))
    server.add_url_rule("/healthz", "healthz", lambda: "ok")
    app = FacesApp(
        "citydeck", server=server, path=lambda: flask.request.full_path, assets_folder=_assets(), title="CityDeck", update_title=None
    )
    registry.register(app, make_faces(city))
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
    for alarm in city.picture.alarms:
        put("alarms", alarm["alarm_id"], alarm, alarm)
    for key, vehicle in city.picture.vehicles.items():
        put("vehicles", key, vehicle, vehicle)
    return found


def _live(city: FakeCity) -> flask.Response:
    """As api/live.py: who may not see the picture gets no stream."""
    actor = session.current_actor()
    status = 401 if actor is None else 200 if actor.may("see_picture") else 403
    return flask.Response(_frames(city) if status == 200 else "", status, mimetype="text/event-stream")


def _frames(city: FakeCity) -> Iterator[str]:
    last = 0
    while True:
        if city.picture.version != last:
            last = city.picture.version
            frame = {"epoch": "e1", "version": last, "at": city.picture.at, "pieces": pieces(city)}
            yield f"event: snapshot\nid: e1-{last}\ndata: {json.dumps(frame, ensure_ascii=False)}\n\n"
        else:
            yield ": here\n\n"
        time.sleep(1)


if __name__ == "__main__":
    make_app(make_city(int(time.time() * 1000), per_town=90)).run(port=int(sys.argv[1]), threaded=True)
