"""Ends the streams of sessions that no longer count or whose scope has changed. One look per session, not per stream."""

import logging
import threading
import time
from collections.abc import Callable

from domain.access import Actor
from services.fanout import Fanout, Screen
from services.scope import scope_of

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0


class LiveSessions:
    """`actor_of(token, now)` says whom a token stands for; `clock` gives epoch milliseconds."""

    def __init__(self, actor_of: Callable[[str, int], Actor | None], fanout: Fanout, clock: Callable[[], int]) -> None:
        self._actor_of, self._fanout, self._clock = actor_of, fanout, clock
        self._watched: dict[str, dict[Screen, Actor]] = {}
        self._lock = threading.Lock()
        self._started = False

    def watch(self, screen: Screen, token: str, actor: Actor) -> None:
        """Look after a stream that was opened with `token` by `actor`."""
        with self._lock:
            self._watched.setdefault(token, {})[screen] = actor
            start, self._started = not self._started, True
        if start:
            threading.Thread(target=self._look, name="live_sessions", daemon=True).start()

    def forget(self, screen: Screen) -> None:
        """The stream is over."""
        with self._lock:
            for token, screens in list(self._watched.items()):
                if screens.pop(screen, None) is not None and not screens:
                    del self._watched[token]

    def look(self) -> None:
        """Look at every session once. While the database cannot be asked, streams go on as they are."""
        with self._lock:
            watched = {token: dict(screens) for token, screens in self._watched.items()}
        for token, screens in watched.items():
            try:
                actor = self._actor_of(token, self._clock())
            except Exception:
                log.warning("sessions of open streams cannot be checked now, they go on", exc_info=True)
                return
            for screen, before in screens.items():
                if actor is None or not actor.may("see_picture"):
                    self._fanout.end([screen], "signed out")
                elif scope_of(actor) != scope_of(before):
                    self._fanout.end([screen], "scope changed")

    def _look(self) -> None:
        while not self._fanout.closed:
            time.sleep(LOOK_EVERY_S)
            self.look()
