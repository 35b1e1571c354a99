"""The part of the API's description that is about public warnings."""

from api.openapi_parts import AT, DEED, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, TEXT, TEXTS, Schema, items_of, shape

TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
WARNINGS = (
    Operation("get", "/api/v1/warnings", "Public warnings in force, unclear or ahead.", {200: "Warnings"}, (AT,), problems=READ),
    Operation(
        "post",
        "/api/v1/warnings",
        "Issue a warning of the city's own, or replace one.",
        {201: "WarningNamed"},
        body="NewWarning",
        problems=(400, *DEED, 422),
    ),
    Operation("get", "/api/v1/warnings/areas", "Their drawn areas, as GeoJSON.", {200: "WarningAreas"}, (AT,), problems=READ),
    Operation("get", "/api/v1/warnings.atom", "The city's own warnings as an Atom list of CAP messages.", {200: None}, problems=READ),
    Operation("get", "/api/v1/warnings/{warning_id}", "One of them.", {200: "Warning"}, (AT,), problems=(*READ, 404)),
    Operation("get", "/api/v1/warnings/{warning_id}/cap", "One of the city's own as CAP 1.2.", {200: None}, problems=(*READ, 404)),
    Operation("post", "/api/v1/warnings/{warning_id}/lift", "Lift one of the city's own.", {200: "WarningNamed"}, problems=(*DEED, 404)),
)
REACHED = shape({**dict.fromkeys(("state", "person", "answered_by"), TEXT), "answered_at": MOMENT_OR_NULL})
WARNING_SCHEMAS: dict[str, Schema] = {
    "Warning": shape(
        {
            **dict.fromkeys(("warning_id", "number", "feed", "hazard", "severity", "status", "sender", "standing", "placed"), TEXT),
            **dict.fromkeys(("sent_at", "effective_at"), MOMENT),
            **dict.fromkeys(("regions", "areas", "rules", "resources"), TEXTS),
            "level": TEXT_OR_NULL,
            "expires_at": MOMENT_OR_NULL,
            "texts": {"type": "object"},
            "calls": FLAG,
            "reached": {"anyOf": [REACHED, {"type": "null"}]},
        }
    ),
    "Warnings": items_of("Warning"),
    "NewWarning": shape(
        {**dict.fromkeys(("hazard", "level", "headline"), TEXT), "regions": TEXTS, "expires_at": MOMENT},
        {**dict.fromkeys(("description", "instruction", "replaces"), TEXT), "exercise": FLAG},
    ),
    "WarningNamed": shape({"warning_id": TEXT}),
    "WarningAreas": shape({"type": TEXT, "features": {"type": "array"}}),
}
