"""MapLibre GL from where pip put it: the page's own host serves it, nothing is copied into the repository."""

from importlib.metadata import files, version

import flask

FILES = {"maplibre-gl.js": "text/javascript", "maplibre-gl.css": "text/css"}


def blueprint() -> flask.Blueprint:
    """GET /vendor/<file>, for ever cached by its version."""
    pages = flask.Blueprint("vendor", __name__)
    tag = version("maplibre")
    places = {path.name: path.locate() for path in files("maplibre") or () if path.name in FILES and path.parent.name == "srcjs"}

    @pages.get("/vendor/<name>")
    def vendor(name: str) -> flask.Response:
        if name not in places:
            flask.abort(404)
        answer = flask.send_file(str(places[name]), mimetype=FILES[name], max_age=86_400, conditional=True)
        answer.set_etag(f"{tag}-{name}")
        answer.make_conditional(flask.request)
        return answer

    return pages
