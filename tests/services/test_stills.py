"""Still pictures: kept for seconds, only real pictures, who looked is written down once in a while."""

from types import SimpleNamespace

import pytest

from domain.access import Actor, Forbidden
from services.stills import FRESH_MS, WRITTEN_EVERY_MS, Stills
from services.video_ports import BadAnswer, NotOffered, Offline, Picture
from services.viewing_ports import Camera
from tests.video_fakes import FakeCameras, FakePlatform

NOW = 1_795_000_000_000
WATCHER = Actor("wang", frozenset({"operator"}))


@pytest.fixture
def held():
    platform, written = FakePlatform(), []
    cameras = FakeCameras(
        Camera("cam-1", "路口", "hall", "ch-1", "east", offers=frozenset({"snapshot"})),
        Camera("cam-2", "广场", "hall", "ch-2", "east", online=False),
        Camera("cam-3", "巷口", "hall", "ch-3", "east"),
    )
    audit = SimpleNamespace(record=lambda *said: written.append(said))
    return Stills(cameras, {"hall": platform}, audit), platform, written


def test_many_who_look_ask_the_platform_once_in_ten_seconds_and_are_written_down_once_in_ten_minutes(held):
    stills, platform, written = held
    for after in (0, 1, FRESH_MS - 1, FRESH_MS, WRITTEN_EVERY_MS):
        assert stills.of(WATCHER, "cam-1", NOW + after).media_type == "image/jpeg"
    assert len(platform.asked) == 3 and len(written) == 2


def test_what_is_no_picture_is_not_passed_on_and_who_may_not_look_gets_none(held):
    stills, platform, _ = held
    platform.snapshot = lambda channel: Picture(b"<script>")
    with pytest.raises(BadAnswer):
        stills.of(WATCHER, "cam-1", NOW)
    with pytest.raises(Offline):
        stills.of(WATCHER, "cam-2", NOW)
    with pytest.raises(Forbidden):
        stills.of(Actor("data", frozenset({"data_steward"})), "cam-1", NOW)
    with pytest.raises(LookupError):
        stills.of(Actor("west", frozenset({"operator"}), regions=frozenset({"west"})), "cam-1", NOW)


def test_a_camera_without_a_still_picture_is_not_asked_for_one(held):
    stills, platform, _ = held
    with pytest.raises(NotOffered):
        stills.of(WATCHER, "cam-3", NOW)
    assert platform.asked == []
