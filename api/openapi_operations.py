"""The part of the API's description that is about feed health and operations work orders."""

from api.openapi_parts import AT, DEED, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, TEXTS, Schema, items_of, ref, shape
from domain.feed_health import STATES
from domain.upkeep import KINDS, MOVES
from domain.upkeep import STATES as ORDER_STATES

WHOLE: Schema = {"type": "integer"}
WHOLE_OR_NULL: Schema = {"type": ["integer", "null"]}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
THINGS: Schema = {"type": "array", "items": ANYTHING}
OPERATIONS_WORK = (
    Operation("get", "/api/v1/feeds/health", "What each feed is worth, the worst first.", {200: "FeedHealths"}, (AT,), problems=READ),
    Operation("get", "/api/v1/feeds/{feed}/health", "One feed in full.", {200: "FeedInFull"}, (AT,), problems=(*READ, 404)),
    Operation(
        "get",
        "/api/v1/feeds/{feed}/rejected",
        "The newest messages that were rejected for a reason, personal data masked; for those whose scope is the whole city.",
        {200: "RejectedMessages"},
        (("reason", "The reason; required."), AT),
        problems=(*READ, 404),
    ),
    Operation("get", "/api/v1/upkeep", "Operations work orders in scope.", {200: "UpkeepOrders"}, (AT,), problems=READ),
    Operation("get", "/api/v1/upkeep/{order_id}", "One with its history.", {200: "UpkeepInFull"}, (AT,), problems=(*READ, 404)),
    Operation(
        "post",
        "/api/v1/upkeep/{order_id}/deeds",
        "Take an order, say that it is mended, note, return, close or void it.",
        {200: "UpkeepOrder"},
        body="UpkeepDeed",
        problems=(400, *DEED, 404, 409, 422),
    ),
)
HEALTH: dict[str, Schema] = {
    "feed": TEXT,
    "state": {"type": "string", "enum": list(STATES)},
    "problems": THINGS,
    "last_at": MOMENT_OR_NULL,
    "window_ms": WHOLE,
    **dict.fromkeys(("rate", "expected_rate", "error_share", "suspect_share"), NUMBER),
    **dict.fromkeys(("lag_ms", "lag_p95_ms"), WHOLE_OR_NULL),
    "counts": ANYTHING,
    "devices": ANYTHING,
    "ways": THINGS,
    "unknown": {"type": "object", "additionalProperties": TEXT, "description": "Figure -> why nobody can know it."},
}
ORDER: dict[str, Schema] = {
    **dict.fromkeys(("order_id", "number", "thing", "name", "region", "department", "rule", "owner", "vendor", "why"), TEXT),
    **dict.fromkeys(("due_note", "closed_by"), TEXT),
    "kind": {"type": "string", "enum": list(KINDS)},
    "state": {"type": "string", "enum": list(ORDER_STATES)},
    **dict.fromkeys(("down_since", "opened_at"), MOMENT),
    **dict.fromkeys(("due_at", "recovered_at", "closed_at"), MOMENT_OR_NULL),
    "handled_by": TEXTS,
    **dict.fromkeys(("version", "relapses"), WHOLE),
}
REJECTED: dict[str, Schema] = {
    "message_id": WHOLE, **dict.fromkeys(("feed", "topic", "payload", "reason", "detail"), TEXT), "received_at": MOMENT,
}  # fmt: skip
OPERATIONS_SCHEMAS: dict[str, Schema] = {
    "FeedHealth": shape(HEALTH),
    "FeedHealths": shape({"at": MOMENT, "items": {"type": "array", "items": ref("FeedHealth")}}),
    "FeedInFull": shape(
        {**HEALTH, "adapter": TEXT, "rejects": THINGS, "losses": THINGS, "online": ANYTHING, "quiet": {"type": ["array", "null"]}}
    ),
    "RejectedMessage": shape(REJECTED),
    "RejectedMessages": items_of("RejectedMessage"),
    "UpkeepOrder": shape(ORDER),
    "UpkeepOrders": items_of("UpkeepOrder"),
    "UpkeepInFull": shape({**ORDER, "history": THINGS, "online": ANYTHING, "deeds": TEXTS}),
    "UpkeepDeed": shape({"deed": {"type": "string", "enum": [one.deed for one in MOVES]}}, {"note": TEXT}),
}
