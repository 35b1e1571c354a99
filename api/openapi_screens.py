"""The part of the API's description that is about walls: pairing their screens, steering them, consultations, told scenes."""

from api.openapi_parts import DEED, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, TEXT, TEXTS, Schema, items_of, shape

BODY = (400, *DEED, 422)

WALLS_OPERATIONS = (
    Operation(
        "post",
        "/api/v1/pairing",
        "Ask to be a wall's screen: a code to show, and a cookie that is worth nothing until somebody approves it.",
        {201: "PairingAsk"},
        problems=(403, 429),
        open=True,
    ),
    Operation("get", "/api/v1/pairing", "Whether this browser is a paired screen.", {200: "PairingState"}, open=True),
    Operation("get", "/api/v1/pairing/{code}", "Which browser shows this code.", {200: "PairingWaiting"}, problems=(403, 404, 429)),
    Operation(
        "post",
        "/api/v1/pairing/{code}",
        "Let it be a screen, with a scope out of the own one.",
        {201: "Screen"},
        body="PairingApproval",
        problems=(*BODY, 404, 429),
    ),
    Operation("get", "/api/v1/screens", "Paired screens.", {200: "Screens"}, problems=(403,)),
    Operation("delete", "/api/v1/screens/{screen_id}", "Revoke one; its stream ends within seconds.", {204: None}, problems=(403, 404)),
    Operation(
        "get", "/api/v1/walls", "Walls that can be steered, what is asked of each and what it shows.", {200: "Walls"}, problems=(403,)
    ),
    Operation("get", "/api/v1/walls/{wall}", "What is asked of one.", {200: "WallAsked"}, problems=(403, 404)),
    Operation(
        "patch",
        "/api/v1/walls/{wall}",
        "Ask a wall for a scene, focus, hold, brightness, cameras, a told scene; what is left out stays.",
        {200: "WallState"},
        body="WallChange",
        problems=(*BODY, 404),
    ),
    Operation(
        "post",
        "/api/v1/walls/{wall}/shown",
        "A wall's browser says what it shows.",
        {200: "WallVersion"},
        body="WallShown",
        problems=(*BODY, 404),
    ),
    Operation(
        "post",
        "/api/v1/consultations",
        "Hold a wall's picture at a moment (now when left out) to consult over it.",
        {201: "Consultation"},
        body="NewConsultation",
        problems=(*BODY, 404, 409),
    ),
    Operation(
        "post",
        "/api/v1/consultations/{consultation_id}/drawing",
        "Draw a shape, take the last one back, or clear.",
        {200: "Consultation"},
        body="Drawing",
        problems=(*BODY, 404, 409),
    ),
    Operation(
        "post",
        "/api/v1/consultations/{consultation_id}/minutes",
        "Decisions: each becomes a task of its department.",
        {201: "MinuteTasks"},
        body="Minutes",
        problems=(*BODY, 404),
    ),
    Operation(
        "post",
        "/api/v1/consultations/{consultation_id}/end",
        "End it; the wall goes on by itself.",
        {204: None},
        body="Nothing",
        problems=(*BODY, 404, 409),
    ),
)

SCOPE: dict[str, Schema] = {"regions": TEXTS, "departments": TEXTS}
WHOLE: Schema = {"type": "integer"}
ANY: Schema = {"type": "object"}
OR_NULL: Schema = {"type": ["object", "null"]}
LIST: Schema = {"type": "array", "items": ANY}
STATE: dict[str, Schema] = {
    "scene": {"type": "string", "description": "A scene of config/displays.yaml; empty: the wall's playlist."},
    "focus": {**OR_NULL, "description": "{kind, id, lon, lat}; kind is incident, alarm, device, region or place."},
    "hold": {"type": "boolean"},
    "brightness": {"type": "number", "minimum": 0.1, "maximum": 1},
    "cameras": TEXTS,
    "at": MOMENT_OR_NULL,
    "told": {"type": "string", "description": "A told scene of config/told_scenes.yaml, or empty."},
    "step": {**WHOLE, "minimum": 0},
}
ASKED: dict[str, Schema] = {**STATE, "version": WHOLE, "by": TEXT, "by_name": TEXT, "asked_at": MOMENT, "wall": TEXT}
WALLS_SCHEMAS: dict[str, Schema] = {
    "PairingAsk": shape({"code": TEXT, "asked_at": MOMENT, "expires_at": MOMENT}),
    "PairingState": shape({"paired": {"type": "boolean"}, "wall": {"type": ["string", "null"]}}),
    "PairingWaiting": shape({"code": TEXT, "address": TEXT, "agent": TEXT, "asked_at": MOMENT, "expires_at": MOMENT}),
    "PairingApproval": shape({"name": {"type": "string", "minLength": 1, "maxLength": 64}, "wall": TEXT}, SCOPE),
    "Screen": shape(
        {
            "screen_id": TEXT,
            "name": TEXT,
            "wall": TEXT,
            **SCOPE,
            "paired_by": TEXT,
            "paired_at": MOMENT,
            "last_seen_at": MOMENT,
            "address": TEXT,
            "agent": TEXT,
        }
    ),
    "Screens": items_of("Screen"),
    "WallChange": shape({}, STATE),
    "WallState": shape({**STATE, "version": WHOLE}),
    "WallAsked": shape({**ASKED, "care": ANY, "told_scene": OR_NULL, "consultation": OR_NULL}),
    "Wall": shape({**ASKED, "zh": TEXT, "en": TEXT, "scenes": TEXTS, "rotates": {"type": "boolean"}, "screens": WHOLE, "shown": LIST}),
    "Walls": items_of("Wall", scenes=LIST, told=LIST),
    "WallShown": {"type": "object", "description": "At most 12 short fields: scene, version, size, ..."},
    "WallVersion": shape({"version": WHOLE}),
    "NewConsultation": shape({"wall": TEXT, "title": TEXT}, {"at": MOMENT, "incident_id": TEXT}),
    "Consultation": shape(
        {
            "consultation_id": TEXT,
            "wall": TEXT,
            "incident_id": {"type": ["string", "null"]},
            "title": TEXT,
            "held_at": MOMENT,
            "opened_by": TEXT,
            "opened_at": MOMENT,
            "version": WHOLE,
            "shapes": LIST,
        }
    ),
    "Drawing": shape({}, {"shape": ANY, "undo": {"const": True}, "clear": {"const": True}}),
    "Minutes": shape({"items": LIST}),
    "MinuteTasks": items_of("MinuteTask"),
    "MinuteTask": shape({"task_id": TEXT, "department": TEXT, "text": TEXT}),
    "Nothing": {"type": "object"},
}
