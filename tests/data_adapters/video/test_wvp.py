"""WVP as a city meets it: its cameras, its streams, and every way in which it can be wrong."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from resource import RUSAGE_SELF, getrusage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.strict import ConfigError
from data_adapters.coordinates import from_wgs84
from data_adapters.video.setup import PlatformSetup
from data_adapters.video.wvp.adapter import WvpPlatform
from data_adapters.video.wvp.channels import entry_of, has_picture, nodes_of, path_of, plain
from data_adapters.video.wvp.streams import urls_of
from services.video_ports import (
    BadAnswer,
    Busy,
    Entry,
    NoRight,
    NoStream,
    NotOffered,
    Offline,
    PlatformAway,
    PlatformRefused,
    Preset,
    TimedOut,
    Turn,
    UnknownChannel,
    VideoError,
    Whereabouts,
)
from tests.data_adapters.video.wvp_server import DEVICE, PASSWORD, STREAM, Wvp, channel, wvp

CHANNEL = f"{DEVICE}/44190000081320000001"
T = 1_795_000_000_000


@pytest.fixture
def server() -> Iterator[Wvp]:
    with wvp() as made:
        yield made


def platform(server: Wvp, datum: str = "wgs84", password: str = PASSWORD, timeout_s: float = 5, **more: Any) -> WvpPlatform:
    said = {"url": server.url, "username": "citydeck", **more}
    return WvpPlatform(PlatformSetup("wvp", datum, timeout_s, said, {"password": password}))


def all_of(one: WvpPlatform) -> list[Entry]:
    return [entry for page in one.catalogue() for entry in page]


def test_its_cameras_come_with_group_place_direction_and_status(server: Wvp) -> None:
    server.channels = lambda n: channel(n, status=("OFF" if n == 2 else "ON"))
    entries = all_of(platform(server, page=10))
    assert [entry.channel for entry in entries] == [f"{DEVICE}/4419000008132{n:07d}" for n in (1, 2, 3)]
    one = entries[0]
    assert (one.name, one.group, one.civil_code, one.ptz) == ("人民路1号", ("市公安局", "南城", "鸿福路口"), "4419", "fixed")
    assert (one.lon, one.lat, one.direction) == (113.75, 23.02, 0.0)
    assert [entry.online for entry in entries] == [True, False, True]


def test_its_positions_are_brought_to_wgs84(server: Wvp) -> None:
    lon, lat = from_wgs84(113.75, 23.02, "gcj02")
    server.channels = lambda n: channel(n, longitude=lon, latitude=lat if n > 1 else None)
    nowhere, there, _ = all_of(platform(server, "gcj02"))
    assert (nowhere.lon, nowhere.lat) == (None, None)
    assert (there.lon, there.lat) == (pytest.approx(113.75, abs=1e-6), pytest.approx(23.02, abs=1e-6))


def test_the_common_catalogue_has_the_same_cameras_under_their_numbers(server: Wvp) -> None:
    entries = all_of(platform(server, catalogue="common"))
    assert [(entry.channel, entry.name, entry.ptz) for entry in entries][:1] == [("1", "人民路1号", "fixed")]
    one = platform(server, catalogue="common")
    assert one.live("7").urls and one.stop(one.live("7").session) is None
    assert ("/api/common/channel/play/stop", {"channelId": "7"}) in server.asked


def test_a_catalogue_that_ends_before_its_total_is_no_whole_one(server: Wvp) -> None:
    server.many, server.cut_at = 50, 20
    taken = 0
    with pytest.raises(BadAnswer, match="20 of 50"):
        for page in platform(server, page=10).catalogue():
            taken += len(page)
    assert taken == 20


def test_a_catalogue_of_a_hundred_thousand_channels_is_read_page_by_page(server: Wvp) -> None:
    server.many, server.channels = 100_000, lambda n: {"deviceId": f"4419000008132{n:07d}", "name": "路口", "status": "ON"}
    one, many = platform(server, page=2000, timeout_s=60), 0
    before = getrusage(RUSAGE_SELF).ru_maxrss
    for page in one.catalogue():
        assert len(page) <= 2000
        many += len(page)
    grown_kb = getrusage(RUSAGE_SELF).ru_maxrss - before
    assert many == 100_000 and grown_kb < 60_000


def test_a_token_that_has_run_out_is_replaced_once_and_nobody_notices(server: Wvp) -> None:
    one = platform(server)
    assert all_of(one) and server.logins == 1
    server.expired = True
    assert all_of(one) and server.logins == 2


def test_a_refused_account_is_no_right_and_the_password_stands_nowhere(server: Wvp, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NoRight) as refused:
        all_of(platform(server, password="wrong-one"))
    assert "wrong-one" not in str(refused.value)
    one = platform(server, password=PASSWORD)
    server.faults["/api/device"] = {"code": 500, "msg": "x"}
    with pytest.raises(PlatformRefused) as failed:
        all_of(one)
    told = str(failed.value) + repr(failed.value) + caplog.text
    assert PASSWORD not in told and server.token not in told


def test_a_stream_is_given_in_all_ways_that_lie_on_known_hosts_and_webrtc_as_whep(server: Wvp) -> None:
    stream = platform(server).live(CHANNEL)
    assert set(stream.urls) == {"whep", "hls", "rtsp"} and stream.codec == "h265"
    assert stream.urls["whep"].endswith(f"/index/api/whep?app=rtp&stream={STREAM}")
    named = platform(server, media_hosts=["elsewhere.example"]).live(CHANNEL)
    assert named.urls["fmp4"] == "http://elsewhere.example/x.mp4"


def test_what_was_begun_is_ended_and_what_is_over_is_no_error(server: Wvp) -> None:
    one = platform(server)
    past = one.playback(CHANNEL, T, T + 60_000)
    assert server.asked[-1][1] == {"startTime": "2026-11-18 19:06:40", "endTime": "2026-11-18 19:07:40"}
    one.stop(past.session)
    assert server.asked[-1][0] == f"/api/playback/stop/{CHANNEL}/{STREAM}"
    server.faults["/api/play/stop"] = {"code": 100, "msg": "通道不存在"}
    one.stop(one.live(CHANNEL).session)
    one.stop("nonsense")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": -1, "msg": "信令超时"}, TimedOut),
        ({"code": -2, "msg": "收流超时"}, NoStream),
        ({"code": -3, "msg": "资源耗尽"}, Busy),
        ({"code": 100, "msg": "点播超时"}, TimedOut),
        ({"code": 100, "msg": "设备离线"}, Offline),
        ({"code": 100, "msg": "通道不存在"}, UnknownChannel),
        ({"code": 403, "msg": "无权限操作"}, NoRight),
        ({"code": 100, "msg": "失败"}, PlatformRefused),
        ({"code": 0, "data": {"hls": "http://nowhere.example/a.m3u8"}}, NoStream),
        ({"code": 0, "data": None}, NoStream),
        ({"code": "0", "data": {}}, BadAnswer),
        ({"code": None}, BadAnswer),
        ([], NoStream),
        (b"<html>", BadAnswer),
        (b"[" * 100_000, BadAnswer),
        (b'{"code": 0, "data": "' + b"x" * 9_000_000 + b'"}', BadAnswer),
        (502, PlatformRefused),
        (404, UnknownChannel),
    ],
    ids=str,
)  # fmt: skip
def test_each_failure_has_its_own_reason(server: Wvp, answer: Any, error: type[VideoError]) -> None:
    server.faults["/api/play/start"] = answer
    with pytest.raises(error) as failed:
        platform(server).live(CHANNEL)
    assert type(failed.value) is error and len(str(failed.value)) < 500


def test_a_slow_platform_times_out_and_a_missing_one_is_away(server: Wvp) -> None:
    slow = platform(server, timeout_s=0.5)
    server.slow_s = 2
    with pytest.raises(TimedOut):
        slow.live(CHANNEL)
    gone = WvpPlatform(PlatformSetup("w", settings={"url": "http://127.0.0.1:9", "username": "u"}, secrets={"password": "p"}))
    with pytest.raises(PlatformAway):
        gone.live(CHANNEL)


@pytest.mark.parametrize("reference", ["", "/", "a/b/c", "../x", "..%2f/x", "d/..?x=1", "12345678901", "７"])
def test_a_reference_that_is_none_is_asked_nowhere(server: Wvp, reference: str) -> None:
    with pytest.raises(UnknownChannel):
        platform(server).live(reference)
    assert not server.asked


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (Turn(pan=-0.5), {"command": "left", "horizonSpeed": "128", "verticalSpeed": "0", "zoomSpeed": "0"}),
        (Turn(0.1, 1), {"command": "upright", "horizonSpeed": "26", "verticalSpeed": "255", "zoomSpeed": "0"}),
        (Turn(zoom=-1), {"command": "zoomout", "horizonSpeed": "0", "verticalSpeed": "0", "zoomSpeed": "15"}),
        (Turn(), {"command": "stop", "horizonSpeed": "0", "verticalSpeed": "0", "zoomSpeed": "0"}),
    ],
)
def test_it_turns_as_it_is_told(server: Wvp, turn: Turn, expected: dict[str, str]) -> None:
    platform(server).turn(CHANNEL, turn)
    assert server.asked[-1] == (f"/api/front-end/ptz/{CHANNEL}", expected)


def test_its_views_are_listed_and_those_that_are_none_left_out(server: Wvp) -> None:
    one = platform(server)
    assert one.presets(CHANNEL) == [Preset(1, "东门")]
    one.go_to(CHANNEL, 1)
    assert server.asked[-1] == (f"/api/front-end/preset/call/{CHANNEL}", {"presetId": "1"})


def test_a_picture_is_asked_for_and_fetched(server: Wvp) -> None:
    server.picture = b"\xff\xd8picture"
    one = platform(server)
    assert one.snapshot(CHANNEL).content == server.picture
    assert server.asked[-1] == (f"/api/device/query/snap/{CHANNEL}", {"mark": "20261122"})
    server.picture = b""
    with pytest.raises(Offline):
        one.snapshot(CHANNEL)
    with pytest.raises(NotOffered):
        one.snapshot("7")


def test_alarms_come_oldest_first_in_the_words_of_the_standard(server: Wvp) -> None:
    server.alarms = [
        {"id": 2, "channelDeviceId": "c2", "alarmTime": T + 5, "alarmType": "IntrusionDetection", "description": "入侵"},
        {"id": 1, "channelId": "c1", "alarmTime": "2026-11-18 19:06:40", "alarmMethod": "5", "junk": {}},
        {"id": 3, "channelId": "c3", "alarmTime": "yesterday"},
    ]
    found = list(platform(server).alarms(T, T + 60_000))
    assert [(alarm.alarm_id, alarm.channel, alarm.at) for alarm in found] == [("1", "c1", T), ("2", "c2", T + 5)]
    assert (found[1].facts["alarmMethod"], found[1].facts["alarmType"]) == ("5", "6") and "junk" not in found[0].facts


def test_a_vehicle_is_where_its_camera_last_said(server: Wvp) -> None:
    server.place = {"deviceId": DEVICE, "time": "2026-11-18 19:06:40", "longitude": 113.7, "latitude": 23.0}
    one = platform(server, vehicles={DEVICE: "veh-7"})
    assert list(one.whereabouts()) == [Whereabouts("veh-7", T, 113.7, 23.0)]
    assert all(entry.vehicle == "veh-7" for entry in all_of(one))
    server.place = None
    assert list(one.whereabouts()) == []


def test_settings_that_cannot_work_stop_the_start() -> None:
    for said, secrets in (
        ({"username": "u"}, {"password": "p"}),
        ({"url": "http://w"}, {"password": "p"}),
        ({"url": "http://w", "page": 1}, {}),
    ):
        with pytest.raises(ConfigError, match=r"video\.yaml"):
            WvpPlatform(PlatformSetup("w", settings=said, secrets=secrets))
    assert WvpPlatform(PlatformSetup("w", settings={"url": "http://w"}, secrets={"api_key": "k"})).name == "w"


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
JSON = PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(st.text(max_size=3), PLAIN, max_size=2)
NAMES = st.sampled_from(
    [
        "deviceId",
        "channelId",
        "name",
        "status",
        "longitude",
        "latitude",
        "directionType",
        "ptzType",
        "civilCode",
        "parentId",
        "channelType",
        "id",
    ]
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, JSON))
def test_no_row_breaks_the_reader(row: dict[str, Any]) -> None:
    setup = PlatformSetup("w", "bd09")
    nodes = dict(nodes_of([row]))
    entry = entry_of(plain(row), "d/c", path_of(row, nodes), setup, {})
    assert isinstance(has_picture(row), bool) and len(entry.name) <= 300
    assert entry.lon is None or (-181 < entry.lon < 181 and entry.lat is not None)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["rtc", "hls", "fmp4", "flv", "rtsp", "mediaInfo"]), JSON))
def test_no_stream_leads_to_a_host_that_nobody_named(data: dict[str, Any]) -> None:
    with suppress(NoStream):
        assert all("media.example" in address for address in urls_of(data, {"media.example"}).values())


def test_groups_that_lie_in_each_other_do_not_hang_the_reader() -> None:
    ring = dict(
        nodes_of(
            [{"deviceId": "a1", "name": "A", "parentId": "b1", "channelType": 1}, {"deviceId": "b1", "parentId": "a1", "channelType": 1}]
        )
    )
    assert path_of({"parentId": "x/a1"}, ring) == ("b1", "A")
