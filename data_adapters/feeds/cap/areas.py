"""Where a CAP warning holds: polygons, circles and codes, brought to (longitude, latitude) and metres."""

from collections.abc import Iterable

from lxml.etree import _Element

from data_adapters.feeds.markup import children, number_of, text_of
from domain.messages import Rejected
from domain.warnings import Area

MOST_POINTS = 20_000


def area_of(element: _Element) -> Area | Rejected:
    """One area. Rejects a polygon that isn't closed or has no four corners, and what is no place on Earth."""
    codes = tuple((text_of(one, "valueName"), text_of(one, "value")) for one in children(element, "geocode"))
    return area_of_texts(text_of(element, "areaDesc"), codes, texts_of(element, "polygon"), texts_of(element, "circle"))


def texts_of(element: _Element, name: str) -> list[str]:
    """The texts of all children of this name."""
    return ["".join(str(part) for part in one.itertext()).strip() for one in children(element, name)]


def area_of_texts(name: str, codes: tuple[tuple[str, str], ...], polygons: Iterable[str], circles: Iterable[str]) -> Area | Rejected:
    """The same of texts as CAP writes them; empty ones say nothing."""
    rings = [_ring(text) for text in polygons if text]
    discs = [_circle(text) for text in circles if text]
    fault = next((one for one in (*rings, *discs) if isinstance(one, Rejected)), None)
    if fault:
        return fault
    sound = tuple(one for one in rings if not isinstance(one, Rejected))
    return Area(name, codes, sound, tuple(dict.fromkeys(one for one in discs if not isinstance(one, Rejected))))


def _ring(text: str) -> tuple[tuple[float, float], ...] | Rejected:
    pairs = text.split()
    if len(pairs) > MOST_POINTS:
        return Rejected("breaks_rule", f"polygon: at most {MOST_POINTS} corners are read")
    places = [_place(pair) for pair in pairs]
    if len(pairs) < 4 or pairs[0] != pairs[-1]:
        return Rejected("breaks_rule", "polygon: expected four corners or more, the last the first again")
    sound = tuple(place for place in places if place is not None)
    return sound if len(sound) == len(places) else Rejected("breaks_rule", "polygon: expected latitude,longitude in degrees of WGS 84")


def _circle(text: str) -> tuple[float, float, float] | Rejected:
    parts = text.split()
    place = _place(parts[0])
    radius_km = number_of(parts[1]) if len(parts) == 2 else None
    if place is None or radius_km is None or not 0 <= radius_km <= 20_040:
        return Rejected("breaks_rule", "circle: expected latitude,longitude and a radius in kilometres")
    return *place, radius_km * 1000


def _place(pair: str) -> tuple[float, float] | None:
    numbers = [number_of(part) for part in pair.split(",")]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    lat, lon = numbers[0], numbers[1]
    return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None
