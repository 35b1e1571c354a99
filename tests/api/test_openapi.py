"""/api/openapi.json describes the API that exists, no more and no less."""

import re
from typing import Any

import flask

from api import (
    alarms,
    appeals,
    cameras,
    catalogue,
    duty,
    incidents,
    indicators,
    map_layers,
    notices,
    office,
    operations,
    plans,
    reports,
    units,
    viewings,
    walls,
    warnings,
)
from api.openapi import SCHEMAS, description
from tests.api.conftest import Person


def routes(app: flask.Flask) -> set[tuple[str, str]]:
    """Method and path of every rule under /api, parameters written as OpenAPI writes them."""
    return {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.rule.startswith("/api/") and method not in ("HEAD", "OPTIONS") and rule.endpoint != "api_problems.nothing"
    }


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if "$ref" in part else set()
        return own.union(*(references(value) for value in part.values()))
    return set().union(*(references(value) for value in part)) if isinstance(part, list) else set()


def test_every_route_is_described_and_every_description_has_its_route(app: flask.Flask, city: Any) -> None:
    for part in (
        map_layers,
        alarms,
        appeals,
        cameras,
        catalogue,
        incidents,
        indicators,
        units,
        reports,
        duty,
        notices,
        office,
        operations,
        plans,
        viewings,
        walls,
        warnings,
    ):
        app.register_blueprint(part.blueprint(city))
    described = {(method, path) for path, methods in description()["paths"].items() for method in methods}
    assert described == routes(app)


def test_every_reference_leads_to_a_schema_and_every_schema_is_used() -> None:
    assert {name.rpartition("/")[2] for name in references(description())} == set(SCHEMAS)


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for methods in description()["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))


def test_the_description_is_open_to_everybody(person: Person) -> None:
    answer = person.client.get("/api/openapi.json")
    assert answer.status_code == 200 and answer.get_json()["openapi"] == "3.1.0"


def test_answers_have_the_fields_that_are_described(person: Person) -> None:
    person.sign_in("operator")
    for path, name in (
        ("/session", "Me"),
        ("/devices", "Devices"),
        ("/devices/air-1", "DeviceNow"),
        ("/regions", "Regions"),
        ("/picture", "Picture"),
    ):
        answer = person.get(path).get_json()
        assert set(answer) == set(SCHEMAS[name]["properties"]) == set(SCHEMAS[name]["required"]), path
    assert set(person.get("/devices").get_json()["items"][0]) == set(SCHEMAS["Device"]["properties"])
    assert set(person.get("/devices/air-1/history?metric=x").get_json()["points"][0]) == set(SCHEMAS["Point"]["properties"])
