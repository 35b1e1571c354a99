"""What keeps a picture away is told by a name that the screen has words for, and never by the platform's own statement alone."""

import pytest

from services.video_ports import ERRORS, PTZ, TURNS, Entry, Offline, Stream, Turn, VideoError


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_has_a_code_of_its_own_and_says_what_happened(code: str) -> None:
    error = ERRORS[code]("answered 4041")
    assert error.code == code and isinstance(error, VideoError)
    assert str(error) == f"{error.words}: answered 4041" and error.detail == "answered 4041"
    assert str(ERRORS[code]()) == error.words


def test_no_two_errors_share_a_code_and_all_are_listed() -> None:
    ours = {kind for kind in VideoError.__subclasses__() if kind.__module__ == VideoError.__module__}
    assert set(ERRORS.values()) == {VideoError, *ours}
    with pytest.raises(VideoError):
        raise Offline


def test_a_camera_is_fixed_and_nowhere_until_its_platform_says_more() -> None:
    entry = Entry("34020000001320000001", "东门", online=True)
    assert (entry.lon, entry.lat, entry.vehicle, entry.streams) == (None, None, None, ("main",))
    assert entry.ptz in PTZ and set(PTZ) >= TURNS
    assert Turn() == (0, 0, 0) and Stream("s", {}).expires_at is None
