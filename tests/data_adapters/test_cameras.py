"""Cameras of a platform as the city keeps them: their past, who sees them, what a broken catalogue must not do, and who turns one."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.camera_catalogue import CameraCatalogue
from data_adapters.sql.camera_holds import CameraHolds
from data_adapters.sql.camera_repository import CameraRepository
from data_adapters.sql.city_places import CityPlaces
from data_adapters.sql.register_repository import RegisterRepository
from domain.access import Actor, Forbidden
from domain.event_time import to_datetime
from services.audit import Audit
from services.camera_ports import Asked, Changes, Node
from services.camera_rounds import CameraRounds, Defaults, camera_id_of
from services.camera_turning import HOLD_MS, Runaways, Turning
from services.cameras import Cameras
from services.register import Register
from services.video_ports import BadAnswer, Busy, Entry, NotOffered, Offline, PlatformAway, TimedOut, Turn, VideoError

T = 1_795_000_000_000
HOUR = 3_600_000
EAST, WEST = "441900003", "441900004"
OPERATOR = Actor("wang", frozenset({"operator"}))
OTHER = Actor("li", frozenset({"dispatcher"}))
EASTERN = Actor("east", frozenset({"operator"}), regions=frozenset({EAST}))
POLICE = Actor("police", frozenset({"operator"}), departments=frozenset({"police"}))
AUDITOR = Actor("auditor", frozenset({"auditor"}))
FACTS = """
INSERT INTO departments (code, name, valid_from) VALUES ('police', '公安局', '2020-01-01'), ('water', '水务局', '2020-01-01');
INSERT INTO regions (code, name, parent, level, outline, valid_from) VALUES
    ('441900', '东莞市', NULL, 'city', '{"type": "Polygon", "coordinates": [[[113, 22], [115, 22], [115, 24], [113, 24], [113, 22]]]}', '2020-01-01'),
    ('441900003', '东城', '441900', 'town', '{"type": "Polygon", "coordinates": [[[114, 22], [115, 22], [115, 24], [114, 24], [114, 22]]]}', '2020-01-01'),
    ('441900004', '南城', '441900', 'town', NULL, '2020-01-01')
"""  # noqa: E501


class Platform:
    """Lists what it holds; `wrong` breaks it after the first page."""

    def __init__(self, name: str = "hall") -> None:
        self.name, self.entries, self.wrong, self.page = name, list[Entry](), None, 2
        self.turned: list[tuple[str, Turn]] = []
        self.deaf: VideoError | None = None

    def catalogue(self) -> Iterator[Sequence[Entry]]:
        for at in range(0, len(self.entries), self.page):
            yield self.entries[at : at + self.page]
            if self.wrong:
                raise self.wrong
        if self.wrong:
            raise self.wrong

    def turn(self, channel: str, turn: Turn) -> None:
        if self.deaf:
            raise self.deaf
        self.turned.append((channel, turn))

    def go_to(self, channel: str, preset: int) -> None:
        self.turned.append((channel, Turn(zoom=preset)))


@pytest.fixture(scope="module", autouse=True)
def city(engine: Engine) -> None:
    with engine.begin() as tx:
        tx.execute(text(FACTS.replace(":", "\\:")))


@pytest.fixture(autouse=True)
def empty(engine: Engine) -> None:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE cameras, camera_status, camera_rounds, video_platforms, camera_holds, audit_log"))


def entry(channel: str, **facts: Any) -> Entry:
    return Entry(channel, f"{channel}号路口", **{"online": True, **facts})


def rounds(engine: Engine, platform: Any, now: list[int], **defaults: Any) -> CameraRounds:
    def places() -> CityPlaces:
        register = RegisterRepository(engine)
        return CityPlaces(register.areas(), register.departments(None))

    return CameraRounds(platform, CameraCatalogue(engine), places, Defaults(**defaults), lambda: now[0])


def cameras(engine: Engine) -> Cameras:
    return Cameras(CameraRepository(engine), Register(RegisterRepository(engine)))


def names(found: Sequence[Any]) -> list[str]:
    return [one.channel for one in found]


def read(engine: Engine, *entries: Entry, at: int = T, name: str = "hall", **defaults: Any) -> int:
    platform = Platform(name)
    platform.entries = list(entries)
    return rounds(engine, platform, [at], **defaults).round(at)


def test_a_camera_belongs_where_its_platform_says_else_where_it_stands_else_to_its_division(engine: Engine) -> None:
    read(
        engine,
        entry("said", region=WEST, lon=114.5, lat=23.0),
        entry("placed", region="nowhere", lon=114.5, lat=23.0, department="water"),
        entry("coded", civil_code="441999"),
        entry("lost", civil_code="1101"),
        region=EAST,
        department="police",
    )
    found = {one.channel: one for one in cameras(engine).search(OPERATOR, Asked())}
    assert {name: one.region for name, one in found.items()} == {"said": WEST, "placed": EAST, "coded": "441900", "lost": EAST}
    assert found["placed"].department == "water" and found["said"].department == "police"
    assert found["said"].path == ("东莞市", "南城")


def test_only_what_has_changed_is_written_and_the_past_stays_as_it_was(engine: Engine) -> None:
    one = entry("a", lon=114.5, lat=23.0)
    assert read(engine, one, entry("b")) == 2
    assert read(engine, one, entry("b"), at=T + HOUR) == 0
    assert read(engine, one._replace(name="新名", lon=114.500001), entry("b", online=False), at=T + 2 * HOUR) == 2
    now, then = cameras(engine).search(OPERATOR, Asked()), cameras(engine).search(OPERATOR, Asked(), T + HOUR)
    assert [(camera.name, camera.status, camera.since) for camera in now] == [("b号路口", "offline", T + 2 * HOUR), ("新名", "online", T)]
    assert [(camera.name, camera.status) for camera in then] == [("a号路口", "online"), ("b号路口", "online")]
    assert cameras(engine).search(OPERATOR, Asked(), T - 1) == []


def test_a_catalogue_that_was_cut_takes_nothing_away_and_a_whole_one_marks_what_vanished(engine: Engine) -> None:
    now, platform = [T], Platform()
    platform.entries = [entry("a"), entry("b"), entry("c")]
    made = rounds(engine, platform, now, every_s=60)
    assert made.round(now[0]) == 3
    platform.entries, platform.wrong, now[0] = [entry("a"), entry("b")], BadAnswer("2 of 3"), T + 60_000
    assert made.round(now[0]) == 0 and names(cameras(engine).search(OPERATOR, Asked())) == ["a", "b", "c"]
    state = cameras(engine).platforms(OPERATOR)[0]
    assert (state.cameras, state.failing_since, state.reason, state.whole_at) == (3, T + 60_000, "bad_answer", T)
    platform.wrong, now[0] = None, T + 120_000
    assert made.round(now[0]) == 1 and names(cameras(engine).search(OPERATOR, Asked())) == ["a", "b"]
    gone = cameras(engine).search(OPERATOR, Asked(status="gone"))
    assert [(one.channel, one.since) for one in gone] == [("c", T + 120_000)]
    assert cameras(engine).platforms(OPERATOR)[0].failing_since is None
    platform.entries, now[0] = [entry("a"), entry("b"), entry("c")], T + 180_000
    assert made.round(now[0]) == 1 and len(cameras(engine).search(OPERATOR, Asked())) == 3


def test_an_empty_catalogue_is_not_believed_where_there_were_cameras(engine: Engine) -> None:
    assert read(engine) == 0 and cameras(engine).platforms(OPERATOR)[0].reason == ""
    read(engine, entry("a"), at=T + HOUR)
    read(engine, at=T + 2 * HOUR)
    assert names(cameras(engine).search(OPERATOR, Asked())) == ["a"]
    assert cameras(engine).platforms(OPERATOR)[0].reason == "bad_answer"


def test_loss_and_recovery_are_said_once_each_and_the_pauses_grow(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "citydeck.cameras")
    now, platform = [T], Platform()
    platform.wrong = PlatformAway("ConnectionError")
    made = rounds(engine, platform, now, every_s=60)
    asked = []
    for second in range(16):
        now[0] = T + second * 1000
        before = len(CameraRepository(engine).platforms()) and CameraRepository(engine).platforms()[0].asked_at
        made.round(now[0])
        asked += [second] if CameraRepository(engine).platforms()[0].asked_at != before else []
    assert asked == [0, 1, 3, 7, 15]
    platform.wrong, now[0] = None, T + HOUR
    made.round(now[0])
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_each_sees_the_cameras_of_their_own_scope(engine: Engine) -> None:
    read(engine, entry("e", region=EAST, department="police"), entry("w", region=WEST, department="water"))
    read(engine, entry("x", region="441900"), name="hills")
    service = cameras(engine)
    assert names(service.search(OPERATOR, Asked())) == ["e", "w", "x"]
    assert names(service.search(EASTERN, Asked())) == ["e"] and names(service.search(POLICE, Asked())) == ["e"]
    assert service.search(AUDITOR, Asked()) == [] and service.nodes(AUDITOR) == [] and service.platforms(AUDITOR) == []
    assert service.one(EASTERN, "hall-w") is None and service.one(OPERATOR, "hall-w") is not None
    assert [state.platform for state in service.platforms(EASTERN)] == ["hall"]
    assert [node.name for node in service.nodes(OPERATOR)] == ["hall", "hills"] and service.nodes(EASTERN) == [Node("hall", 1, 1)]
    with pytest.raises(LookupError):
        service.rate(EASTERN, "hall-w", T, T + 1)


def test_the_tree_opens_level_by_level_and_counts_what_is_below(engine: Engine) -> None:
    street = entry("a", group=("南城", "鸿福路"))
    read(engine, street, entry("b", group=street.group, online=False), entry("c", group=("南城",)), entry("d", group=("东城",)))
    service = cameras(engine)
    assert service.nodes(OPERATOR, "hall") == [Node("东城", 1, 1), Node("南城", 3, 2)]
    assert service.nodes(OPERATOR, "hall", ["南城"]) == [Node("鸿福路", 2, 1)]
    assert names(service.search(OPERATOR, Asked(platform="hall", path=("南城", "鸿福路")))) == ["a", "b"]


def test_cameras_are_found_by_any_words_of_their_chinese_names_and_listed_in_pages(engine: Engine) -> None:
    read(engine, *(Entry(f"c{n}", f"鸿福路{n}号 球机", True, group=("南城",)) for n in range(5)), entry("x"))
    service = cameras(engine)
    assert names(service.search(OPERATOR, Asked("鸿福 3号"))) == ["c3"] and names(service.search(OPERATOR, Asked("HALL-C4"))) == ["c4"]
    assert service.search(OPERATOR, Asked("鸿福 % _")) == []
    first = service.search(OPERATOR, Asked("南城", most=3))
    rest = service.search(OPERATOR, Asked("南城", most=3, after=(first[-1].name, first[-1].camera_id)))
    assert names(first) + names(rest) == [f"c{n}" for n in range(5)]


def test_near_a_place_are_the_cameras_that_stand_there_and_those_that_drive_by(engine: Engine) -> None:
    read(
        engine,
        entry("away", lon=113.8, lat=23.0004, direction=0.0, ptz="fixed"),
        entry("sees", lon=113.8, lat=22.9990, direction=0.0, ptz="fixed"),
        entry("far", lon=113.9, lat=23.0),
        entry("rides", vehicle="veh-1", lon=1.0, lat=1.0),
        entry("parked", vehicle="veh-2"),
    )
    _position(engine, "veh-1", T + HOUR, 113.8001)
    _position(engine, "veh-2", T, 113.8001)
    found = cameras(engine).near(OPERATOR, 113.8, 23.0, 500, T + HOUR + 60_000)
    assert [(seen.camera.channel, seen.view) for seen in found] == [("rides", "unknown"), ("sees", "sees"), ("away", "away")]
    assert found[0].camera.placed_at == T + HOUR
    assert names([seen.camera for seen in cameras(engine).near(OPERATOR, 113.8, 23.0, 500, T + 60_000)]) == ["parked", "sees", "away"]


def _position(engine: Engine, device: str, at: int, lon: float) -> None:
    with engine.begin() as tx:
        day = to_datetime(at).date()
        tx.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS positions_{day:%Y%m%d} PARTITION OF positions FOR VALUES FROM ('{day}') TO (DATE '{day}' + 1)"
            )
        )
        tx.execute(
            text("INSERT INTO positions (device_id, at, lon, lat, received_at) VALUES (:device, :at, :lon, 23.0, :at)"),
            {"device": device, "at": to_datetime(at), "lon": lon},
        )


def test_the_online_rate_is_that_of_the_time_that_is_known(engine: Engine) -> None:
    read(engine, entry("a"))
    read(engine, entry("a", online=False), at=T + HOUR)
    read(engine, entry("a"), at=T + 2 * HOUR)
    service = cameras(engine)
    assert service.rate(OPERATOR, "hall-a", T, T + 2 * HOUR) == pytest.approx(0.5)
    assert service.rate(OPERATOR, "hall-a", T - HOUR, T + HOUR // 2) == pytest.approx(1.0)
    assert service.rate(OPERATOR, "hall-a", T - HOUR, T - 1) is None


def test_cameras_of_a_platform_that_the_city_has_no_more_are_gone(engine: Engine) -> None:
    read(engine, entry("a"))
    read(engine, entry("b"), name="hills")
    assert CameraCatalogue(engine).retire(["hall"], T + HOUR) == 1
    assert names(cameras(engine).search(OPERATOR, Asked())) == ["a"]
    assert [state.platform for state in cameras(engine).platforms(OPERATOR)] == ["hall"]


def test_a_camera_whose_id_changes_leaves_no_second_one_behind(engine: Engine) -> None:
    read(engine, entry("a"))
    with engine.begin() as tx:
        tx.execute(text("UPDATE cameras SET camera_id = 'old-name'"))
    read(engine, entry("a"), at=T + HOUR)
    assert [one.camera_id for one in cameras(engine).search(OPERATOR, Asked())] == ["hall-a"]


@pytest.mark.parametrize("channel", ["a", "44190000001180000001/44190000081320000001", "路口 1", "x" * 300])
def test_an_id_can_stand_in_a_topic_and_an_address(channel: str) -> None:
    made = camera_id_of("hall", channel)
    assert made.startswith("hall-") and len(made) <= 128 and made.isascii() and not set("/ ?#%.") & set(made)
    assert made != camera_id_of("hall", channel + "!")


def turning(engine: Engine, platform: Platform) -> Turning:
    return Turning(cameras(engine), CameraHolds(engine), {"hall": platform}, Audit(AuditRepository(engine), lambda *_: set()))  # type: ignore[arg-type, dict-item]


def deeds(engine: Engine) -> list[tuple[str, ...]]:
    with engine.connect() as tx:
        return [tuple(row) for row in tx.execute(text("SELECT actor, action, outcome FROM audit_log ORDER BY id"))]


def test_one_person_turns_a_camera_and_another_waits_until_the_first_falls_silent(engine: Engine) -> None:
    read(engine, entry("a", ptz="dome"))
    platform = Platform()
    service = turning(engine, platform)
    hold = service.turn(OPERATOR, "hall-a", Turn(pan=0.5), T)
    assert (hold.username, hold.until, hold.moving) == ("wang", T + HOLD_MS, True)
    with pytest.raises(Busy, match="wang"):
        service.turn(OTHER, "hall-a", Turn(pan=-0.5), T + 1)
    service.turn(OPERATOR, "hall-a", Turn(), T + 1000)
    assert platform.turned == [("a", Turn(pan=0.5)), ("a", Turn())]
    assert service.held(OTHER, "hall-a", T + 1001) == ("hall-a", "wang", T + 1000 + HOLD_MS, False)
    service.go_to(OTHER, "hall-a", 3, T + 1000 + HOLD_MS)
    service.leave(OTHER, "hall-a")
    assert service.held(OPERATOR, "hall-a", T + 1000 + HOLD_MS) is None
    assert deeds(engine) == [
        ("wang", "turn_camera", "ok"), ("li", "turn_camera", "refused"), ("wang", "turn_camera", "ok"), ("li", "camera_preset", "ok"),
    ]  # fmt: skip


def test_who_may_not_turn_it_does_not_and_it_is_written_down(engine: Engine) -> None:
    read(engine, entry("w", region=WEST, ptz="dome"), entry("f", ptz="fixed"), entry("o", ptz="dome", online=False))
    service = turning(engine, Platform())
    leader = Actor("chief", frozenset({"leader"}))
    for actor, camera, error in (
        (leader, "hall-w", Forbidden), (EASTERN, "hall-w", LookupError), (OPERATOR, "hall-f", NotOffered), (OPERATOR, "hall-o", Offline),
    ):  # fmt: skip
        with pytest.raises(error):
            service.turn(actor, camera, Turn(pan=1), T)
    assert [outcome for *_, outcome in deeds(engine)] == ["refused"] * 4


def test_a_camera_whose_holder_falls_silent_while_it_turns_is_told_to_stand_still(engine: Engine) -> None:
    read(engine, entry("a", ptz="dome"))
    platform, holds = Platform(), CameraHolds(engine)
    turning(engine, platform).turn(OPERATOR, "hall-a", Turn(tilt=1), T)
    jobs = Runaways(holds, lambda _: ("hall", "a"), {"hall": platform}, lambda: T)  # type: ignore[dict-item]
    assert jobs.round(T + HOLD_MS - 1) == 0
    platform.deaf = TimedOut()
    assert jobs.round(T + HOLD_MS) == 0 and jobs.round(T + HOLD_MS + 1000) == 0
    platform.deaf = None
    assert jobs.round(T + HOLD_MS + 6000) == 1 and platform.turned[-1] == ("a", Turn())
    assert jobs.round(T + HOLD_MS + 60_000) == 0


def test_a_page_of_nothing_changes_nothing(engine: Engine) -> None:
    assert CameraCatalogue(engine).put("hall", [], T) == Changes()
