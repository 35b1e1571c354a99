"""The part of the API's description that is about duty, notices, plans and tasks."""

from api.openapi_parts import AT, DEED, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, TEXTS, Schema, items_of, ref, shape
from domain.duty import POSTS
from domain.plans import MOVES

WRITE = (400, *DEED, 404, 422)
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
THINGS: Schema = {"type": "array", "items": ANYTHING}
POST: Schema = {"type": "string", "enum": list(POSTS)}
SPAN = (("since", "From, epoch milliseconds; now when left out."), ("until", "To; a week after `since` when left out."))
UNIT = (("department", "A department's or region's code; the center's own when left out."), AT)
DUTY = "/api/v1/duty"
APPROVE, SEEN = "/api/v1/plans/{plan_id}/approve", (("drafted_at", "Only when the draft is still the one written then."),)
NOTICES = (
    Operation(
        "get",
        "/api/v1/notices",
        "One's own notices, newest first.",
        {200: "Notices"},
        (("unread", "true: only unread ones."),),
        problems=(400,),
    ),
    Operation("post", "/api/v1/notices/read", "They have been read.", {200: "NoticesRead"}, body="NoticeIds", problems=(400, *DEED, 422)),
    Operation("post", "/api/v1/notices/answer", "Answer a calling.", {200: "CallingAnswered"}, body="CallingAnswer", problems=WRITE),
    Operation("get", "/api/v1/notices/addresses", "Where one is reached.", {200: "Addresses"}),
    Operation("put", "/api/v1/notices/addresses", "Be reached there.", {200: "Addresses"}, body="Address", problems=(400, *DEED, 422)),
    Operation(
        "get",
        "/api/v1/notices/sent",
        "What one's own deeds told others: whom it reached, and who has read it.",
        {200: "SentNotices"},
        (("number", "Only about the incident of this printed number."),),
        problems=(400,),
    ),
    Operation("post", "/api/v1/notices/test", "A test message to oneself, over every channel.", {201: "Notices"}, problems=(*DEED, 422)),
    Operation(
        "get",
        "/api/v1/callings/{thing}",
        "The chain about `kind:id`: who is called, since when, who did not answer.",
        {200: "Chain"},
        problems=(404,),
    ),
)
ROSTERS = (
    Operation("get", f"{DUTY}/shifts", "Shifts in scope.", {200: "Shifts"}, (*SPAN, AT), problems=READ),
    Operation("post", f"{DUTY}/shifts", "A new shift.", {201: "Shift"}, body="ShiftSaid", problems=WRITE),
    Operation("put", f"{DUTY}/shifts/{{shift_id}}", "Another form of a shift.", {200: "Shift"}, body="ShiftSaid", problems=WRITE),
    Operation("delete", f"{DUTY}/shifts/{{shift_id}}", "It is not to be.", {204: None}, problems=(403, 404)),
    Operation("post", f"{DUTY}/shifts.csv", "Take a file (text/csv) whole; 422 names every wrong row.", {201: "FileRead"}, problems=WRITE),
    Operation(
        "get", f"{DUTY}/roster.ics", "iCalendar.", {200: None}, (*SPAN, ("username", "One person."), ("post", "One post.")), problems=READ
    ),
    Operation("get", f"{DUTY}/gaps", "Where the center's posts are short.", {200: "Gaps"}, (*SPAN, AT), problems=READ),
    Operation("get", f"{DUTY}/changes", "Swaps and stand-ins that wait.", {200: "DutyChanges"}, problems=(403,)),
    Operation("post", f"{DUTY}/changes", "Ask a colleague to take one's shift.", {201: "DutyChange"}, body="ChangeAsked", problems=WRITE),
    Operation(
        "post",
        f"{DUTY}/changes/{{change_id}}/answer",
        "Agree as the colleague, decide as a shift leader.",
        {200: "DutyChange"},
        body="ChangeAnswer",
        problems=WRITE,
    ),
)
ROOM = (
    Operation("get", f"{DUTY}/log", "The duty log, newest first.", {200: "DutyLog"}, UNIT, problems=(*READ, 404)),
    Operation("post", f"{DUTY}/log", "Write a line; it stays.", {201: "LogEntry"}, body="LogSaid", problems=WRITE),
    Operation("get", f"{DUTY}/calls", "The telephone log.", {200: "PhoneCalls"}, UNIT, problems=(*READ, 404)),
    Operation("post", f"{DUTY}/calls", "Take a call down.", {201: "PhoneCall"}, body="CallSaid", problems=WRITE),
    Operation(
        "post",
        f"{DUTY}/calls/{{call_id}}/incident",
        "The call becomes an incident, once.",
        {201: "Incident"},
        body="CallIncident",
        problems=(*WRITE, 409),
    ),
    Operation("get", f"{DUTY}/handovers", "Hand-overs.", {200: "HandOvers"}, UNIT, problems=(*READ, 404)),
    Operation(
        "post", f"{DUTY}/handovers", "Hand over, with everything that is open.", {201: "HandOver"}, body="HandOverSaid", problems=WRITE
    ),
    Operation(
        "post", f"{DUTY}/handovers/{{handover_id}}/sign", "Sign as the next shift.", {200: "HandOver"}, body="Signature", problems=WRITE
    ),
    Operation("get", f"{DUTY}/book", "The address book with who is on duty now.", {200: "AddressBook"}, (AT,), problems=READ),
    Operation("post", f"{DUTY}/contacts", "A number of the book.", {201: "Contact"}, body="ContactSaid", problems=WRITE),
    Operation("delete", f"{DUTY}/contacts/{{contact_id}}", "It is none any more.", {204: None}, problems=(403, 404)),
    Operation(
        "post", f"{DUTY}/contacts.csv", "Take a file (text/csv) whole; 422 names every wrong row.", {201: "FileRead"}, problems=WRITE
    ),
    Operation("get", f"{DUTY}/rolls", "Roll calls and duty checks with their answers.", {200: "Rolls"}, (AT,), problems=READ),
    Operation("post", f"{DUTY}/rolls", "Call whoever is on duty in each unit.", {201: "Roll"}, body="RollAsked", problems=WRITE),
)
PLANS = (
    Operation("get", "/api/v1/plans", "Plans, all versions.", {200: "Plans"}, (AT,), problems=READ),
    Operation("post", "/api/v1/plans", "Draft the next version.", {201: "Plan"}, body="PlanSaid", problems=(400, *DEED, 422)),
    Operation("post", APPROVE, "It holds from now on.", {204: None}, SEEN, problems=(400, 403, 404, 422)),
    Operation(
        "get",
        "/api/v1/tasks",
        "Open tasks in scope, or all of an incident.",
        {200: "Tasks"},
        (("incident_id", "Of this incident."),),
        problems=(*READ, 404),
    ),
    Operation(
        "post",
        "/api/v1/tasks/{task_id}/deeds",
        "Acknowledge, finish with an answer, cancel.",
        {200: "Task"},
        body="TaskDeed",
        problems=WRITE,
    ),
)
DUTY_OPERATIONS = (*NOTICES, *ROSTERS, *ROOM, *PLANS)
NOTICE = shape(
    {
        **dict.fromkeys(("notice_id", "thing", "username", "channel", "template", "link", "state", "error"), TEXT),
        "created_at": MOMENT,
        "sent_at": MOMENT_OR_NULL,
        "read_at": MOMENT_OR_NULL,
        "exercise": FLAG,
        "params": ANYTHING,
        "people": {"type": "object", "additionalProperties": TEXT},
    }
)
CALLING = shape(
    {
        **dict.fromkeys(("calling_id", "thing", "template", "state", "answered_by", "superior", "person"), TEXT),
        "chain": TEXTS,
        "not_reached": TEXTS,
        "position": WHOLE,
        "call": WHOLE,
        "turn": WHOLE,
        "next_at": MOMENT,
        "answered_at": MOMENT_OR_NULL,
    }
)
SHIFT: dict[str, Schema] = {
    "post": POST,
    "department": TEXT,
    "username": TEXT,
    "name": TEXT,
    "phone": TEXT,
    "starts": MOMENT,
    "ends": MOMENT,
}
STEP: dict[str, Schema] = {"code": TEXT, "zh": TEXT, "en": TEXT, "levels": TEXTS, "department": TEXT, "post": TEXT, "within_min": NUMBER}
CALL = ("caller", "phone", "text", "told", "address", "department")
DUTY_SCHEMAS: dict[str, Schema] = {
    "Notice": NOTICE,
    "Notices": items_of("Notice"),
    "SentNotices": items_of("SentNotice"),
    "SentNotice": shape({"thing": TEXT, "template": TEXT, "created_at": MOMENT, "notices": {"type": "array", "items": ref("Notice")}}),
    "NoticesRead": shape({"read": WHOLE}),
    "NoticeIds": shape({"notice_ids": TEXTS}),
    "CallingAnswer": shape({"thing": TEXT}),
    "CallingAnswered": shape({"answered": FLAG}),
    "Addresses": shape({"addresses": {"type": "object", "additionalProperties": TEXT}}),
    "Address": shape({"channel": {"type": "string", "enum": ["email", "http", "lang"]}, "address": TEXT}),
    "Chain": shape({"calling": CALLING, "notices": {"type": "array", "items": ref("Notice")}}),
    "Shift": shape({"shift_id": TEXT, **SHIFT}),
    "Shifts": items_of("Shift"),
    "ShiftSaid": shape(
        {name: SHIFT[name] for name in ("post", "username", "starts", "ends")},
        {name: SHIFT[name] for name in ("department", "name", "phone")},
    ),
    "FileRead": shape({"written": WHOLE, "wrong": {"type": "array", "items": shape({"line": WHOLE, "code": TEXT, "value": TEXT})}}),
    "Gaps": shape(
        {
            "items": {
                "type": "array",
                "items": shape({"post": POST, "department": TEXT, "starts": MOMENT, "ends": MOMENT, "there": WHOLE, "owed": WHOLE}),
            }
        }
    ),
    "DutyChange": shape(
        {
            **dict.fromkeys(
                ("change_id", "kind", "shift_id", "department", "asked_by", "asked_of", "reason", "state", "decided_by", "refusal"), TEXT
            ),
            "other_shift_id": {"type": ["string", "null"]},
            "asked_at": MOMENT,
            "agreed_at": MOMENT_OR_NULL,
            "decided_at": MOMENT_OR_NULL,
        }
    ),
    "DutyChanges": items_of("DutyChange"),
    "ChangeAsked": shape({"shift_id": TEXT, "asked_of": TEXT}, {"other_shift_id": {"type": ["string", "null"]}, "reason": TEXT}),
    "ChangeAnswer": shape({"yes": FLAG}, {"reason": TEXT}),
    "LogEntry": shape(
        {**dict.fromkeys(("entry_id", "department", "username", "kind", "text", "link"), TEXT), "at": MOMENT, "recorded_at": MOMENT}
    ),
    "DutyLog": items_of("LogEntry"),
    "LogSaid": shape({"text": TEXT}, {"department": TEXT, "at": MOMENT, "link": TEXT}),
    "PhoneCall": shape(
        {
            **dict.fromkeys((*CALL, "call_id", "username"), TEXT),
            "at": MOMENT,
            "recorded_at": MOMENT,
            "incident_id": {"type": ["string", "null"]},
        }
    ),
    "PhoneCalls": items_of("PhoneCall"),
    "CallSaid": shape({"text": TEXT}, {**dict.fromkeys(CALL, TEXT), "at": MOMENT}),
    "CallIncident": shape({}, {"data": ANYTHING}),
    "HandOver": shape(
        {
            **dict.fromkeys(("handover_id", "department", "by_username", "note", "signed_by", "signed_note"), TEXT),
            "at": MOMENT,
            "signed_at": MOMENT_OR_NULL,
            "open_matters": THINGS,
        }
    ),
    "HandOvers": items_of("HandOver"),
    "HandOverSaid": shape({}, {"department": TEXT, "note": TEXT}),
    "Signature": shape({}, {"note": TEXT}),
    "Contact": shape(dict.fromkeys(("contact_id", "department", "name", "post", "phone"), TEXT)),
    "ContactSaid": shape({"name": TEXT, "phone": TEXT}, {"department": TEXT, "post": TEXT, "contact_id": TEXT}),
    "BookPage": shape(
        {
            "code": TEXT,
            "name": TEXT,
            "name_en": TEXT,
            "on_duty": {"type": "array", "items": ref("Shift")},
            "contacts": {"type": "array", "items": ref("Contact")},
        }
    ),
    "AddressBook": items_of("BookPage"),
    "Roll": shape(
        {
            "roll_id": TEXT,
            "kind": TEXT,
            "asked_by": TEXT,
            "asked_at": MOMENT,
            "departments": TEXTS,
            "nobody": TEXTS,
            "called": {
                "type": "array",
                "items": shape({**dict.fromkeys(("department", "state", "person", "answered_by"), TEXT), "answered_at": MOMENT_OR_NULL}),
            },
            "answer_ms": {"type": "object", "additionalProperties": WHOLE},
        }
    ),
    "Rolls": items_of("Roll"),
    "RollAsked": shape({"kind": {"type": "string", "enum": ["roll_call", "duty_check"]}, "departments": TEXTS}),
    "Plan": shape(
        {
            **dict.fromkeys(("plan_id", "code", "zh", "en", "kind", "source", "state", "drafted_by", "approved_by"), TEXT),
            "version": WHOLE,
            "classes": TEXTS,
            "authors": TEXTS,
            "steps": {"type": "array", "items": shape(STEP)},
            "drafted_at": MOMENT,
            "approved_at": MOMENT_OR_NULL,
        }
    ),
    "Plans": items_of("Plan"),
    "PlanSaid": shape(
        {"code": TEXT, "zh": TEXT, "kind": TEXT, "classes": TEXTS, "steps": {"type": "array", "items": shape(STEP)}}, {"en": TEXT}
    ),
    "Task": shape(
        {
            **dict.fromkeys(
                (
                    "task_id",
                    "kind",
                    "step",
                    "level",
                    "department",
                    "post",
                    "zh",
                    "en",
                    "state",
                    "assigned_by",
                    "acknowledged_by",
                    "ended_by",
                    "answer",
                    "region",
                    "number",
                    "title",
                ),
                TEXT,
            ),
            **dict.fromkeys(("due_at", "acknowledged_at", "ended_at"), MOMENT_OR_NULL),
            **dict.fromkeys(("incident_id", "plan_id"), TEXT_OR_NULL),
            "assigned_at": MOMENT,
            "exercise": FLAG,
        }
    ),
    "Tasks": items_of("Task"),
    "TaskDeed": shape({"deed": {"type": "string", "enum": list(MOVES)}}, {"answer": TEXT}),
}
