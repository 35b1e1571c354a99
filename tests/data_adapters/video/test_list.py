"""A plain list of addresses as a platform: what a city writes into it, and what it gets told when a line is wrong."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.strict import ConfigError
from config.video import load_video
from data_adapters.demo.facts import read_facts
from data_adapters.demo.pack import build_demo_pack
from data_adapters.video.list.adapter import ListPlatform
from data_adapters.video.registry import ADAPTERS, make_platforms
from data_adapters.video.setup import PlatformSetup
from services.video_ports import BadAnswer, Entry, NoStream, NotOffered, Offline, PlatformAway, Turn, UnknownChannel
from tests.data_adapters.feeds.serving import QuietHandler, serving

CSV = """channel,name,online,group,lon,lat,direction,ptz,hls,sub_hls,whep,picture
a,东门,yes,南城/鸿福路,113.75,23.02,90,dome,http://media.example/a.m3u8,http://media.example/a-sub.m3u8,,
b,西门,no,,,,,,,,http://media.example/b/whep,
c,,,,,,,,,,,
"""
Made = Callable[..., ListPlatform]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(content: str = CSV, name: str = "cameras.csv", **settings: Any) -> ListPlatform:
        (tmp_path / name).write_text(content, encoding="utf-8")
        return ListPlatform(PlatformSetup("pack", settings={"file": name, **settings}, folder=tmp_path))

    return make


def all_of(platform: ListPlatform) -> dict[str, Entry]:
    return {entry.channel: entry for page in platform.catalogue() for entry in page}


def test_a_csv_lists_cameras_with_their_streams(made: Made) -> None:
    platform = made()
    found = all_of(platform)
    assert (found["a"].name, found["a"].group, found["a"].direction, found["a"].streams) == (
        "东门",
        ("南城", "鸿福路"),
        90.0,
        ("main", "sub"),
    )
    assert not found["b"].online and found["c"].name == "c"
    assert platform.live("a").urls == {"hls": "http://media.example/a.m3u8"}
    assert platform.live("a", "sub").urls == {"hls": "http://media.example/a-sub.m3u8"}
    platform.stop(platform.live("a").session)


def test_yaml_says_the_same(made: Made) -> None:
    rows = [{"channel": 7, "online": False, "lon": 113.75, "lat": 23.02, "direction": 45, "wall": True, "hls": "https://m.example/x.m3u8"}]
    (entry,) = all_of(made(json.dumps(rows), "list.yaml")).values()
    assert (entry.channel, entry.online, entry.lon, entry.direction, entry.wall) == ("7", False, 113.75, 45.0, True)


def test_positions_are_brought_to_wgs84(tmp_path: Path) -> None:
    (tmp_path / "cameras.csv").write_text("channel,lon,lat\na,113.7551,23.0173\nb,0,0\n")
    found = all_of(ListPlatform(PlatformSetup("pack", "gcj02", settings={"file": "cameras.csv"}, folder=tmp_path)))
    assert found["a"].lon == pytest.approx(113.7498, abs=0.001) and found["b"].lon is None


def test_recordings_lie_where_the_list_says_and_what_is_offered_is_known_without_asking(made: Made) -> None:
    gate = "http://m.example/get?path=gate&start={start_at}&duration={seconds}"
    platform = made(f"channel,past_fmp4,past_hls,picture\na,{gate},http://m.example/{{start}}-{{end}}.m3u8,\nb,,,http://m.example/b.jpg\n")
    assert platform.playback("a", 1_795_000_000_000, 1_795_000_090_000).urls == {
        "fmp4": "http://m.example/get?path=gate&start=2026-11-18T11:06:40Z&duration=90",
        "hls": "http://m.example/1795000000-1795000090.m3u8",
    }
    assert [sorted(platform.offers(one)) for one in ("a", "b", "nobody")] == [["playback"], ["snapshot"], []]


def test_what_a_list_cannot_do_is_said(made: Made) -> None:
    platform = made()
    deeds: list[tuple[Callable[[], Any], type[Exception]]] = [
        (lambda: platform.turn("a", Turn(pan=1)), NotOffered),
        (lambda: platform.playback("a", 0, 1), NotOffered),
        (lambda: platform.live("b"), Offline),
        (lambda: platform.live("c"), NotOffered),
        (lambda: platform.live("nobody"), UnknownChannel),
        (lambda: platform.snapshot("a"), NotOffered),
        (lambda: platform.go_to("x", 1), UnknownChannel),
    ]
    for deed, error in deeds:
        with pytest.raises(error):
            deed()
    assert platform.presets("a") == [] and not list(platform.alarms(0, 1)) and not list(platform.whereabouts())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("channel,lon\na,east\n", "camera 1: lon"),
        ("channel,lat\na,23\na,23\n", "there twice"),
        ("channel,url\na,x\n", "'url': expected a known column"),
        ("name\nx\n", "channel: is missing"),
        ("channel,hls\na,file:///etc/passwd\n", "http:// or https://"),
        ("channel,hls\na,/relative.m3u8\n", "http:// or https://"),
        ("channel,rtsp\na,http://x\n", "rtsp://"),
        ("channel,ptz\na,robot\n", "ptz"),
        ("channel,code\na,12\n", "twenty digits"),
        ("channel,online\na,maybe\n", "yes or no"),
    ],
)
def test_a_wrong_line_stops_the_start_and_names_itself(made: Made, content: str, why: str) -> None:
    with pytest.raises(ConfigError) as refused:
        made(content)
    assert why in str(refused.value) and "video.yaml: pack" in str(refused.value)


def test_a_changed_file_is_read_again_and_a_broken_one_takes_nothing_away(made: Made, tmp_path: Path) -> None:
    platform, file = made(), tmp_path / "cameras.csv"
    file.write_text("channel\nz\n")
    os.utime(file, ns=(1, 1))
    assert list(all_of(platform)) == ["z"]
    file.write_text("channel,lon\nz,far\n")
    with pytest.raises(BadAnswer, match="camera 1: lon"):
        all_of(platform)
    file.unlink()
    with pytest.raises(PlatformAway, match="cannot be read"):
        all_of(platform)


def test_a_file_that_need_not_be_there_means_no_cameras(tmp_path: Path) -> None:
    platform = ListPlatform(PlatformSetup("pack", settings={"file": "none.csv", "optional": True}, folder=tmp_path))
    assert all_of(platform) == {}
    with pytest.raises(ConfigError, match=r"none\.csv"):
        ListPlatform(PlatformSetup("pack", settings={"file": "none.csv"}, folder=tmp_path))


class Media(QuietHandler):
    """Answers one address, and not the other."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path in ("/up.m3u8", "/still.jpg") else 404)
        self.end_headers()
        self.wfile.write(b"\xff\xd8 still")


@pytest.fixture
def media() -> Iterator[str]:
    with serving(Media) as url:
        yield url


def test_with_check_a_camera_is_online_when_its_address_answers(made: Made, media: str) -> None:
    content = "channel,hls,picture\nup,/up.m3u8,/still.jpg\ndown,/down.m3u8,/gone.jpg\nnone,,\n"
    platform = made(content, base=media, check=True)
    assert {name: entry.online for name, entry in all_of(platform).items()} == {"up": True, "down": False, "none": True}
    assert platform.live("up").urls == {"hls": f"{media}/up.m3u8"} and platform.snapshot("up").content == b"\xff\xd8 still"
    with pytest.raises(NoStream):
        platform.snapshot("down")


def test_the_demo_city_has_a_list_of_its_cameras_marked_as_demo(tmp_path: Path) -> None:
    found = all_of(make_platforms(build_demo_pack(tmp_path))["pack"])  # type: ignore[arg-type]
    fixed = [entry for entry in found.values() if entry.vehicle is None]
    others = sum(one.many for one in read_facts().platforms if one.kind == "camera")
    assert len(fixed) == 400 + others and len(found) == len(fixed) + 20
    assert all(entry.group[0] == "演示视频" for entry in found.values())
    assert all(entry.lon is not None and entry.direction is not None and entry.device_id == entry.channel for entry in fixed)
    assert {entry.region for entry in fixed} == {unit.code for unit in read_facts().units}
    assert 0 < sum(not entry.online for entry in fixed) < 40


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"adapter": "list"}, "datum: is missing"),
        ({"adapter": "hikvision", "datum": "wgs84"}, "adapter"),
        ({"adapter": "list", "datum": "mars"}, "datum"),
        ({"adapter": "wvp", "datum": "gcj02", "secrets": {"password": "plain"}}, "env:NAME or file:/path"),
        ({"adapter": "wvp", "datum": "gcj02", "settings": {"password": "plain"}}, "under `secrets`"),
        ({"adapter": "list", "datum": "wgs84", "every_s": 1}, "every_s"),
    ],
)
def test_a_wrong_platform_stops_the_start_with_one_line(tmp_path: Path, entry: dict[str, Any], why: str) -> None:
    (tmp_path / "video.yaml").write_text(json.dumps({"hall": entry}))
    with pytest.raises(ConfigError) as refused:
        load_video(ADAPTERS, tmp_path)
    assert why in str(refused.value) and "plain" not in str(refused.value) and "\n" not in str(refused.value)
