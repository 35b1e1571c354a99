"""The part of the API's description that is about units and sending them."""

from api.openapi_parts import DEED, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, TEXTS, Schema, items_of, ref, shape

BODY = (400, *DEED, 404, 409, 422)
WHOLE: Schema = {"type": "integer"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
THINGS: Schema = {"type": "array", "items": ANYTHING}
INCIDENT = "/api/v1/incidents/{incident_id}"
SPAN = (("since", "From; a day before `until` when left out."), ("until", "To; now when left out."))
UNITS = (
    Operation("get", "/api/v1/units", "Units in scope as they stand.", {200: "Units"}, problems=READ),
    Operation("get", "/api/v1/units/{unit_id}/track", "Where a unit was.", {200: "Track"}, SPAN, problems=(*READ, 404)),
    Operation("post", "/api/v1/units/{unit_id}/steps", "A unit's next step.", {200: "Unit"}, body="UnitStep", problems=BODY),
    Operation("get", "/api/v1/resources", "Stores, shelters, hospitals, experts, teams.", {200: "Resources"}, problems=READ),
    Operation(
        "get", f"{INCIDENT}/recommendation", "Whom to send, best first, with reasons.", {200: "Recommendation"}, problems=(*READ, 404, 422)
    ),
    Operation("post", f"{INCIDENT}/units", "Send units: all of them or none.", {200: "Incident"}, body="Order", problems=BODY),
    Operation("get", f"{INCIDENT}/around", "What lies around an incident.", {200: "Around"}, problems=(*READ, 404, 422)),
    Operation("post", "/api/v1/assignments", "Who goes where for several incidents.", {200: "Assignments"}, body="Several", problems=BODY),
    Operation("post", "/api/v1/cordon", "What lies inside a drawn line.", {200: "Inside"}, body="Cordon", problems=(400, *DEED, 422)),
)
UNIT = {
    **dict.fromkeys(("unit_id", "name", "kind", "region", "department", "phone", "state", "run"), TEXT),
    **dict.fromkeys(("capabilities", "devices", "members"), TEXTS),
    **dict.fromkeys(("home_lon", "home_lat", "lon", "lat"), NUMBER),
    "seen_at": MOMENT_OR_NULL, "since": MOMENT_OR_NULL, "on_shift": {"type": "boolean"}, "load": WHOLE, "times": ANYTHING,
}  # fmt: skip
PLAN = shape({"sent": ANYTHING, "total_s": NUMBER, "worst_s": NUMBER})
UNIT_SCHEMAS: dict[str, Schema] = {
    "Unit": shape(UNIT),
    "Units": items_of("Unit"),
    "TrackPoint": shape({"at": MOMENT, "lon": NUMBER, "lat": NUMBER, "speed": NUMBER, "course": NUMBER}),
    "Track": items_of("TrackPoint"),
    "UnitStep": shape({"state": TEXT}, {"lon": NUMBER, "lat": NUMBER, "reason": TEXT, "at": MOMENT, "request_id": TEXT}),
    "Resource": shape(
        {
            **dict.fromkeys(("resource_id", "name", "kind", "region", "department", "phone"), TEXT),
            "lon": NUMBER, "lat": NUMBER, "capabilities": TEXTS, "capacity": NUMBER, "free": NUMBER, "stock": ANYTHING,
        }
    ),
    "Resources": items_of("Resource"),
    "Recommendation": shape({"answers": THINGS, "units": {"type": "array", "items": ref("Unit")}}),
    "Order": shape({"unit_ids": TEXTS}, {"override_reason": TEXT}),
    "Around": shape(
        {**dict.fromkeys(("cameras", "sensors", "units", "resources", "places"), THINGS), "reach": ANYTHING, "how": TEXT}
        | {"cameras_open": WHOLE, "warnings": {"type": "array", "items": ref("Warning")}}
        | {"plan": {"anyOf": [ref("Plan"), {"type": "null"}]}}
    ),
    "Several": shape({"incident_ids": TEXTS}),
    "Assignments": shape({"greedy": PLAN, "least_total": PLAN, "least_worst": PLAN}),
    "Cordon": shape({"corners": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}}),
    "Inside": shape({**dict.fromkeys(("devices", "places", "units", "resources"), THINGS), "incidents": TEXTS}),
}  # fmt: skip
