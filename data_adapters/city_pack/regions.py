"""regions.geojson: areas with `code name parent`, made whole where they can be, refused where they can't."""

import math
from collections.abc import Iterable
from typing import Any

import shapely

from data_adapters.city_pack.areas import Flaw, polygons_of, read_area
from data_adapters.city_pack.contents import CityFacts, Outline, Problem
from data_adapters.city_pack.territory import SMALLEST_M2, mended, misfits
from domain.registry import LEVELS, Region

MOST_PEOPLE = 2_000_000_000
FILE = "regions.geojson"
LEVEL_OF_LENGTH = {6: "district", 9: "town", 12: "village"}
"""Digits of a division code (GB/T 2260, GB/T 10114) -> level."""


def read_regions(features: list[Any], city: CityFacts, problems: list[Problem], notices: list[str]) -> list[Outline]:
    """The regions, the city first and parents before children; problems for all that can't stand."""
    found: dict[str, Outline] = {}
    rows: dict[str, int] = {}
    for row, feature in enumerate(features, start=1):
        outline = _one(row, feature, city, problems, notices)
        if outline is None:
            continue
        code = outline.region.code
        if code in found:
            problems.append(Problem(FILE, row, "code", code, f"a code used only once; feature {rows[code]} has it too"))
            continue
        found[code], rows[code] = outline, row
    _mend(found, rows, problems, notices)
    _group(found, city, problems)
    _crown(found, city, notices)
    _check_parents(found, rows, problems)
    notices += [f"{FILE}: {misfit}" for misfit in misfits(found.values())]
    return _with_levels(found, city, rows, problems)


def codes_of(features: list[Any]) -> frozenset[str]:
    """All codes that the features name, also those of features that can't be taken."""
    properties = [feature.get("properties") for feature in features if isinstance(feature, dict)]
    return frozenset(_text(found.get("code")) for found in properties if isinstance(found, dict)) - {""}


def _one(row: int, feature: Any, city: CityFacts, problems: list[Problem], notices: list[str]) -> Outline | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        problems.append(Problem(FILE, row, "properties", "", "a feature with the properties code, name, parent"))
        return None
    code, name, parent = (_text(properties.get(key)) for key in ("code", "name", "parent"))
    missing = [key for key, value in (("code", code), ("name", name)) if not value]
    for key in missing:
        problems.append(Problem(FILE, row, key, str(properties.get(key) or ""), f"a {key}"))
    if "|" in code:
        problems.append(Problem(FILE, row, "code", code, "a code without |"))
    level = _text(properties.get("level"))
    if level and level not in LEVELS:
        problems.append(Problem(FILE, row, "level", level, f"one of {', '.join(LEVELS)}"))
        level = ""
    people = _people(row, properties.get("population"), problems)
    area = _area(row, code, feature.get("geometry"), city.datums["regions"], problems, notices)
    if missing:
        return None
    region = Region(code, name, parent or (None if code == city.code else city.code), level, _text(properties.get("name_en")), people)
    return Outline(region, area, properties.get("schematic") is True)


def _text(value: Any) -> str:
    """Codes may come as numbers; 441900003.0 is what a table program makes of one."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _people(row: int, value: Any, problems: list[Problem]) -> int | None:
    """Inhabitants; None where the pack does not say."""
    text = _text(value)
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) <= MOST_PEOPLE:
        problems.append(Problem(FILE, row, "population", text, f"a whole number of inhabitants from 1 to {MOST_PEOPLE}"))
        return None
    return int(text)


def _area(row: int, code: str, geometry: Any, datum: str, problems: list[Problem], notices: list[str]) -> shapely.Geometry | None:
    """The area in WGS 84; None where the pack gives none or it can't be read."""
    if geometry is None:
        return None
    try:
        area, closed = read_area(geometry, datum)
    except Flaw as flaw:
        problems.append(Problem(FILE, row, "geometry", flaw.value, flaw.expected))
        return None
    if closed:
        notices.append(f"{FILE} feature {row} ({code}): {closed} unclosed ring(s) closed")
    return area


def _mend(found: dict[str, Outline], rows: dict[str, int], problems: list[Problem], notices: list[str]) -> None:
    """Areas that cross themselves are repaired and reported; what has no area left is a problem."""
    areas = mended(found.values())
    for code, area, flaw, size in areas[["geometry", "flaw", "m2"]].itertuples(name=None):
        if size < SMALLEST_M2:
            problems.append(Problem(FILE, rows[code], "geometry", "", "an area; this one is empty"))
        elif flaw:
            notices.append(f"{FILE} feature {rows[code]} ({code}): repaired: {flaw}")
        found[code] = found[code]._replace(area=area)


def _group(found: dict[str, Outline], city: CityFacts, problems: list[Problem]) -> None:
    """Zones of city.yaml: a zone's area is that of its members, and they hang below it."""
    for zone in city.zones:
        code = str(zone["code"])
        members = [str(member) for member in zone["regions"]]
        for member in [member for member in members if member not in found]:
            problems.append(Problem("city.yaml", None, f"zones.{code}.regions", member, f"a code of {FILE}"))
        if code in found:
            problems.append(Problem("city.yaml", None, "zones.code", code, "a code that no region has"))
            continue
        inside = [found[member] for member in members if member in found]
        for outline in inside:
            found[outline.region.code] = outline._replace(region=outline.region._replace(parent=code))
        region = Region(code, str(zone["zh"]), city.code, "zone", str(zone.get("en") or ""))
        found[code] = Outline(region, _union(inside), any(outline.schematic for outline in inside))


def _crown(found: dict[str, Outline], city: CityFacts, notices: list[str]) -> None:
    """A pack that lists no feature for the city itself gets one: all that stands directly below it."""
    if city.code in found:
        outline = found[city.code]
        found[city.code] = outline._replace(region=outline.region._replace(parent=None))
        return
    below = [outline for outline in found.values() if outline.region.parent == city.code]
    region = Region(city.code, city.name, None, "city", city.name_en)
    found[city.code] = Outline(region, _union(below), any(outline.schematic for outline in below))
    notices.append(f"{FILE}: no feature for the city {city.code}; its area is made of the {len(below)} regions directly below it")


def _union(outlines: Iterable[Outline]) -> shapely.Geometry | None:
    areas = [outline.area for outline in outlines if outline.area is not None]
    return polygons_of(shapely.union_all(areas)) if areas else None


def _check_parents(found: dict[str, Outline], rows: dict[str, int], problems: list[Problem]) -> None:
    for code, outline in found.items():
        parent = outline.region.parent
        if parent is not None and parent not in found:
            problems.append(Problem(FILE, rows.get(code), "parent", parent, f"the code of another region ({code} hangs below it)"))
        elif parent is not None and _circle(code, found):
            problems.append(Problem(FILE, rows.get(code), "parent", parent, f"no circle; {code} is above itself"))


def _circle(code: str, found: dict[str, Outline]) -> bool:
    """Whether the way up from `code` comes back to it."""
    seen: set[str] = set()
    current = found[code].region.parent
    while current in found and current not in seen:
        if current == code:
            return True
        seen.add(current)
        current = found[current].region.parent
    return False


def _with_levels(found: dict[str, Outline], city: CityFacts, rows: dict[str, int], problems: list[Problem]) -> list[Outline]:
    """Parents before children, each with a level below its parent's."""
    ordered: dict[str, Outline] = {}
    waiting = [city.code]
    children: dict[str | None, list[str]] = {}
    for code, outline in found.items():
        children.setdefault(outline.region.parent, []).append(code)
    while waiting:
        code = waiting.pop(0)
        outline = found[code]
        above = ordered[outline.region.parent].region.level if outline.region.parent in ordered else None
        level = _level(outline.region, above)
        if above and LEVELS.index(level) <= LEVELS.index(above):
            problems.append(Problem(FILE, rows.get(code), "level", level, f"a level below {above}, that of {outline.region.parent}"))
        ordered[code] = outline._replace(region=outline.region._replace(level=level))
        waiting += children.get(code, [])
    return list(ordered.values())


def _level(region: Region, above: str | None) -> str:
    """The declared level; else by the code's digits where that is below the parent's; else one step below the parent."""
    if above is None:
        return "city"
    if region.level:
        return region.level
    by_length = LEVEL_OF_LENGTH.get(len(region.code)) if region.code.isdigit() else None
    if by_length and LEVELS.index(by_length) > LEVELS.index(above):
        return by_length
    start = max(LEVELS.index(above) + 1, LEVELS.index("district"))
    return LEVELS[min(start, len(LEVELS) - 1)]
