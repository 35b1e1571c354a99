"""The part of the API's description that is about alarm silences, false alarms and how good the rules are."""

from api.openapi_parts import DEED, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, TEXTS, Schema, items_of, shape

WHOLE: Schema = {"type": "integer"}
AT = (("at", "The moment asked about; now when left out."),)
SINCE = ("since", "From; a week before when left out, at most as far back as config/alarm_care.yaml says (`quality`).")
ALARM_CARE = (
    Operation("get", "/api/v1/silences", "Maintenance silences in scope.", {200: "Silences"}, AT, problems=READ),
    Operation("post", "/api/v1/silences", "Silence alarms.", {201: "Silence"}, body="NewSilence", problems=(400, *DEED, 422)),
    Operation("post", "/api/v1/silences/{silence_id}/end", "End a silence now.", {200: "SilenceEnded"}, problems=(*DEED, 404)),
    Operation(
        "post",
        "/api/v1/alarms/{alarm_id}/false",
        "Say that an alarm is false.",
        {202: "Acknowledgement", 200: "Acknowledgement"},
        body="FalseAlarm",
        problems=(400, *DEED, 404, 422),
    ),
    Operation(
        "get",
        "/api/v1/alarms/{alarm_id}/pictures",
        "How often a video alarm was stated, and its pictures, or why one is missing.",
        {200: "AlarmPictures"},
        AT,
        problems=(*READ, 404),
    ),
    Operation(
        "get",
        "/api/v1/alarms/{alarm_id}/pictures/{picture_id}",
        "One of its pictures, as image/jpeg, image/png or image/webp.",
        {200: None},
        problems=(*READ, 404),
    ),
    Operation(
        "get",
        "/api/v1/alarms/{alarm_id}/picture",
        "Its first picture; 204 where it has none.",
        {200: None, 204: None},
        problems=(*READ, 404),
    ),
    Operation("get", "/api/v1/rules", "How good each rule is.", {200: "RuleFigures"}, (SINCE, *AT), problems=READ),
)
COVERS = dict.fromkeys(("device_id", "kind", "region", "rule_id"), TEXT)
ALARM_CARE_SCHEMAS: dict[str, Schema] = {
    "Silence": shape(
        {
            **dict.fromkeys(("silence_id", "reason", "made_by", "ended_by", "place", "state"), TEXT),
            **COVERS,
            **dict.fromkeys(("starts", "ends", "recorded_at"), MOMENT),
            "departments": TEXTS,
            "ended_at": MOMENT_OR_NULL,
        }
    ),
    "Silences": items_of("Silence"),
    "NewSilence": shape({"ends": MOMENT, "reason": TEXT}, {**COVERS, "starts": MOMENT}),
    "SilenceEnded": shape({"silence_id": TEXT, "ended": {"type": "boolean"}}),
    "FalseAlarm": shape({"reason": TEXT}),
    "RuleFigure": shape({"rule_id": TEXT, "raised": WHOLE, "false": WHOLE, "share": NUMBER, "flapping": WHOLE}),
    "RuleFigures": items_of("RuleFigure"),
    "AlarmPicture": shape({**dict.fromkeys(("picture_id", "state", "reason", "said"), TEXT), "at": MOMENT}),
    "AlarmPictures": shape({"stated": WHOLE, "items": {"type": "array", "items": {"$ref": "#/components/schemas/AlarmPicture"}}}),
}
