"""Who watches which camera: shared streams, tickets, limits, what is written down, and that nothing plays for nobody."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.viewing import load_viewing
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.viewing_repository import ViewingRepository
from data_adapters.video.seals import FernetSeal, SqlSecret
from domain.access import Actor, Forbidden
from domain.viewing import BadWish, Wanted
from services.audit import Audit
from services.unwatched import EVERY_MS, KEPT_MS, Unwatched
from services.video_ports import CodecNotSupported, NoRight, NoStream, NotOffered, Offline, PlatformAway, TimedOut
from services.viewing import TooMany, Viewing, Viewings
from services.viewing_ports import Camera, Playing
from services.viewing_streams import Streams
from tests.video_fakes import FakeCameras, FakeMedia, FakePlatform

NOW = 1_795_000_000_000
LIMITS = load_viewing()
WATCHER = Actor("wang", frozenset({"operator"}), name="王")
OTHER = Actor("li", frozenset({"duty_officer"}))
EAST = Actor("chen", frozenset({"operator"}), regions=frozenset({"441900004"}))
PAST = frozenset({"playback"})
CAMERAS = (
    Camera("cam-1", "东城路口", "hall", "ch-1", "441900003", offers=PAST),
    Camera("cam-2", "南城广场", "hall", "ch-2", "441900004", online=False, offers=PAST),
    Camera("cam-3", "西平巷口", "hall", "ch-3", "441900003"),
)


class Desk:
    """An incident desk that knows one incident and remembers what was done."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def mine(self, actor: Actor, incident_id: str) -> None:
        if incident_id != "0197f000-0000-7000-8000-000000000009":
            raise LookupError(incident_id)

    def act(self, *deed: Any) -> None:
        self.done.append(deed)


class Room:
    """Viewings on a real database, with everything else by hand."""

    def __init__(self, engine: Engine) -> None:
        with engine.begin() as tx:
            tx.execute(text("TRUNCATE viewings, video_streams, audit_log"))
        self.engine, self.platform, self.store, self.desk = engine, FakePlatform(), ViewingRepository(engine), Desk()
        self.streams = Streams(self.store, {"hall": self.platform}, LIMITS, lambda _: None)
        seal = FernetSeal(SqlSecret(engine, "tickets"))
        self.viewings = Viewings(FakeCameras(*CAMERAS), self.streams, self.store, seal, Audit(AuditRepository(engine)), self.desk, LIMITS)  # type: ignore[arg-type]

    def open(self, actor: Actor = WATCHER, camera: str = "cam-1", wanted: Wanted | None = None, now: int = NOW, **more: Any) -> Viewing:
        return self.viewings.open(actor, f"session of {actor.username}", camera, wanted or Wanted(), now, lambda: now, **more)

    def close(self, viewing: Viewing, actor: Actor = WATCHER, now: int = NOW) -> None:
        self.viewings.close(f"session of {actor.username}", [viewing.viewing_id], now)

    def audit(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        with self.engine.connect() as tx:
            return [tuple(row) for row in tx.execute(text("SELECT actor, action, outcome, detail FROM audit_log ORDER BY id"))]  # type: ignore[misc]


@pytest.fixture
def room(engine: Engine) -> Iterator[Room]:
    yield Room(engine)


def test_two_people_who_watch_the_same_share_one_stream_and_its_end_waits_for_the_last(room):
    first, second = room.open(), room.open(OTHER)
    assert room.platform.asked == ["ch-1 main"]
    room.close(first, now=NOW + 1000)
    assert room.viewings.tidy(NOW + 20_000) == 0
    room.close(second, OTHER, NOW + 20_000)
    assert room.viewings.tidy(NOW + 20_000 + LIMITS.linger_ms - 1) == 0, "whoever only turned a page finds it still running"
    assert room.viewings.tidy(NOW + 20_000 + LIMITS.linger_ms) == 1
    assert room.platform.stopped == ["session-1"]
    assert room.viewings.tidy(NOW + 60_000) == 0, "it is told once"


def test_small_large_and_recorded_pictures_are_streams_of_their_own(room):
    room.open()
    room.open(wanted=Wanted("sub"))
    room.open(OTHER, wanted=Wanted("main", NOW - 60_000, NOW - 30_000))
    assert room.platform.asked == ["ch-1 main", "ch-1 sub", f"ch-1 {NOW - 60_000} {NOW - 30_000}"]


def test_two_who_come_at_the_same_moment_start_one_stream(room):
    room.streams._pause = time.sleep
    slow = room.platform.live
    room.platform.live = lambda channel, size: (time.sleep(0.3), slow(channel, size))[1]
    found: list[Viewing] = []
    threads = [threading.Thread(target=lambda: found.append(room.open())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and room.platform.asked == ["ch-1 main"]


def test_a_player_that_falls_silent_is_closed_and_its_stream_stopped_also_after_a_killed_worker(room):
    viewing = room.open()
    assert room.viewings.beat(WATCHER, "session of wang", [viewing.viewing_id], [], NOW + 8_000)
    assert room.viewings.tidy(NOW + 8_000 + LIMITS.unwatched_ms - 1) == 0
    room.viewings.tidy(NOW + 8_000 + LIMITS.unwatched_ms)
    assert room.platform.stopped == ["session-1"]
    assert not room.viewings.beat(WATCHER, "session of wang", [viewing.viewing_id], [], NOW + 60_000), "its player opens it anew"
    assert room.audit()[-1][3]["seconds"] == 8 and room.audit()[-1][3]["why"] == "silent"


def test_every_viewing_is_written_down_with_camera_length_and_incident_and_counts_as_opened_from_it(room):
    incident = "0197f000-0000-7000-8000-000000000009"
    viewing = room.open(incident=incident, face="desk")
    room.close(viewing, now=NOW + 65_000)
    began, ended = room.audit()
    assert began[:3] == ("wang", "view_video", "ok") and began[3]["incident"] == incident and began[3]["face"] == "desk"
    assert ended[:3] == ("wang", "end_viewing", "ok") and ended[3]["seconds"] == 65
    assert room.desk.done[0][1:4] == (incident, "open_source", {"source": "cam-1"})
    with pytest.raises(LookupError):
        room.open(incident="0197f000-0000-7000-8000-000000000008")


def test_who_may_not_look_is_refused_and_that_is_written_down(room):
    with pytest.raises(LookupError):
        room.open(EAST)
    with pytest.raises(Forbidden):
        room.open(Actor("data", frozenset({"data_steward"})))
    with pytest.raises(Forbidden):
        room.open(wanted=Wanted("main", NOW - 60_000, NOW - 30_000))
    assert [entry[2] for entry in room.audit()] == ["refused"] * 3 and room.platform.asked == []


@pytest.mark.parametrize(
    "wanted", [Wanted("huge"), Wanted("main", NOW - 1), Wanted("main", NOW - 1, NOW + 1), Wanted("main", NOW - 2, NOW - 2)]
)
def test_a_wish_that_nobody_can_fulfil_is_refused(room, wanted):
    with pytest.raises(BadWish):
        room.open(OTHER, wanted=wanted)


def test_what_can_be_played_of_the_past_is_known_before_it_is_asked_for(room):
    known = room.viewings.recordings(OTHER, "cam-1", NOW)
    assert (known.code, known.until - known.since) == ("", LIMITS.oldest_recording_ms) and known.before_ms == LIMITS.replay_before_ms
    assert room.viewings.recordings(OTHER, "cam-2", NOW).code == "", "what was recorded before it went offline can be seen"
    assert room.viewings.recordings(WATCHER, "cam-1", NOW).code == "no_right"
    assert room.viewings.recordings(OTHER, "cam-3", NOW).code == "not_offered"
    with pytest.raises(NotOffered):
        room.open(OTHER, "cam-3", Wanted("main", NOW - 60_000, NOW))
    assert room.platform.asked == []


def test_what_is_wrong_with_a_camera_is_said_by_its_name_and_the_next_try_asks_anew(room):
    with pytest.raises(Offline):
        room.open(camera="cam-2")
    for wrong in (PlatformAway("hall"), TimedOut(), CodecNotSupported()):
        room.platform.wrong = wrong
        with pytest.raises(type(wrong)):
            room.open()
    room.platform.wrong = None
    assert room.open().ways
    assert room.audit()[0][3]["why"] == "offline" and room.audit()[1][3]["why"] == "away"


def test_nobody_opens_more_than_the_city_allows(room):
    room.viewings.limits = LIMITS._replace(per_user=2)
    room.open(), room.open()
    with pytest.raises(TooMany):
        room.open()
    room.open(OTHER)


def test_what_could_not_be_opened_does_not_count(room):
    room.viewings.limits, room.platform.wrong = LIMITS._replace(per_user=1), TimedOut()
    with pytest.raises(TimedOut):
        room.open()
    room.platform.wrong = None
    assert room.open().ways


def test_a_ticket_is_good_for_its_session_kind_and_time_alone(room):
    viewing = room.open()
    ticket, later = viewing.ways[0].ticket, NOW + LIMITS.ticket_ms
    assert "media.test" not in ticket and room.viewings.admit("session of wang", ticket, "hls", NOW).url == "http://media.test/live/a.m3u8"
    for session, text_, kind, now in (
        ("session of li", ticket, "hls", NOW),
        ("session of wang", ticket, "whep", NOW),
        ("session of wang", ticket, "hls", later),
        ("session of wang", ticket[:-2] + "AA", "hls", NOW),
        ("session of wang", "", "hls", NOW),
    ):
        with pytest.raises(NoRight):
            room.viewings.admit(session, text_, kind, now)
    room.close(viewing)
    with pytest.raises(NoStream):
        room.viewings.admit("session of wang", ticket, "hls", NOW)


def test_a_new_ticket_comes_with_the_beat_when_asked_for(room):
    viewing = room.open()
    plain = room.viewings.beat(WATCHER, "session of wang", [viewing.viewing_id], [], NOW + 1)
    fresh = room.viewings.beat(WATCHER, "session of wang", [viewing.viewing_id], [viewing.viewing_id], NOW + 250_000)
    assert not plain[0].ways and fresh[0].until == NOW + 250_000 + LIMITS.ticket_ms
    assert room.viewings.admit("session of wang", fresh[0].ways[0].ticket, "hls", NOW + LIMITS.ticket_ms).origins == {"media.test:80"}


def test_who_loses_the_right_while_watching_sees_it_end_at_the_next_beat(room):
    viewing = room.open()
    assert not room.viewings.beat(EAST, "session of wang", [viewing.viewing_id], [], NOW + 1)
    assert room.audit()[-1][3]["why"] == "no_right"


def test_a_stream_that_its_player_calls_dead_is_stopped_before_anybody_gets_it_again(room):
    viewing = room.open()
    room.viewings.close("session of wang", [viewing.viewing_id], NOW + 1000, failed=True)
    assert room.viewings.tidy(NOW + 1001) == 1 and room.platform.stopped == ["session-1"]
    room.open(now=NOW + 1002)
    assert len(room.platform.asked) == 2


def test_a_dead_stream_that_another_one_watches_goes_on(room):
    viewing, _ = room.open(), room.open(OTHER)
    room.viewings.close("session of wang", [viewing.viewing_id], NOW + 1000, failed=True)
    assert room.viewings.tidy(NOW + 10_000) == 0 and len(room.platform.asked) == 1


def test_a_platform_that_cannot_be_told_to_stop_is_told_again(room):
    room.close(room.open())
    room.platform.wrong = PlatformAway("down")
    assert room.viewings.tidy(NOW + 10_000) == 0
    room.platform.wrong = None
    assert room.viewings.tidy(NOW + 10_001) == 0
    assert room.viewings.tidy(NOW + 30_000) == 1 and room.platform.stopped == ["session-1"]


def test_a_stream_with_addresses_too_old_is_left_to_who_watches_and_asked_for_anew(room):
    room.platform.expires_at = NOW + 1000
    first = room.open()
    room.platform.expires_at = None
    room.open(OTHER, now=NOW + 1000)
    assert len(room.platform.asked) == 2
    room.close(first, now=NOW + 2000)
    assert room.viewings.tidy(NOW + 10_000) == 1 and room.platform.stopped == ["session-1"]


def test_a_start_whose_worker_was_killed_is_given_up(room):
    room.store.claim(Playing("0197f000-0000-7000-8000-00000000000a", "hall", "cam-1", "main", NOW))
    with pytest.raises(TimedOut):
        room.open(now=NOW + 1)
    room.viewings.tidy(NOW + 2 * LIMITS.start_ms)
    assert room.open(now=NOW + 2 * LIMITS.start_ms).ways


def test_the_webrtc_session_of_a_closed_viewing_is_ended_once(room):
    media = FakeMedia({})
    rounds = Unwatched(room.viewings, room.store, media)
    viewing = room.open()
    room.viewings.keep(viewing.viewing_id, "http://media.test/whep/1")
    rounds.round(NOW)
    assert media.hung_up == []
    room.close(viewing)
    rounds.round(NOW + EVERY_MS)
    rounds.round(NOW + 2 * EVERY_MS)
    assert media.hung_up == ["http://media.test/whep/1"]


def test_what_ended_long_ago_is_forgotten(room):
    room.close(room.open())
    rounds = Unwatched(room.viewings, room.store, FakeMedia({}))
    rounds.round(NOW + LIMITS.linger_ms)
    rounds.round(NOW + KEPT_MS + LIMITS.linger_ms + 1)
    with room.engine.connect() as tx:
        assert tx.execute(text("SELECT (SELECT count(*) FROM viewings) + (SELECT count(*) FROM video_streams)")).scalar_one() == 0
