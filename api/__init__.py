"""HTTP for machines and for the faces' own calls: the session, /api/v1, its description, /live, health and metrics."""

import flask

from api import (
    alarms,
    appeals,
    cameras,
    catalogue,
    duty,
    health,
    incidents,
    indicators,
    live,
    map_layers,
    metrics,
    notices,
    office,
    openapi,
    operations,
    pages,
    plans,
    problems,
    reports,
    screens,
    session,
    tokens,
    units,
    users,
    v1,
    vendor,
    viewings,
    walls,
    warnings,
)
from services.city import City

OF_THE_CITY = (
    problems,
    session,
    screens,
    walls,
    tokens,
    users,
    v1,
    alarms,
    incidents,
    appeals,
    indicators,
    units,
    cameras,
    viewings,
    reports,
    office,
    duty,
    catalogue,
    notices,
    plans,
    warnings,
    operations,
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
