"""The camera on a device's page: its own, or the one that shows the place of its alarm, with the minute before."""

from types import SimpleNamespace
from typing import Any

import pytest

from callbacks.device_cameras import playing, stills_of
from domain.access import Actor
from domain.registry import Device
from layouts.rows import device_rows
from services.around_cameras import NearCamera
from tests.fake_server import make_faces
from tests.fakes import make_city
from tests.layouts.test_panels import view

WATCHER = Actor("li", frozenset({"dispatcher"}))
DEVICE = Device("quiet", "水位", "water_level", "441900003", "water", 113.7, 23.0, 60)
NEAR = NearCamera("hall-1", None, "东门", "", "", 113.7, 23.0, 84.4, "sees", "online", 0, "hall")


@pytest.fixture
def city() -> Any:
    made = make_city()
    made.surroundings = SimpleNamespace(camera_at=lambda actor, device, at: NEAR)
    camera = SimpleNamespace(camera_id="hall-2", status="online")
    made.cameras = SimpleNamespace(of_devices=lambda actor, ids: dict.fromkeys(ids, camera))
    return made


def shown(city: Any, device: Device, actor: Actor = WATCHER, at: int | None = None) -> dict[str, Any]:
    """What the player is told; nothing where there is none."""
    parts = playing(make_faces(city), actor, view(city, "desk"), device, "desk", at)
    return parts[-1].children.to_plotly_json()["props"] if parts else {}


def test_an_alarm_has_the_camera_that_shows_its_place_which_plays_nothing_unasked(city: Any) -> None:
    alarm = city.picture.alarms[0]
    device = DEVICE._replace(device_id=alarm["device_id"])
    told = shown(city, device)
    assert (told["data-player"], told["data-past"], told["data-moment-of"]) == ("hall-1", "yes", "alarm")
    assert told["data-moment"] == str(alarm["raised_at"])
    assert shown(city, device, Actor("steward", frozenset({"data_steward"}))) == {}


def test_a_device_without_an_alarm_has_no_camera_and_a_camera_has_its_own(city: Any) -> None:
    assert shown(city, DEVICE) == {}
    camera = DEVICE._replace(kind="camera")
    assert shown(city, camera)["data-player"] == "hall-2" and "data-past" not in shown(city, camera)
    assert shown(city, camera, at=1_795_000_000_000)["data-past"] == "yes", "a picture of the past shows nothing live by itself"


def test_in_a_list_of_devices_a_camera_alone_has_a_still_and_only_now_and_for_who_may_see_video(city: Any) -> None:
    listed, faces = [DEVICE, DEVICE._replace(device_id="gate", kind="camera")], make_faces(city)
    assert stills_of(faces, WATCHER, listed, None) == {"gate": ("hall-2", True)}
    assert stills_of(faces, WATCHER, listed, 1_795_000_000_000) == {}, "a list of the past shows nothing of now"
    assert stills_of(faces, Actor("steward", frozenset({"data_steward"})), listed, None) == {}
    rows = device_rows(view(city, "desk"), listed, stills_of(faces, WATCHER, listed, None))
    assert [row["camera"] for row in rows] == [None, ("hall-2", True)]
