"""GET /api/v1/map: the layers of the map in the reader's scope, as GeoJSON. Big and rarely changed, so compressed and tagged."""

import gzip
import hashlib
import json

import flask

from api.problems import Problem
from api.session import signed_in
from services.city import City

GZIP_LEVEL = 5


def blueprint(city: City) -> flask.Blueprint:
    """`{"regions", "devices", "places", "city"}`; the first three are FeatureCollections."""
    pages = flask.Blueprint("map_layers", __name__)

    @pages.get("/api/v1/map")
    def layers() -> flask.Response:
        actor = signed_in()
        if not actor.may("see_picture"):
            raise Problem(403, "This needs the right to see the picture.")
        content = {**city.register.map_layers(actor), "city": city.register.city()}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        answer = flask.Response(gzip.compress(text, GZIP_LEVEL, mtime=0), mimetype="application/json")
        answer.headers.update({"Content-Encoding": "gzip", "Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Encoding"})
        answer.set_etag(hashlib.sha256(text).hexdigest()[:32])
        answer.make_conditional(flask.request)
        return answer

    return pages
