"""A box around a point leaves nobody out who is near enough, anywhere on earth, and isn't much larger than it must be."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from data_adapters.sql.nearby import box, within
from domain.distance import metres_between


class Spot(NamedTuple):
    lon: float | None
    lat: float | None


@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(1, 20_000), st.floats(-1, 1), st.floats(-1, 1))
def test_whoever_is_near_enough_is_in_the_box(lon, lat, metres, east, north):
    found = box(lon, lat, metres)
    spot = Spot(lon + 3 * east * (found["east"] - lon), lat + 3 * north * (found["north"] - lat))
    inside = found["south"] <= spot.lat <= found["north"] and found["west"] <= spot.lon <= found["east"]
    assert inside or metres_between(lon, lat, spot.lon, spot.lat) > metres
    if inside:
        assert metres_between(lon, lat, spot.lon, spot.lat) < 1.6 * metres


def test_of_those_in_the_box_the_near_ones_are_told_nearest_first():
    spots = [Spot(113.75, 23.004), Spot(113.75, 23.001), Spot(113.7545, 23.0045), Spot(None, None)]
    assert [spot for spot, _ in within(spots, 113.75, 23.0, 500)] == [spots[1], spots[0]]
