"""Beside an incident: the platforms' cameras as they are ranked, then those that are only registered, none twice."""

from domain.cameras import Seen
from domain.registry import Device
from services.around_cameras import cameras_beside
from tests.domain.test_cameras import camera


def test_a_registered_camera_that_a_platform_plays_stands_there_once_and_what_nobody_plays_comes_last() -> None:
    seen = [Seen(camera("hall-1", device_id="cam-1"), 50, "sees"), Seen(camera("hall-2"), 10, "away")]
    registered = [(Device(f"cam-{n}", f"路口{n}", "camera", "r", "d", 113.7, 23.0, None), float(n)) for n in (1, 2)]
    found = cameras_beside(seen, registered, 6)
    assert [(one.camera_id, one.device_id, one.view, one.status) for one in found] == [
        ("hall-1", "cam-1", "sees", "online"), ("hall-2", None, "away", "online"), ("cam-2", "cam-2", "unknown", ""),
    ]  # fmt: skip
    assert len(cameras_beside(seen, registered, 2)) == 2
