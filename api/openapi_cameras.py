"""The part of the API's description that is about cameras: finding them, their tree, turning them."""

from api.openapi_parts import AT, DEED, LIMIT, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, TEXTS, Schema, ref, shape

ONE = "/api/v1/cameras/{camera_id}"
TURNING = (*DEED, 404, 409, 422, 502, 504)
GROUP = ("group", "A name of the path from the top, once for each level.")
CAMERAS = (
    Operation(
        "get",
        "/api/v1/cameras",
        "Cameras in scope by name.",
        {200: "Cameras"},
        (
            AT,
            ("text", "All its words in name, code, id or path."), ("platform", "Of this video platform."),
            ("status", "online, offline or gone; left out: all but those that are gone."), GROUP,
            ("after", "`next` of the page before."), LIMIT,
        ),
        problems=(*READ, 422),
    ),
    Operation("get", "/api/v1/cameras/platforms", "How the video platforms are doing.", {200: "VideoPlatforms"}, problems=READ),
    Operation(
        "get", "/api/v1/cameras/tree", "The groups right below a path of a platform; the platforms without one.", {200: "CameraTree"},
        (("platform", "Of this video platform."), GROUP), problems=(*READ, 422),
    ),
    Operation("get", ONE, "A camera, how often it was online, who turns it.", {200: "CameraNow"}, (AT,), problems=(*READ, 404)),
    Operation("get", "/api/v1/map/cameras", "Fixed cameras in scope as GeoJSON.", {200: "CameraMap"}, problems=READ),
    Operation("get", f"{ONE}/presets", "Views that it remembers.", {200: "Presets"}, problems=(403, 404, 409, 422, 502, 504)),
    Operation("post", f"{ONE}/presets/{{preset}}", "Turn to a remembered view.", {200: "CameraHold"}, problems=TURNING),
    Operation("post", f"{ONE}/ptz", "Turn until told otherwise; all 0 is: stand still.", {200: "CameraHold"}, body="Turn",
        problems=(400, *TURNING)),
    Operation("delete", f"{ONE}/ptz", "Let others turn it.", {204: None}, problems=(403, 404)),
)  # fmt: skip
BOOLEAN: Schema = {"type": "boolean"}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer"}
CAMERA: dict[str, Schema] = {
    **dict.fromkeys(("camera_id", "platform", "name", "code", "civil_code", "region", "department", "ptz", "codec", "status"), TEXT),
    **dict.fromkeys(("path", "streams"), TEXTS),
    **dict.fromkeys(("lon", "lat", "direction", "field_of_view", "range_m"), NUMBER_OR_NULL),
    **dict.fromkeys(("vehicle", "device_id"), TEXT_OR_NULL),
    **dict.fromkeys(("wall", "turns"), BOOLEAN),
    "since": MOMENT, "valid_from": MOMENT, "placed_at": MOMENT_OR_NULL,
    "code_names": {"type": "object", "additionalProperties": TEXTS},
}  # fmt: skip
HOLD = shape({"username": TEXT, "name": TEXT, "until": MOMENT})
NODE = shape({"name": TEXT, "cameras": COUNT, "online": COUNT})
STATE = shape(
    {"platform": TEXT, "asked_at": MOMENT, "whole_at": MOMENT_OR_NULL, "cameras": COUNT, "failing_since": MOMENT_OR_NULL, "reason": TEXT}
)
CAMERA_SCHEMAS: dict[str, Schema] = {
    "Camera": shape(CAMERA),
    "Cameras": shape({"items": {"type": "array", "items": ref("Camera")}, "next": TEXT_OR_NULL}),
    "CameraNow": shape({**CAMERA, "online_rate": NUMBER_OR_NULL, "rate_days": COUNT, "hold": {"anyOf": [HOLD, {"type": "null"}]}}),
    "CameraTree": shape({"platform": TEXT, "path": TEXTS, "nodes": {"type": "array", "items": NODE}}),
    "VideoPlatforms": shape({"items": {"type": "array", "items": STATE}}),
    "CameraMap": {"type": "object", "additionalProperties": True},
    "Presets": shape({"items": {"type": "array", "items": shape({"number": COUNT, "name": TEXT})}}),
    "CameraHold": HOLD,
    "Turn": shape({}, dict.fromkeys(("pan", "tilt", "zoom"), NUMBER)),
}
