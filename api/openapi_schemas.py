"""The shapes that /api/openapi.json describes (JSON Schema 2020-12, as OpenAPI 3.1 takes it)."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": ["number", "null"]}
MOMENT: Schema = {"type": "integer", "format": "int64", "description": "Epoch milliseconds, UTC."}
MOMENT_OR_NULL: Schema = {"type": ["integer", "null"], "format": "int64"}
CODE: Schema = {"type": "string", "description": "Which rule an input broke, where programs need to tell them apart."}
TEXTS: Schema = {"type": "array", "items": TEXT}
SEVERITY: Schema = {"type": "string", "enum": ["critical", "major", "minor", "warning"]}
VALUES: Schema = {
    "type": "object",
    "description": "Metric -> [at, value, quality].",
    "additionalProperties": {"type": "array", "prefixItems": [MOMENT, {}, {"enum": ["good", "suspect"]}]},
}


def ref(name: str) -> Schema:
    """A reference to one of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def shape(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object of these properties."""
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def items_of(name: str, **more: Schema) -> Schema:
    """A list of things with what belongs to it."""
    return shape({"items": {"type": "array", "items": ref(name)}, **more})


PAGE: dict[str, Schema] = {
    "next": {"type": ["string", "null"], "description": "The `after` of the next page; null on the last one."},
    "total": {"type": "integer"},
}
DEVICE: dict[str, Schema] = {
    "device_id": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "region": TEXT,
    "department": TEXT,
    "lon": NUMBER,
    "lat": NUMBER,
    "interval_s": {**NUMBER, "description": "Expected seconds between reports; null: it reports on change."},
    "adopted": {"type": "boolean"},
    "name_en": {**TEXT, "description": "Empty where nobody gave one."},
}
SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "description": "RFC 9457.",
        **shape({"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT}, {"code": CODE}),
    },
    "Region": shape({"code": TEXT, "name": TEXT, "parent": {"type": ["string", "null"]}, "level": TEXT, "name_en": TEXT}),
    "Regions": items_of("Region"),
    "Device": shape(DEVICE),
    "Devices": items_of("Device", **PAGE),
    "DeviceNow": shape({**DEVICE, "online": {"type": ["boolean", "null"]}, "values": VALUES}),
    "Adoption": shape(
        {"kind": TEXT, "region": TEXT}, {"name": TEXT, "department": TEXT, "lon": NUMBER, "lat": NUMBER, "interval_s": NUMBER}
    ),
    "Adopted": shape({"device_id": TEXT, "adopted": {"const": True}}),
    "Telemetry": shape(
        {
            "at": {"description": "RFC 3339 with an offset, or epoch milliseconds.", "type": ["string", "number"]},
            "values": {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["number", "boolean", "string"]}},
        }
    ),
    "Taken": shape({"device_id": TEXT, "inbox": {"type": "integer"}}),
    "PlatformAnswer": {"type": "object", "additionalProperties": True},
    "Waiting": shape({"feed": TEXT, "inbox": {"type": "integer"}}),
    "History": shape({"device_id": TEXT, "metric": TEXT, "points": {"type": "array", "items": ref("Point")}}),
    "Point": shape({"at": MOMENT, "mean": NUMBER, "low": NUMBER, "high": NUMBER, "text": {"type": ["string", "null"]}}),
    "Alarm": shape(
        {
            "alarm_id": {"type": "string", "format": "uuid"},
            "number": TEXT,
            "rule_id": TEXT,
            "device_id": TEXT,
            "metric": TEXT,
            "region": TEXT,
            "department": TEXT,
            "severity": SEVERITY,
            "state": {"type": "string", "enum": ["active", "cleared"]},
            "raised_at": MOMENT,
            "cleared_at": MOMENT_OR_NULL,
            "raised_value": NUMBER,
            "limit_value": NUMBER,
            "acknowledged_at": MOMENT_OR_NULL,
            "acknowledged_by": {"type": ["string", "null"]},
            "silence_id": {"type": ["string", "null"]},
            "times": {"type": "integer"},
            "flapping": {"type": "boolean"},
        },
        {"device_name": TEXT, "device_name_en": TEXT, "interval_s": NUMBER, "feed": TEXT},
    ),
    "Alarms": items_of("Alarm", total={"type": "integer"}),
    "Acknowledgement": shape({"alarm_id": TEXT, "accepted": {"type": "boolean"}}),
    "MapLayers": shape({name: {"type": "object"} for name in ("regions", "devices", "places", "city")}),
    "PictureChanges": shape({"at": MOMENT, "since": {"type": ["integer", "null"]}, "pieces": {"type": "object"}}),
    "Picture": shape(
        {
            "epoch": TEXT,
            "version": {"type": "integer"},
            "at": MOMENT,
            "devices": {"type": "object"},
            "alarms": {"type": "array", "items": ref("Alarm")},
            "vehicles": {"type": "object"},
            "counts": {"type": "object"},
            "notes": {"type": "object"},
        }
    ),
}
