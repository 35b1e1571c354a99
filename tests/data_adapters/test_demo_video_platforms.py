"""The demo's video network, face platform and media server: what each says is what its feed hears, and what was meant."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.cameras import is_on
from data_adapters.demo.clips import give_streams, serve
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms import zlmediakit
from data_adapters.demo.platforms.cast import own_devices
from data_adapters.demo.platforms.face_match import FaceMatch
from data_adapters.demo.platforms.gb28181 import ALARM_SLOT_MS, ALARMS, Gb28181
from data_adapters.demo.platforms.registry import PLATFORMS
from data_adapters.demo.platforms.zlmediakit import SCHEMAS, ZlMediaKit
from data_adapters.demo.play import Message
from data_adapters.demo.viewers import LEFT_MS, LIST_MS, Viewers
from data_adapters.feeds.zlmediakit.polling import MediaServer
from data_adapters.video.list.adapter import ListPlatform
from data_adapters.video.setup import PlatformSetup
from domain.messages import Event, Output, Presence, Rejected
from tests.data_adapters.test_demo_platforms import DAY, DEMO, HOUR, MIDNIGHT, day_of_platform, heard

DAYS = 10
SERVER = "media-121-01"
MEANT = {
    "5.2": "motion", "5.9": "people_count", "5.8": "loitering", "5.3": "object_left", "5.5": "line_crossing", "5.6": "intrusion",
    "2.1": "video_loss", "5.11": "image_fault", "6.1": "storage_fault",
}  # fmt: skip
"""AlarmMethod and AlarmType, and what the standard means by them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_demo_pack(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def pack(folder: Path) -> Pack:
    return read_pack(folder)


@pytest.fixture(scope="module")
def network(pack: Pack) -> list[tuple[int, Message]]:
    """What the video network says in ten days."""
    return day_of_platform(Gb28181(pack), MIDNIGHT, DAYS * DAY)


def alarms(network: list[tuple[int, Message]]) -> list[tuple[int, Message]]:
    return [(at, message) for at, message in network if b"<CmdType>Alarm<" in message.payload]


def test_the_networks_cameras_state_two_alarms_an_hour_and_none_that_takes_the_wall_over(network: list[tuple[int, Message]]) -> None:
    events = [one for one in heard("gb28181", alarms(network)) if isinstance(one, Event)]
    assert len(events) == len(alarms(network)) and 1.5 < len(events) / DAYS / 24 < 2.5
    assert {one.facts["source"]: one.facts["type"] for one in events} == MEANT
    assert {one.facts["priority"] for one in events} == {3, 4}
    assert all(one.facts.get("direction") == ("entered" if one.facts["type"] == "intrusion" else None) for one in events)
    assert {one.facts["said"] for one in events} == {alarm.said for alarm in ALARMS}
    assert Counter(one.facts["type"] for one in events).most_common(1)[0][0] == "motion"


def test_an_alarm_says_where_its_camera_stands_and_when_in_the_standards_clock(pack: Pack, network: list[tuple[int, Message]]) -> None:
    places = {one.device_id: (one.lon, one.lat) for one in own_devices(pack, "gb28181")}
    for (at, message), event in zip(alarms(network), heard("gb28181", alarms(network)), strict=True):
        assert isinstance(event, Event) and (event.lon, event.lat) == places[str(event.device_id)]
        assert 0 <= at - event.at < 1000 and b'encoding="GB2312"' in message.payload
        assert str(event.facts["said"]) in message.payload.decode("gb2312")


def test_a_camera_of_the_network_that_turns_off_is_told_by_its_catalogue(pack: Pack, network: list[tuple[int, Message]]) -> None:
    cameras = [one.device_id for one in own_devices(pack, "gb28181") if one.kind == "camera"]
    states: dict[str, bool] = {}
    for output in heard("gb28181", network):
        if isinstance(output, Presence):
            states[output.device_id] = output.online
            assert output.device_id not in cameras or output.online is is_on(output.device_id, output.received_at)
    assert set(cameras) < set(states) and len(states) == len(cameras) + 1, "and its gateway"


def test_lost_people_are_seen_a_few_times_a_day_and_nothing_of_a_face_is_sent(pack: Pack) -> None:
    said = day_of_platform(FaceMatch(pack), MIDNIGHT, DAYS * DAY)
    events = [one for one in heard("face_match", said) if isinstance(one, Event)]
    assert len(events) == len(said) and 2 < len(events) / DAYS < 4
    assert {one.facts["purpose"] for one in events} == {"走失老人寻找", "走失儿童寻找"}
    assert all(
        set(one.facts) == {"purpose", "list", "reference", "score"} and one.at == at for one, (at, _) in zip(events, said, strict=True)
    )
    assert all(set(json.loads(message.payload)) == {"id", "camera", "at", *events[0].facts} for _, message in said)
    assert max(len(message.payload) for _, message in said) < 300


def test_what_happened_before_the_demo_was_asked_is_not_said_again(pack: Pack, network: list[tuple[int, Message]]) -> None:
    at, first = alarms(network)[0]
    again = [message for _, message in Gb28181(pack).said(at, at + ALARM_SLOT_MS // 100)]
    assert first not in again and first in [message for _, message in Gb28181(pack).said(at - 1, at)]


@pytest.mark.parametrize("name", ["gb28181", "zlmediakit"])
def test_a_sign_of_life_that_comes_a_moment_late_makes_no_feed_late(pack: Pack, name: str) -> None:
    spoken = sorted({at for at, _ in day_of_platform(PLATFORMS[name](pack), MIDNIGHT, HOUR)})
    assert max(after - before for before, after in pairwise(spoken)) <= 1000 * (DEMO[name].interval_s or 0) / 2


class Place:
    """The media server, running, with all its cameras on but one."""

    def __init__(self, pack: Pack) -> None:
        self.server = ZlMediaKit(pack)
        self.url = serve(self.server)
        self.camera, self.off = self.server.streams[:2]

    def poll(self, streams: list[dict[str, str]] | None = None, secret: str = "") -> list[tuple[str, bytes]]:
        poll = {"url": self.url, "every_s": 60.0, "timeout_s": 5.0, "streams": streams or []}
        return list(MediaServer("zlmediakit", poll, SCHEMAS[0], secret or self.server.secret).fetch())

    def hear(self, said: list[tuple[str, bytes]]) -> list[Output]:
        return list(heard("zlmediakit", [(MIDNIGHT, Message(topic, payload)) for topic, payload in said]))


@pytest.fixture
def place(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place(pack)
    monkeypatch.setattr(zlmediakit, "is_on", lambda camera, at: camera != made.off)
    yield made


def states(outputs: list[Output]) -> dict[str, bool]:
    return {one.device_id: one.online for one in outputs if isinstance(one, Presence)}


def test_the_media_servers_list_has_every_camera_that_is_on_and_who_watches_it(place: Place, pack: Pack) -> None:
    assert SERVER in [one.device_id for one in own_devices(pack, "zlmediakit")]
    on = [one for one in place.server.streams if one != place.off]
    with urlopen(f"{place.url}/live/{place.camera}/stream.mp4", timeout=5) as stream:
        assert stream.read(8)[4:] == b"ftyp"
        urlopen(f"{place.url}/live/{on[1]}/index.m3u8", timeout=5).close()
        ((topic, answer),) = place.poll()
        assert topic == "getMediaList" and states(place.hear([(topic, answer)])) == {SERVER: True, **dict.fromkeys(on, True)}
        watched = {one["stream"]: (one["readerCount"], one["totalReaderCount"]) for one in json.loads(answer)["data"]}
        assert watched == {**dict.fromkeys(on, (0, 0)), place.camera: (1, 1), on[1]: (0, 1)}
    named = [{"app": "live", "stream": one} for one in (place.camera, place.off)]
    assert states(place.hear(place.poll(named))) == {SERVER: True, place.camera: True, place.off: False}
    assert [one.reason for one in place.hear(place.poll(secret="wrong")) if isinstance(one, Rejected)] == ["refused"]


def test_a_camera_that_is_off_plays_nothing_and_that_somebody_wanted_it_is_told(place: Place) -> None:
    for stream in (place.off, "nobodys"):
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{place.url}/live/{stream}/stream.mp4", timeout=5)
    hooks = [(one.topic, one.payload) for _, one in place.server.said(MIDNIGHT, MIDNIGHT + 1)]
    told = [(one.device_id, one.facts["what"]) for one in place.hear(hooks) if isinstance(one, Event)]
    assert [one for one in told if one[1] != "up"] == [(place.off, "not_found")]
    assert {camera for camera, what in told if what == "up"} == set(place.server.streams) - {place.off}


def test_a_stream_that_nobody_watches_any_more_is_told_once(pack: Pack) -> None:
    viewers = Viewers()
    server = ZlMediaKit(pack, viewers)
    stream = server.streams[0]

    def told(at: int) -> list[tuple[str, str]]:
        said = [(at, one) for _, one in server.said(at, at + 1) if one.topic == "on_stream_none_reader"]
        return [(str(one.device_id), str(one.facts["what"])) for one in heard("zlmediakit", said) if isinstance(one, Event)]

    with viewers.connected(stream):
        assert told(MIDNIGHT) == [] and viewers.count(stream, MIDNIGHT) == (1, 0)
    viewers.listed(stream, MIDNIGHT + 1000)
    assert told(MIDNIGHT + LIST_MS) == [], "somebody else watches it by pieces"
    assert told(MIDNIGHT + LEFT_MS) == []
    assert told(MIDNIGHT + LIST_MS + LEFT_MS + 2000) == [(stream, "unwatched")]
    assert told(MIDNIGHT + HOUR) == [] and viewers.total(MIDNIGHT + HOUR) == 0


def test_the_cameras_of_the_media_server_are_played_by_it_and_the_wall_shows_them_first(pack: Pack, folder: Path) -> None:
    server = ZlMediaKit(pack)
    give_streams(folder / "cameras.csv", "http://127.0.0.1:1", server.streams)
    platform = ListPlatform(PlatformSetup("pack", settings={"file": "cameras.csv"}, folder=folder))
    entries = {one.channel: one for page in platform.catalogue() for one in page}
    for stream in server.streams:
        assert platform.live(stream).urls["hls"] == f"http://127.0.0.1:1/live/{stream}/index.m3u8"
    assert "/live/" not in platform.live("cam-003-01").urls["hls"]
    towns = {one.region for one in entries.values() if one.channel in server.streams}
    wall = {one.region: one.channel for one in entries.values() if one.wall}
    assert len(wall) == 33 and {wall[town] for town in towns} <= set(server.streams)
