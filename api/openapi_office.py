"""The part of the API's description that is about the leader's office and instructions."""

from api.openapi_parts import AT, DEED, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, TEXTS, Schema, items_of, ref, shape

WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
OFFICE, LEDGER = "/api/v1/office", "/api/v1/instructions"
THEIRS = "/api/v1/users/{username}/portfolio"
OFFICES = (
    Operation("get", OFFICE, "The own office: major incidents, what got worse, who leads now.", {200: "Office"}, (AT,), problems=READ),
    Operation("get", f"{OFFICE}/towns", "How the towns did lately, in tiers and per head.", {200: "Performances"}, (AT,), problems=READ),
    Operation("get", f"{OFFICE}/brief/{{form}}", "The own morning brief: pdf or docx.", {200: None}, (AT,), problems=(*READ, 404)),
    Operation("get", f"{OFFICE}/portfolio", "What one answers for oneself.", {200: "Portfolio"}, (AT,), problems=(400,)),
    Operation(
        "put",
        f"{OFFICE}/portfolio",
        "Set what one answers for: a leader.",
        {200: "Portfolio"},
        body="Portfolio",
        problems=(400, *DEED, 422),
    ),
    Operation("get", THEIRS, "What somebody answers for: a security administrator.", {200: "Portfolio"}, problems=(403, 404)),
    Operation("put", THEIRS, "Set what somebody answers for.", {200: "Portfolio"}, body="Portfolio", problems=(400, *DEED, 404, 422)),
    Operation(
        "get",
        LEDGER,
        "The ledger of leaders' instructions in scope, those about incidents too.",
        {200: "Instructions"},
        (("state", "given, taken, answered, closed or withdrawn."), AT),
        problems=READ,
    ),
    Operation(
        "post",
        LEDGER,
        "Give an instruction about an incident, an indicator, a region or another matter.",
        {201: "Instruction"},
        body="InstructionSaid",
        problems=(400, *DEED, 404, 409, 422),
    ),
    Operation(
        "get", f"{LEDGER}/{{instruction_id}}", "An instruction with its ledger.", {200: "InstructionInFull"}, (AT,), problems=(*READ, 404)
    ),
    Operation(
        "post",
        f"{LEDGER}/{{instruction_id}}/deeds",
        "Take, answer, remind, extend, send back, close or withdraw.",
        {200: "Instruction"},
        body="InstructionDeed",
        problems=(400, *DEED, 404, 422),
    ),
)
SHOWN: dict[str, Schema] = {
    **dict.fromkeys(("instruction_id", "number", "about", "object", "title", "region", "department", "text", "state"), TEXT),
    **dict.fromkeys(("given_by", "answer", "answered_by"), TEXT),
    **dict.fromkeys(("version", "reminders", "returns"), WHOLE),
    "given_at": MOMENT,
    **dict.fromkeys(("due_at", "answered_at", "ended_at"), MOMENT_OR_NULL),
    "exercise": FLAG,
    "overdue": FLAG,
}
OFFICE_SCHEMAS: dict[str, Schema] = {
    "Portfolio": shape({"domains": TEXTS, "regions": TEXTS}),
    "Office": shape(
        {
            "portfolio": ref("Portfolio"),
            "region": TEXT,
            "majors": {"type": "array", "items": ref("MajorIncident")},
            "worse": {"type": "array", "items": ref("Worse")},
            "on_duty": {"type": "array", "items": ref("Shift")},
        }
    ),
    "MajorIncident": shape(
        {
            **dict.fromkeys(("incident_id", "number", "title", "spine", "state", "grade", "response_level", "urgency", "region"), TEXT),
            **dict.fromkeys(("lead", "clock"), TEXT),
            "on_scene": TEXTS,
            "coming": TEXTS,
            "guards": {"type": "array", "items": ref("Shift")},
            "due_at": MOMENT_OR_NULL,
            "overdue": FLAG,
        }
    ),
    "Worse": shape(
        {
            "since": {"type": "string", "enum": ["day", "week"]},
            **dict.fromkeys(("points", "score_before", "score_now"), NUMBER),
            "now": ANYTHING,
            "then": ANYTHING,
        }
    ),
    "Instruction": shape(SHOWN),
    "Instructions": items_of("Instruction"),
    "InstructionInFull": shape({**SHOWN, "events": {"type": "array", "items": ANYTHING}, "deeds": TEXTS}),
    "InstructionSaid": shape({"about": TEXT, "department": TEXT, "text": TEXT}, {"object": TEXT, "region": TEXT, "due_at": MOMENT_OR_NULL}),
    "InstructionDeed": shape({"deed": TEXT}, {"text": TEXT, "due_at": MOMENT_OR_NULL}),
}
