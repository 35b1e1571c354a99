"""Conversion of datums: known places, and there and back again."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data_adapters.coordinates import DATUMS, UnknownDatum, datum_key, from_wgs84, shape_to_wgs84, to_wgs84

LONGITUDES = st.floats(min_value=75, max_value=134)
LATITUDES = st.floats(min_value=19, max_value=52)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance of two near points."""
    east = (a[0] - b[0]) * math.cos(math.radians(a[1]))
    return math.hypot(east, a[1] - b[1]) * 111_320


@pytest.mark.parametrize("datum", DATUMS)
@given(lon=LONGITUDES, lat=LATITUDES)
def test_there_and_back_is_within_a_metre(datum: str, lon: float, lat: float) -> None:
    assert metres(to_wgs84(*from_wgs84(lon, lat, datum), datum), (lon, lat)) < 1


@pytest.mark.parametrize(("datum", "least", "most"), [("WGS-84", 0, 0), ("CGCS2000", 0, 0), ("GCJ-02", 300, 800), ("BD-09", 600, 1800)])
def test_each_datum_moves_dongguan_by_its_known_distance(datum: str, least: float, most: float) -> None:
    assert least <= metres(to_wgs84(113.75, 23.02, datum), (113.75, 23.02)) <= most


def test_gcj02_points_lie_east_and_south_of_the_truth_in_dongguan() -> None:
    lon, lat = to_wgs84(113.75519, 23.01728, "GCJ-02")
    assert metres((lon, lat), (113.75, 23.02)) < 2


@pytest.mark.parametrize("name", ["GCJ-02", "gcj02", "Gcj 02", "GCJ_02"])
def test_spellings_of_a_datum_are_understood(name: str) -> None:
    assert datum_key(name) == "GCJ02"


@pytest.mark.parametrize("name", ["", "WGS-48", "mars", "None"])
def test_an_unknown_datum_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownDatum, match="GCJ-02"):
        datum_key(name)


def test_areas_are_converted_with_their_holes() -> None:
    area = shapely.box(113.7, 22.9, 113.8, 23.0).difference(shapely.box(113.74, 22.94, 113.76, 22.96))
    moved = shapely.transform(area, lambda points: [from_wgs84(lon, lat, "BD-09") for lon, lat in points])
    back = shape_to_wgs84(moved, "BD-09")
    assert len(back.interiors) == 1
    assert shapely.hausdorff_distance(back, area) * 111_320 < 1
