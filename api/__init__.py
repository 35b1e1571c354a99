"""HTTP for machines and for the faces' own calls: the session, /api/v1, its description, /live, health and metrics."""

import flask

from api import (
    alarms,
    duty,
    health,
    incidents,
    live,
    map_layers,
    metrics,
    notices,
    openapi,
    pages,
    plans,
    problems,
    reports,
    session,
    tokens,
    units,
    users,
    v1,
    vendor,
)
from services.city import City

OF_THE_CITY = (
    problems,
    session,
    tokens,
    users,
    v1,
    alarms,
    incidents,
    units,
    reports,
    duty,
    notices,
    plans,
    openapi,
    map_layers,
    live,
    health,
    metrics,
)
OF_THE_HOUSE = (pages, vendor)


def register(server: flask.Flask, city: City) -> None:
    """Put every part's blueprint into the web server."""
    for part in OF_THE_CITY:
        server.register_blueprint(part.blueprint(city))
    for page in OF_THE_HOUSE:
        server.register_blueprint(page.blueprint())
