"""From the datums of Chinese maps to WGS 84, once, at the door.

GCJ-02 (Amap, Tencent, most video platforms) and BD-09 (Baidu) are reversed with `geocoordinates-rs`: its refined inverse is
exact to well under a metre. CGCS2000 (GB 22021) is taken as WGS 84: they differ by centimetres.
"""

from collections.abc import Callable

import geocoordinates_ffi as geo
import numpy as np
import numpy.typing as npt
import shapely

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


class UnknownDatum(ValueError):
    """The name is none of DATUMS."""


def _same(lon: float, lat: float) -> Point:
    return lon, lat


def _from_gcj02(lon: float, lat: float) -> Point:
    place = geo.gcj02_to_wgs84_refined(geo.Gcj02(lat=lat, lon=lon))
    return place.lon, place.lat


def _from_bd09(lon: float, lat: float) -> Point:
    place = geo.bd09_to_wgs84_refined(geo.Bd09(lat=lat, lon=lon))
    return place.lon, place.lat


def _to_gcj02(lon: float, lat: float) -> Point:
    place = geo.wgs84_to_gcj02(geo.Wgs84(lat=lat, lon=lon))
    return place.lon, place.lat


def _to_bd09(lon: float, lat: float) -> Point:
    place = geo.wgs84_to_bd09(geo.Wgs84(lat=lat, lon=lon))
    return place.lon, place.lat


_TO_WGS84: dict[str, Callable[[float, float], Point]] = {
    "WGS84": _same,
    "CGCS2000": _same,
    "GCJ02": _from_gcj02,
    "BD09": _from_bd09,
}
_FROM_WGS84: dict[str, Callable[[float, float], Point]] = {"WGS84": _same, "CGCS2000": _same, "GCJ02": _to_gcj02, "BD09": _to_bd09}

DATUMS = ("WGS-84", "CGCS2000", "GCJ-02", "BD-09")


def datum_key(name: str) -> str:
    """`GCJ-02`, `gcj02`, `Gcj 02` -> `GCJ02`; raises UnknownDatum for anything that is none of DATUMS."""
    key = "".join(c for c in str(name).upper() if c.isalnum())
    if key not in _TO_WGS84:
        raise UnknownDatum(f"{name!r} is none of {', '.join(DATUMS)}")
    return key


def to_wgs84(lon: float, lat: float, datum: str) -> Point:
    """A point of `datum` in WGS 84."""
    return _TO_WGS84[datum_key(datum)](lon, lat)


def from_wgs84(lon: float, lat: float, datum: str) -> Point:
    """A WGS 84 point in `datum`."""
    return _FROM_WGS84[datum_key(datum)](lon, lat)


def shape_to_wgs84(shape: shapely.Geometry, datum: str) -> shapely.Geometry:
    """A geometry of `datum` in WGS 84, ring by ring."""
    convert = _TO_WGS84[datum_key(datum)]
    if convert is _same:
        return shape

    def each(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.array([convert(float(lon), float(lat)) for lon, lat in points]).reshape(-1, 2)

    return shapely.transform(shape, each)
