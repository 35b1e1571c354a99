"""The pictures of the demo's recorder: what lights an alarm has one, which says that it is invented."""

from pathlib import Path

import pytest

from config.feeds import FeedConfig
from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.clips import serve
from data_adapters.demo.pack import build_demo_pack, demo_pack_dir
from data_adapters.demo.platforms.frigate import Frigate
from data_adapters.demo.recorder import RecorderPictures, recorder_pictures, tell_place
from data_adapters.feeds.registry import configured
from data_adapters.file_kinds import inspect
from domain.messages import Event
from services.event_pictures import PictureNotAllowed
from services.polling import SourceAway
from tests.data_adapters.test_demo_platforms import day_of_platform, heard


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    build_demo_pack(demo_pack_dir(folder))
    return folder


@pytest.fixture(scope="module")
def pack(data_dir: Path) -> Pack:
    return read_pack(demo_pack_dir(data_dir))


def test_every_alert_of_the_recorder_has_its_picture(data_dir: Path, pack: Pack) -> None:
    tell_place(data_dir, serve())
    events = [one for one in heard("frigate", day_of_platform(Frigate(pack))) if isinstance(one, Event)]
    told = [one.facts["picture"] for one in events if one.facts["type"] == "video"]
    source = recorder_pictures(data_dir, ())["frigate"]
    assert told and {inspect(source.fetch(picture)) for picture in told} == {"image/jpeg"}


def test_before_the_recorder_has_begun_its_pictures_are_asked_for_again_later(tmp_path: Path) -> None:
    with pytest.raises(SourceAway, match="has not begun"):
        RecorderPictures(tmp_path).fetch({"path": "/api/events/1.000000-abcdef/snapshot.jpg"})


def test_no_other_host_is_asked_for_the_recorders_pictures(data_dir: Path) -> None:
    tell_place(data_dir, serve())
    source = RecorderPictures(data_dir)
    with pytest.raises(PictureNotAllowed):
        source.fetch({"url": "http://elsewhere.example/a.jpg"})
    with pytest.raises(SourceAway, match="404"):
        source.fetch({"path": "/api/events/1.0-abcdef/snapshot.jpg"})


def test_a_recorder_of_the_citys_own_gets_no_invented_picture(data_dir: Path) -> None:
    feeds: list[FeedConfig] = configured()
    assert recorder_pictures(data_dir, {one.name for one in feeds}) and recorder_pictures(data_dir, {"frigate"}) == {}
