"""Watching cameras: open a viewing, say that it is still shown, close it; the media themselves, fetched from the platform and passed on.

A browser learns addresses of this server alone. What keeps a picture away is said by its `code` (services/video_ports.py).
"""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import flask

from api.problems import Problem
from api.requests import identifier, json_object, now, text, texts, uuid, whole, yes_or_no
from api.session import no_content, private, signed_in, token_of_request
from domain.access import Forbidden
from domain.viewing import BadWish, Wanted
from services.accounts import hash_of
from services.city import City
from services.playlists import LIST, rewritten
from services.video_ports import NotOffered, Offline, VideoError
from services.viewing import Admitted, Viewing
from services.viewing_ports import Camera, Piece

STATUS = {"no_right": 403, "unknown": 404, "too_many": 429, "busy": 409, "not_offered": 422, "codec": 415}
AWAY = 503
"""Every other reason: the picture may come later."""
PLAYLIST = "application/vnd.apple.mpegurl"
LARGEST_OFFER = 64 * 1024
LOOK_EVERY_S = 5.0
SEND_WITHIN_S = 20.0
ESTABLISHED = 1
"""Linux, include/net/tcp_states.h: TCP_ESTABLISHED."""
NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
OTHERS = "application/octet-stream"


def blueprint(city: City) -> flask.Blueprint:
    """Viewings and their media."""
    pages = flask.Blueprint("api_viewings", __name__, url_prefix="/api/v1")
    _viewings(pages, city)
    _webrtc(pages, city)
    _playlists(pages, city)
    _streams(pages, city)
    _pictures(pages, city)
    return pages


def _viewings(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/cameras/<camera_id>/viewings")
    def open_viewing(camera_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        incident = uuid(text(document, "incident_id")) if document.get("incident_id") is not None else None
        wanted, face = _wanted(document), text(document, "face", "")[:20]
        with reasons():
            made = city.viewings.open(actor, _session(), identifier(camera_id), wanted, now(), now, incident, face)
        if _left(flask.request.environ.get("gunicorn.socket")):
            city.viewings.close(_session(), [made.viewing_id], now())
        return private(shown(city, made), 201)

    @pages.get("/cameras/<camera_id>/recordings")
    def recordings(camera_id: str) -> flask.Response:
        with reasons():
            return private(city.viewings.recordings(signed_in(), identifier(camera_id), now())._asdict())

    @pages.post("/viewings/beat")
    def beat() -> flask.Response:
        actor, document = signed_in(), json_object()
        ids, renew = _uuids(document, "viewing_ids"), _uuids(document, "renew")
        return private({"items": [shown(city, one) for one in city.viewings.beat(actor, _session(), ids, renew, now())]})

    @pages.post("/viewings/close")
    def close() -> flask.Response:
        signed_in()
        document = json_object()
        failed = yes_or_no(document, "failed") if "failed" in document else False
        city.viewings.close(_session(), _uuids(document, "viewing_ids"), now(), failed)
        return no_content()


def _webrtc(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/viewings/<viewing_id>/whep")
    def offer(viewing_id: str) -> flask.Response:
        signed_in()
        if flask.request.mimetype != "application/sdp":
            raise Problem(415, "Send the offer as application/sdp.")
        flask.request.max_content_length = LARGEST_OFFER
        sdp = flask.request.get_data().decode("utf-8", "replace")
        with reasons():
            admitted = _admitted(city, viewing_id, "whep")
            answer = city.media.offer(admitted.origins, admitted.url, sdp)
        if answer.resource:
            city.viewings.keep(admitted.viewing.viewing_id, answer.resource)
        return flask.Response(answer.sdp, 201, {**NOT_KEPT, "Location": flask.request.full_path}, content_type="application/sdp")

    @pages.delete("/viewings/<viewing_id>/whep")
    def hang_up(viewing_id: str) -> flask.Response:
        signed_in()
        with reasons():
            admitted = _admitted(city, viewing_id, "whep")
            if admitted.viewing.resource:
                city.media.hang_up(admitted.origins, admitted.viewing.resource)
        return no_content()


def _playlists(pages: flask.Blueprint, city: City) -> None:
    def playlist(viewing_id: str, kind: str) -> flask.Response:
        signed_in()
        with reasons():
            admitted = _admitted(city, viewing_id, kind)
            content = city.media.text(admitted.origins, admitted.url)
            own = rewritten(
                content, admitted.url, lambda kind, url: _address(viewing_id, kind, city.viewings.ticket_for(admitted, kind, url, now()))
            )
        return flask.Response(own, headers=NOT_KEPT, content_type=PLAYLIST)

    pages.add_url_rule("/viewings/<viewing_id>/index.m3u8", "hls", lambda viewing_id: playlist(viewing_id, "hls"))
    pages.add_url_rule("/viewings/<viewing_id>/list.m3u8", "list", lambda viewing_id: playlist(viewing_id, LIST))


def _streams(pages: flask.Blueprint, city: City) -> None:
    def stream(viewing_id: str, kind: str) -> flask.Response:
        signed_in()
        with reasons():
            admitted = _admitted(city, viewing_id, kind)
            opened = city.media.stream(admitted.origins, admitted.url)
            piece = opened.__enter__()
        answer = flask.Response(_passed(city, opened, piece, admitted, token_of_request()), headers=NOT_KEPT, content_type=_kind(piece))
        answer.headers["X-Accel-Buffering"] = "no"
        _impatient(flask.request.environ.get("gunicorn.socket"))
        return answer

    pages.add_url_rule("/viewings/<viewing_id>/stream.mp4", "fmp4", lambda viewing_id: stream(viewing_id, "fmp4"))
    pages.add_url_rule("/viewings/<viewing_id>/part", "part", lambda viewing_id: stream(viewing_id, "part"))


def _pictures(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/cameras/<camera_id>/snapshot")
    def snapshot(camera_id: str) -> flask.Response:
        with reasons():
            try:
                found = city.stills.of(signed_in(), identifier(camera_id), now())
            except (NotOffered, Offline):
                return no_content()
        headers = {**NOT_KEPT, "Content-Security-Policy": "sandbox", "Cache-Control": "private, max-age=10"}
        return flask.Response(found.content, headers=headers, content_type=found.media_type)

    @pages.get("/wall/cameras")
    def wall() -> flask.Response:
        return private({"items": [_camera(one) for one in city.viewings.wall(signed_in())]})


def shown(city: City, one: Viewing) -> dict[str, Any]:
    """A viewing as a player takes it: addresses of this server, how often to say that it still shows, what to draw over it."""
    ways = [{"kind": way.kind, "url": _address(one.viewing_id, way.kind, way.ticket)} for way in one.ways]
    limits = city.viewings.limits
    times = {"beat_ms": limits.beat_ms, "until": one.until, "by_stream": limits.by_stream}
    return {
        "viewing_id": one.viewing_id,
        "camera": _camera(one.camera),
        "ways": ways,
        "codec": one.codec,
        "watermark": dict(one.watermark),
        **times,
    }


def _camera(one: Camera) -> dict[str, Any]:
    """A camera as a player takes it: nothing of its platform."""
    return {**{name: getattr(one, name) for name in ("camera_id", "name", "region", "online", "demo")}, "offers": sorted(one.offers)}


PATHS = {"whep": "whep", "hls": "index.m3u8", "fmp4": "stream.mp4", "list": "list.m3u8", "part": "part"}


def _address(viewing_id: str, kind: str, ticket: str) -> str:
    return f"/api/v1/viewings/{viewing_id}/{PATHS[kind]}?t={ticket}"


@contextmanager
def reasons() -> Iterator[None]:
    """What keeps a picture away, as problems; the platform's own words stay in the log."""
    try:
        yield
    except BadWish as wish:
        raise Problem(422, f"This can't be shown: {wish}.", code="bad_wish") from wish
    except Forbidden as error:
        raise Problem(403, f"Your account does not have the right to do this ({error}).", code="no_right") from error
    except LookupError as error:
        raise Problem(404, "You see no camera (or incident) of that id.", code="no_right") from error
    except VideoError as error:
        flask.current_app.logger.info("video: %s", error)
        raise Problem(STATUS.get(error.code, AWAY), f"No picture: {error.words}. Try again, or another camera.", code=error.code) from error


def _admitted(city: City, viewing_id: str, kind: str) -> Admitted:
    """What this request's ticket gives; it is of the viewing that the address names. Raises VideoError."""
    admitted = city.viewings.admit(_session(), flask.request.args.get("t", ""), kind, now())
    if admitted.viewing.viewing_id != uuid(viewing_id):
        raise LookupError(viewing_id)
    return admitted


def _passed(city: City, opened: Any, piece: Piece, admitted: Admitted, token: str) -> Iterator[bytes]:
    """The bytes as they come. It ends when the viewing is closed, the session does not count any more, or the server goes down."""
    look_at = time.monotonic() + LOOK_EVERY_S
    with suppress(VideoError):
        try:
            for part in piece.parts:
                yield part
                if city.fanout.closed:
                    return
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + LOOK_EVERY_S
                    if not city.viewings.is_open(admitted.viewing.viewing_id) or city.accounts.actor_of(token, now()) is None:
                        return
        finally:
            opened.__exit__(None, None, None)


def _impatient(connection: Any) -> None:
    """A browser that takes nothing for so long is cut off: its connection and the platform's stay open for nobody else."""
    if connection is not None:
        connection.settimeout(SEND_WITHIN_S)


def _left(connection: Any) -> bool:
    """Whether whoever asked has hung up meanwhile: nobody else could close what was opened for them. The system knows it without a byte
    being read, under TLS too; where it is not Linux, it can't be asked."""
    if connection is None or sys.platform != "linux":
        return False
    try:
        return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != ESTABLISHED)
    except OSError:
        return False


def _kind(piece: Piece) -> str:
    """The media type, if it is one of media: nothing that comes from a platform runs as a page of ours."""
    return piece.content_type if piece.content_type.partition("/")[0] in ("video", "audio") else OTHERS


def _session() -> str:
    return hash_of(token_of_request()).hex()


def _wanted(document: dict[str, Any]) -> Wanted:
    ends = [None if document.get(name) is None else whole(document, name, 0) for name in ("start", "end")]
    return Wanted(text(document, "size", "main"), *ends)


def _uuids(document: dict[str, Any], name: str) -> list[str]:
    return [uuid(one) for one in texts(document, name)]
