"""GET /live: the live picture as server-sent events.

`event: snapshot` first, or the frames missed since `Last-Event-ID` when they are still held; then `event: delta`; `event: reset`
before a snapshot that replaces what a screen holds, and when the stream ends because its session or scope did. A comment line
every 15 s keeps the connection alive.
"""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import flask

from api.problems import Problem
from api.requests import now
from api.session import signed_in, token_of_request
from domain.access import Actor, Forbidden
from services.city import City
from services.fanout import Fanout, Screen, reset
from services.live_sessions import LiveSessions
from services.picture import LOAD_WAIT_S, cursor_of
from services.scope import scope_of

KEEP_ALIVE_S = 15.0
CHUNK = 32_768
SEND_BUFFER = 65_536
"""Bytes the kernel may hold for one screen (it doubles them): a screen that doesn't read is noticed after this much."""
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def blueprint(city: City) -> flask.Blueprint:
    """GET /live, and HEAD /live, which only says whether the session still counts."""
    pages = flask.Blueprint("live", __name__)
    sessions = LiveSessions(city.accounts.actor_of, city.fanout, now)
    end_at_signal(city.fanout)

    @pages.get("/live")
    def live() -> flask.Response:
        actor = signed_in()
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        if city.fanout.closed:
            raise Problem(503, "The server is going down; connect again.", {"Retry-After": "2"})
        answer = flask.Response(mimetype="text/event-stream", headers=HEADERS)
        if flask.request.method == "GET":
            answer.response = _stream(_joining(city.fanout, actor), sessions, token_of_request(), actor)
        return answer

    return pages


def end_at_signal(fanout: Fanout) -> None:
    """Let SIGTERM end the streams before the server's own handler waits for them. Only where a server has set a handler."""
    before = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        return

    def ending(number: int, frame: Any) -> None:
        fanout.close()
        before(number, frame)

    signal.signal(signal.SIGTERM, ending)
    signal.siginterrupt(signal.SIGTERM, False)


def _joining(fanout: Fanout, actor: Actor) -> Callable[[], Screen]:
    """What is to be done when the server has begun to send: whoever is gone by then leaves no screen behind."""
    fanout.wait_loaded(LOAD_WAIT_S)
    last = cursor_of(flask.request.headers.get("Last-Event-ID") or flask.request.args.get("last"))
    scope = scope_of(actor)
    if flask.request.args.get("scope", scope.mark) != scope.mark:
        last = None
    cut = _cutter(flask.request.environ.get("gunicorn.socket"))
    return lambda: fanout.join(scope, last, cut)


def _cutter(connection: Any) -> Callable[[], None]:
    """How to make a blocked send on this connection fail. Shutting the plain socket down works under TLS too."""
    if connection is None:
        return lambda: None
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def cut() -> None:
        with contextlib.suppress(OSError), socket.socket(fileno=socket.dup(connection.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)

    return cut


def _stream(join: Callable[[], Screen], sessions: LiveSessions, token: str, actor: Actor) -> Iterator[bytes]:
    """The bytes of one screen, in small pieces so that a slow line is told from one that takes nothing."""
    screen = join()
    sessions.watch(screen, token, actor)
    try:
        for data in _events(screen):
            for start in range(0, len(data), CHUNK):
                screen.sending_since = time.monotonic()
                yield data[start : start + CHUNK]
                screen.sending_since = None
    finally:
        sessions.forget(screen)
        screen.fanout.leave(screen)


def _events(screen: Screen) -> Iterator[bytes]:
    yield f": scope {screen.scope.mark}\n\n".encode()
    comment_at = time.monotonic() + KEEP_ALIVE_S
    while not screen.ended:
        data = screen.next(max(0.0, comment_at - time.monotonic()))
        if data is not None:
            yield data
        if time.monotonic() >= comment_at:
            yield b": keep-alive\n\n"
            comment_at += KEEP_ALIVE_S
    if screen.ended in ("signed out", "scope changed"):
        yield reset(screen.ended)
