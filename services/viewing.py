"""Watching cameras: who may, what is open, the addresses that a browser gets, and what is written down about it.

A browser gets addresses of this server alone; each is sealed, short-lived, and good for one session. What nobody watches is stopped.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.incidents import Refused
from domain.viewing import RIGHT, ViewingLimits, Wanted, checked, watermark
from services.audit import Audit
from services.incident_desk import IncidentDesk
from services.video_ports import NoRight, NoStream, NotOffered, Offline, Stream, VideoError
from services.viewing_ports import Camera, Cameras, Opened, Seal, ViewingStore, origins_of
from services.viewing_streams import Streams

WAYS = ("whep", "hls", "fmp4")
"""What a browser can play, best first."""
WALL = 64
"""A wall shows at most so many cameras, in turns."""
CLOSED, SILENT = "closed", "silent"


class TooMany(VideoError):
    """So many viewings are open that the city allows no more."""

    code, words = "too_many", "too many pictures are open"


class Way(NamedTuple):
    """One way to play: a word of WAYS, and its ticket."""

    kind: str
    ticket: str


class Viewing(NamedTuple):
    """What a player gets. `until`: the tickets are good until then."""

    viewing_id: str
    camera: Camera
    wanted: Wanted
    ways: Sequence[Way]
    codec: str
    watermark: Mapping[str, str]
    until: int


class Recordings(NamedTuple):
    """What can be played of a camera's past. `code`: why nothing can (`no_right`, `not_offered`), "" where something can; from `since` to
    `until` (epoch ms), at most `longest_ms` at a time; `before_ms` and `after_ms`: how much of what lies around a moment one tap plays."""

    code: str
    since: int
    until: int
    longest_ms: int
    before_ms: int
    after_ms: int


class Admitted(NamedTuple):
    """What a ticket lets one fetch: an address, of which viewing, and where this stream's media may come from."""

    viewing: Opened
    origins: frozenset[str]
    url: str


class Viewings:
    """One for the city. `session` in what follows is a hash of the session (or token) that somebody is signed in with."""

    def __init__(
        self, cameras: Cameras, streams: Streams, store: ViewingStore, seal: Seal, audit: Audit, desk: IncidentDesk, limits: ViewingLimits
    ) -> None:
        self.cameras, self._streams, self._store, self._seal = cameras, streams, store, seal
        self._audit, self._desk, self.limits = audit, desk, limits

    def open(
        self, actor: Actor, session: str, camera_id: str, wanted: Wanted, now: int, clock: Callable[[], int], incident: str | None = None,
        face: str = "",
    ) -> Viewing:  # fmt: skip
        """Begin to watch. Raises Forbidden, LookupError for a camera (or incident) out of scope, BadWish, VideoError; every refusal is
        written down. `clock` tells the time after a platform has been waited for."""
        detail = {"wanted": wanted.key, "incident": incident, "face": face}
        try:
            camera = self._allowed(actor, camera_id, wanted, now, incident)
            playing = self._streams.of(camera, wanted, now)
            opened = Opened(
                str(uuid7(clock())), playing.stream_id, actor.username, session, camera_id, wanted, incident, face, clock(), clock()
            )
            if not self._store.open(opened):
                raise NoStream("it was stopped at this moment")
        except (Forbidden, LookupError, VideoError) as error:
            why = error.code if isinstance(error, VideoError) else "no_right"
            self._audit.record(actor.username, "view_video", now, camera_id, "refused", {**detail, "why": why})
            raise
        self._written(actor, opened, detail)
        return self._given(actor, opened, camera, playing.stream, opened.opened_at)

    def recordings(self, actor: Actor, camera_id: str, now: int) -> Recordings:
        """What can be played of this camera's past, as far as it is known without asking its platform. Raises Forbidden for who may see
        no video at all, LookupError for a camera out of scope."""
        if not actor.may(RIGHT["live"]):
            raise Forbidden(RIGHT["live"])
        camera = self.cameras.one(actor, camera_id)
        if camera is None:
            raise LookupError(camera_id)
        code = NotOffered.code if "playback" not in camera.offers else "" if actor.may(RIGHT["playback"]) else NoRight.code
        limits = self.limits
        times = (now - limits.oldest_recording_ms, now, limits.longest_recording_ms, limits.replay_before_ms, limits.replay_after_ms)
        return Recordings(code, *times)

    def _allowed(self, actor: Actor, camera_id: str, wanted: Wanted, now: int, incident: str | None) -> Camera:
        if not actor.may(RIGHT[wanted.kind]):
            raise Forbidden(RIGHT[wanted.kind])
        checked(wanted, self.limits, now)
        camera = self.cameras.one(actor, camera_id)
        if camera is None or (actor.token_scope == "screen" and not camera.wall):
            raise LookupError(camera_id)
        if incident is not None:
            self._desk.mine(actor, incident)
        if camera.online is False and wanted.kind == "live":
            raise Offline
        if wanted.kind == "playback" and "playback" not in camera.offers:
            raise NotOffered("playback")
        own, whole = self._store.count(actor.username)
        if own >= self.limits.per_user or whole >= self.limits.whole:
            raise TooMany
        return camera

    def _written(self, actor: Actor, opened: Opened, detail: Mapping[str, Any]) -> None:
        self._audit.record(
            actor.username, "view_video", opened.opened_at, opened.camera_id, detail={**detail, "viewing": opened.viewing_id}
        )
        if opened.incident_id is None or not actor.may("act_on_incident"):
            return
        said, mark = {"source": opened.camera_id}, f"view-{opened.incident_id[-12:]}-{opened.camera_id}"[:64]
        with suppress(Refused, LookupError, Forbidden):
            self._desk.act(actor, opened.incident_id, "open_source", said, None, opened.opened_at, None, mark)

    def _given(self, actor: Actor, opened: Opened, camera: Camera, stream: Stream | None, now: int) -> Viewing:
        until = now + self.limits.ticket_ms
        offered = [kind for kind in WAYS if stream is not None and kind in stream.urls]
        facts = {"v": opened.viewing_id, "s": opened.session}
        ways = [Way(kind, self._seal.seal({**facts, "k": kind}, until)) for kind in offered]
        codec = stream.codec if stream else ""
        return Viewing(opened.viewing_id, camera, opened.wanted, ways, codec, watermark(actor.name, actor.username), until)

    def beat(self, actor: Actor, session: str, viewing_ids: Sequence[str], renew: Sequence[str], now: int) -> Sequence[Viewing]:
        """A player still shows these; those that are still open come back, with new tickets where asked for (else with none)."""
        found = []
        for opened in self._store.beat(viewing_ids, session, now):
            camera = self.cameras.one(actor, opened.camera_id)
            if camera is None or not actor.may(RIGHT[opened.wanted.kind]):
                self._ended(self._store.close([opened.viewing_id], session, NoRight.code, now), NoRight.code, now)
                continue
            held = self._store.viewing(opened.viewing_id) if opened.viewing_id in renew else None
            found.append(self._given(actor, opened, camera, held[1].stream if held else None, now))
        return found

    def close(self, session: str, viewing_ids: Sequence[str], now: int, failed: bool = False) -> None:
        """Players were closed; `failed`: because nothing came, so that nobody is given the same dead stream."""
        for viewing_id in viewing_ids if failed else ():
            self._store.doubt(viewing_id, session)
        self._ended(self._store.close(viewing_ids, session, CLOSED, now), CLOSED, now)

    def tidy(self, now: int) -> int:
        """Close what was silent for too long, stop what nobody watches; returns how many streams were stopped."""
        self._ended(self._store.close_silent(now - self.limits.unwatched_ms, SILENT, now), SILENT, now)
        return self._streams.stop_unwatched(now)

    def _ended(self, closed: Sequence[Opened], why: str, now: int) -> None:
        for one in closed:
            until = one.seen_at if why == SILENT else now
            detail = {"wanted": one.wanted.key, "incident": one.incident_id, "viewing": one.viewing_id}
            watched = {"seconds": max(0, until - one.opened_at) // 1000, "why": why}
            self._audit.record(one.username, "end_viewing", now, one.camera_id, detail={**detail, **watched})

    def admit(self, session: str, ticket: str, kind: str, now: int) -> Admitted:
        """What this ticket gives to this session. Raises NoRight for one that is not good (any more), NoStream when the viewing ended."""
        facts = self._seal.unseal(ticket, now)
        if facts is None or facts.get("s") != session or facts.get("k") != kind:
            raise NoRight("the address is too old, or somebody else's")
        held = self._store.viewing(str(facts["v"]))
        if held is None:
            raise NoStream("this viewing has ended")
        opened, playing = held
        urls = playing.stream.urls if playing.stream else {}
        if "u" not in facts and kind not in urls:
            raise NoStream(kind)
        return Admitted(opened, origins_of(urls), str(facts["u"]) if "u" in facts else urls[kind])

    def ticket_for(self, admitted: Admitted, kind: str, url: str, now: int) -> str:
        """A ticket for one piece of a stream; those of a recording are all named at once, and good for as long as it plays."""
        facts = {"v": admitted.viewing.viewing_id, "s": admitted.viewing.session, "k": kind, "u": url}
        wanted = admitted.viewing.wanted
        return self._seal.seal(facts, now + self.limits.part_ms + (wanted.end or 0) - (wanted.start or 0))

    def wall(self, actor: Actor) -> Sequence[Camera]:
        """The cameras in scope whose pictures may be shown on a wall. Raises Forbidden."""
        if not actor.may(RIGHT["live"]):
            raise Forbidden(RIGHT["live"])
        return self.cameras.for_wall(actor, WALL)

    def is_open(self, viewing_id: str) -> bool:
        """Whether it has not been closed."""
        return self._store.viewing(viewing_id) is not None

    def keep(self, viewing_id: str, resource: str) -> None:
        """Remember its WebRTC session at the platform."""
        self._store.kept(viewing_id, resource)
