"""A video alarm from its message to its picture: lit by the ordinary rules, its picture fetched, checked and shown to those who may."""

import base64
import io
import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PIL import Image
from sqlalchemy import Engine, text

from config.alarm_rules import load_rules
from config.feeds import FeedConfig
from config.files import load_catalogue
from data_adapters.alarm_wiring import finder
from data_adapters.blobs import GRACE_S, DiskBlobs
from data_adapters.feeds.registry import make_feeds, make_picture_sources
from data_adapters.file_kinds import inspect
from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.sql.event_picture_repository import EventPictureRepository
from data_adapters.sql.event_queue import SqlEventQueue
from data_adapters.sql.retention import forget_old, still_named
from domain.access import Actor, Forbidden
from domain.event_time import to_datetime
from domain.messages import RawMessage
from domain.registry import Device, Region
from services.alarm_pictures import AlarmPictures, Shown
from services.alarms import AlarmEvaluator
from services.event_pictures import CONSUMER, OF_KINDS, PAUSES_S, EventPictures
from services.event_queue import Consumer
from tests.data_adapters.feeds.serving import QuietHandler, serving
from tests.data_adapters.ingest_town import NOW, Town
from tests.domain.incident_cast import LIMITS

GATE = Device("gate", "东门", "camera", "441900003", "police", 113.75, 23.02, None)
REGIONS = {
    code: Region(code, code, parent, level, code) for code, parent, level in (("441900", None, "city"), ("441900003", "441900", "town"))
}
OFFICER, STEWARD = Actor("li", frozenset({"duty_officer"})), Actor("wang", frozenset({"data_steward"}))
ELSEWHERE = Actor("zhao", frozenset({"duty_officer"}), regions=frozenset({"441900004"}))
SECOND = NOW / 1000


def jpeg(size: int = 8) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (size, size), "grey").save(made, "JPEG")
    return made.getvalue()


class Recorder(QuietHandler):
    """A recorder's API: asks for its token, and gives what the test has put there."""

    answers: ClassVar[dict[str, tuple[int, bytes]]] = {}

    def do_GET(self) -> None:
        code, content = self.answers.get(self.path, (404, b""))
        code = code if self.headers.get("Authorization") == "Bearer s3cret" else 401
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class House:
    """A city with one camera behind a recorder."""

    def __init__(self, engine: Engine, folder: Path, url: str) -> None:
        secret = folder / "token"
        secret.write_text("s3cret\n")
        settings = {"pictures": {"url": url, "timeout_s": 2}, "reviews": {"alert": "intrusion"}}
        config = FeedConfig("frigate", "frigate", settings=settings, secrets={"pictures_token": f"file:{secret}"})
        bare = FeedConfig("onvif", "onvif")
        self.town = Town(engine, make_feeds(load_catalogue(), 300_000, [config, bare]))
        self.town.empty()
        with engine.begin() as tx:
            tx.execute(text("TRUNCATE alarms, alarm_transitions, event_pictures, event_cursors, feed_events"))
        self.town.ingest._evaluator = AlarmEvaluator(load_rules(), AlarmRepository(), "441900")
        self.town.ingest._devices = {"gate": GATE}
        self.town.ingest._mine = lambda device_id: True
        blobs, store = DiskBlobs(folder / "attachments"), EventPictureRepository(engine)
        sources = make_picture_sources(load_catalogue(), 300_000, [config, bare])
        self.pictures = EventPictures(store, sources, blobs, inspect, {"intrusion", "motion"}, LIMITS.attachment_bytes)
        self.consumer = Consumer(SqlEventQueue(engine), CONSUMER, OF_KINDS, self.pictures.deal)
        self.seen = AlarmPictures(finder(engine), lambda: REGIONS, store, blobs)

    def review(self, kind: str, second: float = 0, event: str = "a.1-b") -> None:
        after = {"id": "r1", "camera": "gate", "start_time": SECOND + second, "end_time": SECOND + second if kind == "end" else None}
        body = {"type": kind, "after": {**after, "severity": "alert", "data": {"detections": [event], "objects": ["person"]}}}
        self.town.hand_in(RawMessage("frigate/reviews", json.dumps(body).encode(), NOW), feed="frigate")

    def onvif(self, second: int, **data: str) -> None:
        body = {"UtcTime": f"2026-11-22T00:00:{second:02}Z", "Source": {"Rule": "fence"}, "Data": {"IsInside": "true", **data}}
        message = RawMessage("onvif/gate/onvif-ej/RuleEngine/FieldDetector/ObjectsInside", json.dumps(body).encode(), NOW)
        self.town.hand_in(message, feed="onvif")

    def jobs(self, now: int = NOW) -> None:
        self.consumer.round(now)
        self.pictures.round(now)

    def alarm(self) -> tuple[str, str]:
        ((alarm_id, state),) = self.town.ask("SELECT alarm_id::text, state FROM alarms WHERE state <> 'withdrawn'")
        return alarm_id, state

    def shown(self) -> list[tuple[str, str]]:
        found = self.seen.of(OFFICER, self.alarm()[0])
        assert found is not None
        return [(one.state, one.reason) for one in found.pictures]


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> Iterator[House]:
    Recorder.answers = {"/api/events/a.1-b/snapshot.jpg": (200, jpeg())}
    with serving(Recorder) as url:
        yield House(engine, tmp_path, url)


def test_a_review_lights_one_alarm_counts_on_it_shows_its_picture_and_clears_when_it_ends(house: House) -> None:
    house.review("new")
    house.review("update")
    alarm_id, state = house.alarm()
    house.jobs()
    shown = house.seen.of(OFFICER, alarm_id)
    assert state == "active" and shown is not None and shown.stated == 2
    (picture,) = shown.pictures
    assert house.seen.read(OFFICER, alarm_id, picture.picture_id) == ("image/jpeg", jpeg())
    house.review("end", 5)
    assert house.alarm() == (alarm_id, "cleared")


def test_a_picture_is_for_those_who_may_view_video_in_their_scope_only(house: House) -> None:
    house.review("new")
    house.jobs()
    alarm_id, _ = house.alarm()
    shown = house.seen.of(OFFICER, alarm_id)
    assert shown is not None
    for actor in (STEWARD, ELSEWHERE):
        for attempt in (partial(house.seen.of, actor, alarm_id), partial(house.seen.read, actor, alarm_id, shown.pictures[0].picture_id)):
            with pytest.raises(Forbidden):
                attempt()
    with pytest.raises(LookupError):
        house.seen.read(OFFICER, alarm_id, alarm_id)


def test_a_recorder_that_is_away_is_asked_again_and_given_up_in_the_end(house: House) -> None:
    Recorder.answers = {}
    house.review("new")
    now = NOW
    for pause in (0, *PAUSES_S):
        now += pause * 1000
        house.jobs(now)
    assert house.shown() == [("missing", "away")]


def test_a_recorder_that_answers_again_gives_its_picture(house: House) -> None:
    held, Recorder.answers = Recorder.answers, {}
    house.review("new")
    house.jobs()
    assert house.shown() == [("waiting", "")]
    Recorder.answers = held
    house.jobs(NOW + PAUSES_S[0] * 1000)
    assert house.shown() == [("kept", "")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"Image": base64.b64encode(jpeg()).decode()}, ""),
        ({"Image": "/9j/4AAQ"}, "no_image"),
        ({"Image": "/9j/4AA"}, "unreadable"),
        ({"ImageUri": "http://10.255.255.1/face.jpg"}, "no_source"),
        ({}, "none_told"),
    ],
)
def test_a_picture_inside_the_message_is_checked_and_what_is_missing_says_why(house: House, data: dict[str, str], reason: str) -> None:
    house.onvif(0, **data)
    house.jobs()
    assert house.shown() == [("missing" if reason else "kept", reason)]
    kept = house.town.ask("SELECT facts->'picture'->>'base64' FROM feed_events")
    assert reason or kept == [("",)], "its bytes lie in the store of attachments now"


def test_the_recorder_never_says_where_else_to_ask(house: House, engine: Engine, tmp_path: Path) -> None:
    config = FeedConfig("onvif", "onvif", settings={"pictures": {"hosts": ["10.0.0.9"]}})
    sources = make_picture_sources(load_catalogue(), 300_000, [config])
    house.pictures = EventPictures(
        EventPictureRepository(engine), sources, DiskBlobs(tmp_path / "attachments"), inspect, {"intrusion"}, LIMITS.attachment_bytes
    )
    house.onvif(0, ImageUri="http://169.254.169.254/latest")
    house.jobs()
    assert house.shown() == [("missing", "not_allowed")]


def test_of_an_alarm_that_is_stated_again_and_again_one_picture_a_minute_is_kept(house: House) -> None:
    for second in (0, 20, 40, 59):
        house.onvif(second, Image=base64.b64encode(jpeg()).decode())
    house.jobs()
    assert house.shown() == [("kept", "")]


def test_jobs_killed_before_the_picture_was_written_down_fetches_it_again_and_keeps_it_once(house: House, monkeypatch: Any) -> None:
    house.review("new")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(EventPictureRepository, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        house.jobs()
    monkeypatch.undo()
    house.jobs()
    house.jobs()
    assert house.shown() == [("kept", "")]


def test_a_camera_that_nobody_ends_is_cleared_by_the_tick_after_its_quiet_time(house: House) -> None:
    house.onvif(0)
    quiet = round(next(rule.quiet_s for rule in load_rules().rules if rule.rule_id == "video_security") * 1000)
    assert isinstance(house.town.ingest._evaluator, AlarmEvaluator)
    for later, state in ((quiet, "active"), (quiet + 1, "cleared")):
        with house.town.engine.begin() as tx:
            house.town.ingest._evaluator.tick(tx, NOW + later, {"gate": GATE}, NOW)
        assert house.alarm()[1] == state


def test_bytes_go_with_the_events_that_told_of_them_also_when_jobs_is_killed_in_between(
    house: House, engine: Engine, tmp_path: Path, monkeypatch: Any
) -> None:
    house.review("new")
    house.jobs()
    alarm_id, _ = house.alarm()
    blobs, much_later = DiskBlobs(tmp_path / "attachments"), time.time() + 3 * GRACE_S

    def held() -> list[Path]:
        return [path for path in (tmp_path / "attachments").rglob("*") if path.is_file() and path.name != ".lock"]

    clean = partial(blobs.forget, partial(still_named, engine), much_later)
    assert clean() == 0 and len(held()) == 1, "what an alarm shows stays"
    forget_old(engine, to_datetime(NOW + 1))
    assert house.seen.of(OFFICER, alarm_id) == Shown(0, []), "jobs is killed here: no picture is listed whose bytes may go"
    assert len(held()) == 1

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(KeyboardInterrupt):
        clean()
    monkeypatch.undo()
    assert clean() == 1 and held() == []
