"""/healthz: this process is up. /readyz: the whole city works, or 503 and the reasons."""

import flask

from services.city import City


def blueprint(city: City) -> flask.Blueprint:
    """Neither asks who is asking: supervisors and load balancers have no account."""
    pages = flask.Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> flask.Response:
        return _answer({"status": "up"}, 200)

    @pages.get("/readyz")
    def readyz() -> flask.Response:
        reasons = city.affairs.ready()
        return _answer({"status": "not ready" if reasons else "ready", "reasons": reasons}, 503 if reasons else 200)

    return pages


def _answer(content: dict[str, object], status: int) -> flask.Response:
    answer = flask.jsonify(content)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer
