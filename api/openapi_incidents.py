"""The part of the API's description that is about incidents."""

from api.openapi_parts import AT, DEED, LIMIT, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, TEXTS, Schema, items_of, ref, shape
from domain.incident_states import SPINES

BODY = (400, *DEED, 404, 409, 422)
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
THINGS: Schema = {"type": "array", "items": ANYTHING}
SEARCH = (
    ("text", "Looked for in number, title, address and description."),
    ("spine", "case, order or emergency."),
    ("state", "States, separated by commas."),
    ("open", "true or false."),
    ("class_code", "Classes, separated by commas."),
    ("region", "Regions with all below them, separated by commas."),
    ("department", "Given to this department."),
    ("urgency", "critical, urgent or normal."),
    ("grade", "I to IV or ungraded."),
    ("source", "Where reports come from."),
    ("overdue", "true: only what is overdue."),
    ("near_due", "true: only what is near due."),
    ("supervised", "true: only what is supervised."),
    ("proposed", "true: only what waits for an approval."),
    ("contradicted", "true: only what is said to be done while its alarm is still active."),
    ("since", "Reported from this moment on."),
    ("until", "Reported before this moment."),
    ("sort", "A column; a minus before it turns the order round. -reported_at when left out."),
    ("offset", "How many to pass over."),
    LIMIT,
)
PLACE = (("lon", "WGS 84 degrees; required."), ("lat", "WGS 84 degrees; required."))
ONE = "/api/v1/incidents/{incident_id}"
INCIDENTS = (
    Operation("get", "/api/v1/incidents", "Incidents in scope.", {200: "Incidents"}, SEARCH, problems=READ),
    Operation("post", "/api/v1/incidents", "Report one.", {201: "Incident"}, body="Report", problems=(400, *DEED, 422)),
    Operation("get", "/api/v1/incidents/past", "Those open at a past moment.", {200: "PastIncidents"}, (AT,), problems=READ),
    Operation(
        "get",
        "/api/v1/incidents/unseen",
        "What people reported and no device saw, the last week unless told otherwise.",
        {200: "BlindSpots"},
        (("since", "Reported from this moment on."),),
        problems=READ,
    ),
    Operation(
        "get",
        "/api/v1/incidents/alike",
        "Open incidents that a report of this place and class may be.",
        {200: "Alike"},
        (*PLACE, ("class_code", "The class of the report.")),
        problems=READ,
    ),
    Operation("get", ONE, "One with its events and the moves that are open.", {200: "IncidentSeen"}, (AT,), problems=(*READ, 404)),
    Operation("post", f"{ONE}/deeds", "Do a deed; 409 when somebody acted meanwhile.", {200: "Incident"}, body="Deed", problems=BODY),
    Operation(
        "post",
        f"{ONE}/attachments",
        "Attach a file: its bytes as application/octet-stream.",
        {201: "Attachment"},
        (
            ("name", "Its name."),
            ("phase", "report, before, after, check or other."),
            ("taken_at", "When it was taken."),
            ("lon", "Where it was taken, WGS 84 degrees."),
            ("lat", "Where it was taken, WGS 84 degrees."),
            ("request_id", "The same one again attaches nothing twice."),
        ),
        problems=BODY,
    ),
    Operation("get", f"{ONE}/attachments/{{attachment_id}}", "A file's bytes.", {200: None}, problems=(403, 404)),
)
CLOCK = shape(
    {
        "name": TEXT, "unit": TEXT, "allowed_ms": WHOLE, "used_ms": WHOLE, "running_since": MOMENT_OR_NULL, "due_at": MOMENT_OR_NULL,
        "started_at": MOMENT, "ended_at": MOMENT_OR_NULL, "note": TEXT,
    }
)  # fmt: skip
SPINE: Schema = {"type": "string", "enum": list(SPINES)}
ROW: dict[str, Schema] = {
    **dict.fromkeys(("incident_id", "number", "state", "source", "class_code", "title", "urgency", "grade", "response_level", "region",
        "address", "device_id", "lead", "clock"), TEXT),
    "spine": SPINE, "version": WHOLE, "open": FLAG, "lon": NUMBER, "lat": NUMBER, "departments": TEXTS, "reported_at": MOMENT,
    "changed_at": MOMENT, "due_at": MOMENT_OR_NULL, "near_at": MOMENT_OR_NULL, "paused": FLAG, "supervised": FLAG, "carried": FLAG,
    "proposals": TEXTS, "alarms": TEXTS, "exercise": FLAG,
}  # fmt: skip
INCIDENT_SCHEMAS: dict[str, Schema] = {
    "IncidentRow": shape(ROW),
    "Incidents": items_of("IncidentRow", total=WHOLE),
    "Alike": items_of("AlikeRow"),
    "AlikeRow": shape({**ROW, "likeness": ANYTHING}),
    "BlindSpots": items_of("BlindSpot"),
    "BlindSpot": shape(
        {
            **dict.fromkeys(("incident_id", "number", "title", "class_code", "region"), TEXT),
            "lon": NUMBER, "lat": NUMBER, "reported_at": MOMENT, "devices_near": WHOLE,
        }
    ),
    "PastIncidents": items_of("Incident"),
    "Incident": shape(
        {
            **dict.fromkeys(("incident_id", "number", "state", "source", "class_code", "title", "description", "urgency", "grade",
                "response_level", "region", "owner", "told", "reported_by", "lead", "rule_id", "raised_to", "merged_into", "handed_from"),
                TEXT),
            **dict.fromkeys(("joint", "supervised", "carried", "check_agrees", "exercise", "open"), FLAG),
            **dict.fromkeys(("version", "extensions", "reworks", "reminders", "published"), WHOLE),
            **dict.fromkeys(("assisting", "handled_by", "merged_from", "alarms", "opened"), TEXTS),
            **dict.fromkeys(("place", "caller", "proposals", "figures", "instructions", "units"), ANYTHING),
            **dict.fromkeys(("returns", "disputes", "handovers", "phoned"), THINGS),
            "spine": SPINE, "clocks": {"type": "object", "additionalProperties": CLOCK}, "occurred_at": MOMENT_OR_NULL,
            "reported_at": MOMENT, "changed_at": MOMENT, "deferred_until": MOMENT_OR_NULL, "score": {"type": ["integer", "null"]},
        }
    ),
    "IncidentEvent": shape(
        {"version": WHOLE, "kind": TEXT, "deed": TEXT, "at": MOMENT, "recorded_at": MOMENT, "actor": TEXT, "data": ANYTHING}
    ),
    "IncidentSeen": shape(
        {
            "incident": ref("Incident"),
            "events": {"type": "array", "items": ref("IncidentEvent")},
            "moves": {"type": "array", "items": shape({"deed": TEXT, "needs": TEXTS, "approval": TEXT})},
            "standings": {"type": "object", "additionalProperties": shape({"state": TEXT, "left_ms": {"type": ["integer", "null"]}})},
            "attachments": {"type": "array", "items": ref("Attachment")},
            "people": {"type": "object", "additionalProperties": TEXT},
        }
    ),
    "Attachment": shape(
        {
            **dict.fromkeys(("attachment_id", "incident_id", "sha256", "media_type", "name", "phase", "added_by"), TEXT),
            "bytes": WHOLE, "taken_at": MOMENT_OR_NULL, "lon": NUMBER, "lat": NUMBER, "added_at": MOMENT,
        }
    ),
    "Report": shape({"data": ref("ReportSaid")}, {"at": MOMENT, "request_id": TEXT}),
    "ReportSaid": shape(
        {"title": TEXT, "source": TEXT, "place": ANYTHING},
        {**dict.fromkeys(("spine", "class_code", "description", "urgency", "region", "owner", "told"), TEXT), "caller": ANYTHING,
         "occurred_at": MOMENT, "exercise": FLAG, "alarms": TEXTS},
    ),
    "Deed": shape(
        {"deed": TEXT, "version": {"type": ["integer", "null"], "description": "As you saw it; null for what overwrites nothing."}},
        {"data": ANYTHING, "at": MOMENT, "request_id": TEXT},
    ),
}  # fmt: skip
