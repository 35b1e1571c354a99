"""The part of the API's description that is about reports and performance."""

from api.openapi_parts import DEED, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, Schema, items_of, shape

WHOLE: Schema = {"type": "integer"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}


def listed(properties: dict[str, Schema]) -> Schema:
    """A list of records."""
    return {"type": "array", "items": shape(properties)}


OF = "/api/v1/incidents/{incident_id}/reports"
REVIEW = "/api/v1/incidents/{incident_id}/review"
REPORTS = (
    Operation("get", OF, "An incident's information reports.", {200: "Reports"}, problems=(*READ, 404)),
    Operation(
        "post", OF, "Begin the next report from what the incident tells.", {201: "InformationReport"}, problems=(*DEED, 404, 409, 422)
    ),
    Operation(
        "post",
        "/api/v1/reports/{report_id}/deeds",
        "Edit, review, return or sign a report.",
        {200: "InformationReport"},
        body="ReportDeed",
        problems=(400, *DEED, 404, 409, 422),
    ),
    Operation("get", "/api/v1/reports/{report_id}/{form}", "The report as a document: pdf or docx.", {200: None}, problems=(403, 404)),
    Operation(
        "get", REVIEW, "An incident weighed: its clocks, units' times, notices, what was late.", {200: "Review"}, problems=(*READ, 404)
    ),
    Operation(
        "get",
        "/api/v1/briefs/{form}",
        "What came in, is open and is major over a time, in the actor's scope: json, pdf or docx.",
        {200: "Brief"},
        (
            ("kind", "duty or situation; duty when left out."),
            ("since", "From this moment on; a day before the end when left out."),
            ("until", "Until this moment; now when left out."),
        ),
        problems=(*READ, 404),
    ),
    Operation("get", f"{REVIEW}/{{form}}", "The review as a document: pdf or docx.", {200: None}, problems=(403, 404)),
    Operation(
        "get",
        "/api/v1/performance",
        "How units, places or posts did with what was reported in a time; the last thirty days unless told otherwise.",
        {200: "Performances"},
        (("by", "lead (unit), region or post."), ("since", "Reported from this moment on."), ("until", "Reported before this moment.")),
        problems=READ,
    ),
)
SHARE: Schema = {**NUMBER, "description": "0 to 1; null where there was nothing to divide by."}
REPORT_SCHEMAS: dict[str, Schema] = {
    "InformationReport": shape(
        {
            **dict.fromkeys(("report_id", "incident_id", "kind", "state", "drafted_by", "reviewed_by", "issued_by", "returned"), TEXT),
            "ordinal": WHOLE,
            "version": WHOLE,
            "fields": ANYTHING,
            "drafted_at": MOMENT,
            **dict.fromkeys(("reviewed_at", "issued_at", "due_at"), MOMENT_OR_NULL),
        }
    ),
    "Review": shape(
        {
            "summary": TEXT,
            "lessons": TEXT,
            "targets": listed(
                {
                    **dict.fromkeys(("name", "unit", "state"), TEXT),
                    "allowed_ms": WHOLE,
                    "used_ms": {"type": ["integer", "null"]},
                    "started_at": MOMENT,
                    "ended_at": MOMENT_OR_NULL,
                }
            ),
            "units": listed({"unit_id": TEXT, "status": TEXT, "at": MOMENT}),
            "told": listed(
                {
                    **dict.fromkeys(("username", "template", "channel", "state"), TEXT),
                    "created_at": MOMENT,
                    **dict.fromkeys(("sent_at", "read_at"), MOMENT_OR_NULL),
                    "exercise": {"type": "boolean"},
                }
            ),
            "opened": listed({"source": TEXT, "username": TEXT, "at": MOMENT}),
            "late": listed({"what": TEXT, "name": TEXT}),
        }
    ),
    "Brief": shape(
        {
            **dict.fromkeys(("since", "until"), MOMENT),
            **dict.fromkeys(("totals", "by_class", "by_town", "alarms"), ANYTHING),
            "major": {"type": "array", "items": ANYTHING},
            "on_duty": {"type": "array", "items": ANYTHING},
            "feeds": {"type": "array", "items": TEXT},
        }
    ),
    "Reports": items_of("InformationReport"),
    "ReportDeed": shape({"deed": TEXT, "version": WHOLE}, {"fields": ANYTHING, "reason": TEXT}),
    "Performance": shape(
        {
            "key": TEXT,
            "incidents": WHOLE,
            "closed": WHOLE,
            "per_10k": NUMBER,
            **dict.fromkeys(("on_time", "closing", "rework", "returned", "signed", "satisfied", "redone"), SHARE),
        }
    ),
    "Performances": items_of("Performance", tiers={"type": "array", "items": {"type": "array", "items": TEXT}}),
}
