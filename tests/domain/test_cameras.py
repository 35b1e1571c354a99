"""Which camera can see a place: the near ones first, but never one that looks away or not so far before one that sees."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cameras import Camera, apart, bearing, look, nearest
from domain.distance import METRES_PER_DEGREE

LON, LAT = 113.75, 23.02
METRE = 1 / METRES_PER_DEGREE
"""A degree of latitude."""


def camera(name: str = "c", north_m: float = -100, **facts: Any) -> Camera:
    """A fixed camera so many metres north of the place (south of it where negative)."""
    plain = dict.fromkeys(("direction", "field_of_view", "range_m", "vehicle", "device_id"), None)
    return Camera(
        **{
            "camera_id": name, "platform": "p", "channel": name, "name": name, "code": "", "civil_code": "", "path": (), "region": "r",
            "department": "d", "lon": LON, "lat": LAT + north_m * METRE, "ptz": "fixed", "codec": "", "streams": ("main",),
            "status": "online", "since": 0, "valid_from": 0, **plain, **facts,
        }
    )  # fmt: skip


def view(**facts: Any) -> str:
    return look(camera(**facts), LON, LAT).view


@pytest.mark.parametrize(("direction", "expected"), [(0, "sees"), (44.9, "sees"), (315.1, "sees"), (45.1, "away"), (180, "away")])
def test_a_fixed_camera_sees_what_lies_in_its_field(direction: float, expected: str) -> None:
    assert view(direction=direction) == expected


@pytest.mark.parametrize(("field", "expected"), [(20, "away"), (30.1, "sees"), (360, "sees")])
def test_its_own_field_of_view_counts_where_it_is_known(field: float, expected: str) -> None:
    assert view(direction=15, field_of_view=field) == expected


@pytest.mark.parametrize(("range_m", "expected"), [(99, "far"), (101, "sees")])
def test_a_place_beyond_its_range_is_too_far(range_m: float, expected: str) -> None:
    assert view(direction=0, range_m=range_m) == expected


def test_a_dome_turns_there_and_nobody_knows_where_a_camera_without_direction_looks() -> None:
    assert view(direction=180, ptz="dome") == "turns"
    assert view() == "unknown"
    assert view(ptz="dome") == "turns"
    assert view(ptz="unknown", direction=180) == "away"


def test_a_cars_camera_looks_wherever_the_car_stands() -> None:
    assert view(direction=180, vehicle="veh-1") == "unknown"


def test_right_below_it_a_camera_sees_whatever_its_direction() -> None:
    assert view(north_m=-4, direction=180) == "sees"


def test_the_nearest_that_sees_comes_first_then_what_looks_away_then_what_is_too_far_and_the_offline_last() -> None:
    one = [
        camera("offline", -10, status="offline"),
        camera("far", -20, range_m=10),
        camera("away", -30, direction=180),
        camera("unknown", -40),
        camera("sees", -50, direction=0),
        camera("beyond", -5000),
        camera("nowhere", lon=None, lat=None),
    ]
    found = nearest(one, LON, LAT, 1000)
    assert [seen.camera.name for seen in found] == ["unknown", "sees", "away", "far", "offline"]
    assert round(found[0].metres) == 40


@given(st.floats(0, 360), st.floats(0, 360))
def test_directions_are_at_most_half_a_turn_apart_and_it_does_not_matter_who_asks(one: float, other: float) -> None:
    assert 0 <= apart(one, other) <= 180
    assert apart(one, other) == pytest.approx(apart(other, one), abs=1e-9)
    assert apart(one, one) == 0


@pytest.mark.parametrize(("east", "north", "expected"), [(0, 1, 0), (1, 0, 90), (0, -1, 180), (-1, 0, 270)])
def test_bearings_count_clockwise_from_north(east: float, north: float, expected: float) -> None:
    assert bearing(LON, LAT, LON + east * 0.001, LAT + north * 0.001) == pytest.approx(expected, abs=0.01)
