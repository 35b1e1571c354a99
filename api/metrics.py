"""/metrics for Prometheus. Every figure comes from PostgreSQL or Redis, so any web worker gives the same answer."""

import flask

from services.city import City


def blueprint(city: City) -> flask.Blueprint:
    """Figures only, nothing personal: open to whoever reaches the port."""
    pages = flask.Blueprint("metrics", __name__)

    @pages.get("/metrics")
    def metrics() -> flask.Response:
        text, content_type = city.metrics()
        return flask.Response(text, content_type=content_type)

    return pages
