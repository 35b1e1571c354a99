"""The part of the API's description that is about watching cameras. Media themselves are not JSON: their addresses come with a viewing."""

from api.openapi_parts import DEED, Operation
from api.openapi_schemas import MOMENT, TEXT, TEXTS, Schema, items_of, ref, shape

TICKET = (("t", "The ticket that came with the address, required."),)
NONE_COMES = (400, 403, 404, 409, 415, 422, 429, 503)
"""Why no picture comes stands in the problem's `code`."""
VIEWING = "/api/v1/viewings/{viewing_id}"
WATCHING = (
    Operation("post", "/api/v1/cameras/{camera_id}/viewings", "Begin to watch a camera, live or recorded.", {201: "Viewing"}, body="Wanted",
        problems=(413, *NONE_COMES)),
    Operation("get", "/api/v1/cameras/{camera_id}/recordings", "What can be played of its past, or why nothing can.", {200: "Recordings"},
        problems=(403, 404)),
    Operation("get", "/api/v1/cameras/{camera_id}/snapshot", "A still picture; 204 where there is none of this camera now.",
        {200: None, 204: None}, problems=NONE_COMES),
    Operation("get", "/api/v1/wall/cameras", "Cameras in scope whose pictures a wall may show.", {200: "WallCameras"}, problems=(403,)),
    Operation("post", "/api/v1/viewings/beat", "Say what is still shown; what has ended is left out.", {200: "Viewings"}, body="Beat",
        problems=(400, *DEED, 422)),
    Operation("post", "/api/v1/viewings/close", "Nobody watches these any more.", {204: None}, body="Closing", problems=(400, *DEED, 422)),
    Operation("post", f"{VIEWING}/whep", "A WebRTC offer (application/sdp), answered by the platform.", {201: None}, TICKET,
        problems=(*NONE_COMES, 413)),
    Operation("delete", f"{VIEWING}/whep", "End the WebRTC session.", {204: None}, TICKET, problems=NONE_COMES),
    Operation("get", f"{VIEWING}/index.m3u8", "The playlist of HTTP Live Streaming.", {200: None}, TICKET, problems=NONE_COMES),
    Operation("get", f"{VIEWING}/list.m3u8", "A playlist that another one names.", {200: None}, TICKET, problems=NONE_COMES),
    Operation("get", f"{VIEWING}/part", "A piece that a playlist names.", {200: None}, TICKET, problems=NONE_COMES),
    Operation("get", f"{VIEWING}/stream.mp4", "Fragmented MP4 for as long as it is read.", {200: None}, TICKET, problems=NONE_COMES),
)  # fmt: skip
MOMENT_OR_NOW: Schema = {"type": ["integer", "null"]}
WHOLE: Schema = {"type": "integer"}
CAMERA = shape(
    {
        "camera_id": TEXT, "name": TEXT, "region": TEXT, "online": {"type": ["boolean", "null"]}, "demo": {"type": "boolean"},
        "offers": TEXTS,
    }
)  # fmt: skip
VIEWING_SCHEMAS: dict[str, Schema] = {
    "Wanted": shape(
        {},
        {"size": {"type": "string", "enum": ["main", "sub"]}, "start": MOMENT_OR_NOW, "end": MOMENT_OR_NOW,
         "incident_id": {"type": ["string", "null"]}, "face": TEXT},
    ),
    "WatchedCamera": CAMERA,
    "Recordings": shape({"code": TEXT, "since": MOMENT, "until": MOMENT, **dict.fromkeys(("longest_ms", "before_ms", "after_ms"), WHOLE)}),
    "WallCameras": items_of("WatchedCamera"),
    "Viewing": shape(
        {
            "viewing_id": TEXT, "camera": ref("WatchedCamera"), "codec": TEXT, "watermark": shape({"who": TEXT}),
            "ways": {"type": "array", "items": shape({"kind": TEXT, "url": TEXT})}, "beat_ms": WHOLE, "until": MOMENT, "by_stream": WHOLE,
        }
    ),
    "Viewings": items_of("Viewing"),
    "Beat": shape({"viewing_ids": TEXTS}, {"renew": TEXTS}),
    "Closing": shape({"viewing_ids": TEXTS}, {"failed": {"type": "boolean"}}),
}  # fmt: skip
