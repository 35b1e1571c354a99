"""/api/openapi.json: what the API offers, in OpenAPI 3.1. A test compares it with the routes that exist."""

from typing import Any

import flask

from api.openapi_alarms import ALARM_CARE, ALARM_CARE_SCHEMAS
from api.openapi_appeals import APPEAL_SCHEMAS, APPEALS
from api.openapi_cameras import CAMERA_SCHEMAS, CAMERAS
from api.openapi_catalogue import CATALOGUE_OPERATIONS, CATALOGUE_SCHEMAS
from api.openapi_duty import DUTY_OPERATIONS, DUTY_SCHEMAS
from api.openapi_incidents import INCIDENT_SCHEMAS, INCIDENTS
from api.openapi_indicators import INDICATOR_SCHEMAS, INDICATORS
from api.openapi_office import OFFICE_SCHEMAS, OFFICES
from api.openapi_operations import OPERATIONS_SCHEMAS, OPERATIONS_WORK
from api.openapi_parts import AFTER, AT, BY_SCOPE, DEED, LIMIT, READ, Operation
from api.openapi_people import PEOPLE, PEOPLE_SCHEMAS
from api.openapi_reports import REPORT_SCHEMAS, REPORTS
from api.openapi_schemas import SCHEMAS as SHAPES
from api.openapi_schemas import TEXT, ref
from api.openapi_screens import WALLS_OPERATIONS, WALLS_SCHEMAS
from api.openapi_units import UNIT_SCHEMAS, UNITS
from api.openapi_viewings import VIEWING_SCHEMAS, WATCHING
from api.openapi_warnings import WARNING_SCHEMAS, WARNINGS
from services.city import City

OPERATIONS = (
    Operation("get", "/api/openapi.json", "This description.", {200: None}, open=True),
    *PEOPLE,
    *ALARM_CARE,
    *INCIDENTS,
    *APPEALS,
    *UNITS,
    *CAMERAS,
    *WATCHING,
    *REPORTS,
    *OFFICES,
    *DUTY_OPERATIONS,
    *CATALOGUE_OPERATIONS,
    *INDICATORS,
    *OPERATIONS_WORK,
    *WARNINGS,
    *WALLS_OPERATIONS,
    Operation("get", "/api/v1/regions", "Regions.", {200: "Regions"}, (AT,), problems=READ),
    Operation(
        "get",
        "/api/v1/devices",
        "Devices in scope.",
        {200: "Devices"},
        (AT, ("kind", "Device kind."), *BY_SCOPE, AFTER, LIMIT),
        problems=READ,
    ),
    Operation("get", "/api/v1/devices/{device_id}", "A device with its latest values.", {200: "DeviceNow"}, (AT,), problems=(*READ, 404)),
    Operation(
        "get",
        "/api/v1/devices/{device_id}/history",
        "Values of one metric; raw or rolled up by the length of time.",
        {200: "History"},
        (("metric", "Its name; required."), ("since", "From; a day before `until` when left out."), ("until", "To; now when left out.")),
        problems=(*READ, 404),
    ),
    Operation(
        "post", "/api/v1/devices/{device_id}/adopt", "Adopt a device.", {200: "Adopted"}, body="Adoption", problems=(400, *DEED, 404, 422)
    ),
    Operation(
        "post",
        "/api/v1/devices/{device_id}/telemetry",
        "Hand in telemetry; it is safe when 202 comes, and judged by ingest.",
        {202: "Taken"},
        body="Telemetry",
        problems=(400, *DEED, 404),
    ),
    Operation(
        "post",
        "/api/v1/feeds/{feed}/messages",
        "Hand in one message of another platform as it is: a notification, an uplink. It is safe when 202 comes, or 200 "
        "with the answer that the platform expects.",
        {202: "Waiting", 200: "PlatformAnswer"},
        (
            ("topic", "Its topic, where the feed reads one."),
            ("event", "Stands for `topic`, as ChirpStack sends it."),
            ("access_token", "The token, for a platform that can send no header."),
        ),
        problems=(400, *DEED, 404),
    ),
    Operation("get", "/api/v1/unadopted", "Devices that speak and nobody has registered.", {200: "Devices"}, (AFTER, LIMIT), problems=READ),
    Operation(
        "get",
        "/api/v1/alarms",
        "Alarms on the picture, worst first.",
        {200: "Alarms"},
        (AT, ("severity", "One severity."), ("state", "active or cleared."), BY_SCOPE[0], ("device_id", "One device."), LIMIT),
        problems=READ,
    ),
    Operation("get", "/api/v1/alarms/{alarm_id}", "One alarm of the picture.", {200: "Alarm"}, (AT,), problems=(*READ, 404)),
    Operation(
        "post",
        "/api/v1/alarms/{alarm_id}/acknowledge",
        "Acknowledge: 202 when it was passed on to ingest, 200 when there is nothing left to acknowledge.",
        {202: "Acknowledgement", 200: "Acknowledgement"},
        problems=(*DEED, 404),
    ),
    Operation(
        "get", "/api/v1/map", "The map's layers in the own scope, as GeoJSON (gzip, with an ETag).", {200: "MapLayers"}, problems=(403,)
    ),
    Operation("get", "/api/v1/picture", "The whole picture of the own scope.", {200: "Picture"}, (AT,), problems=READ),
    Operation(
        "get",
        "/api/v1/picture/changes",
        "What a map draws at a past moment, in the pieces of the live stream: what is another than at `since`, where that picture is still "
        "remembered, else all (then `since` is null).",
        {200: "PictureChanges"},
        (
            ("at", "The moment, required."),
            ("since", "The moment that the map shows."),
        ),
        problems=READ,
    ),
)


SCHEMAS = {
    **SHAPES,
    **PEOPLE_SCHEMAS,
    **ALARM_CARE_SCHEMAS,
    **APPEAL_SCHEMAS,
    **INCIDENT_SCHEMAS,
    **UNIT_SCHEMAS,
    **CAMERA_SCHEMAS,
    **VIEWING_SCHEMAS,
    **REPORT_SCHEMAS,
    **OFFICE_SCHEMAS,
    **DUTY_SCHEMAS,
    **CATALOGUE_SCHEMAS,
    **INDICATOR_SCHEMAS,
    **OPERATIONS_SCHEMAS,
    **WARNING_SCHEMAS,
    **WALLS_SCHEMAS,
}


def blueprint(city: City) -> flask.Blueprint:
    """GET /api/openapi.json; open to everybody."""
    pages = flask.Blueprint("api_openapi", __name__)

    @pages.get("/api/openapi.json")
    def openapi() -> flask.Response:
        return flask.jsonify(description())

    return pages


def description() -> dict[str, Any]:
    """The OpenAPI document."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    schemes = {
        "cookie": {"type": "apiKey", "in": "cookie", "name": "citydeck_session"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "CityDeck", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "security": [{"cookie": []}, {"bearer": []}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": schemes},
    }


def _described(operation: Operation) -> dict[str, Any]:
    problems = sorted({*operation.problems, 401} if not operation.open or operation.body else set(operation.problems))
    in_path = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    parameters: list[dict[str, Any]] = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in in_path]
    for name, meaning in operation.query:
        parameters.append({"name": name, "in": "query", "required": meaning.endswith("required."), "description": meaning, "schema": TEXT})
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": _operation_id(operation),
        "parameters": parameters,
        "responses": {
            **{str(status): _answer(status, name) for status, name in operation.answers.items()},
            **{
                str(status): {"description": "A problem.", "content": {"application/problem+json": {"schema": ref("Problem")}}}
                for status in problems
            },
        },
    }
    if operation.body:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(operation.body)}}}
    if operation.open:
        described["security"] = []
    return described


def _answer(status: int, name: str | None) -> dict[str, Any]:
    if name is None:
        return {"description": "Done." if status == 204 else "As described."}
    return {"description": name, "content": {"application/json": {"schema": ref(name)}}}


def _operation_id(operation: Operation) -> str:
    words = operation.path.removeprefix("/api/").removeprefix("v1/").replace("{", "").replace("}", "").replace(".", "/").split("/")
    return "_".join([operation.method, *words])
