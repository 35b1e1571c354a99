"""devices.csv and places.csv: everything that stands at a point."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from data_adapters.city_pack.contents import PackDevice, Problem
from data_adapters.city_pack.files import Row
from data_adapters.coordinates import to_wgs84
from domain.registry import Device
from services.register_ports import Place

DEVICE_COLUMNS = ("device_id", "name", "kind", "region", "department", "lon", "lat", "interval_s")
PLACE_COLUMNS = ("place_id", "name", "kind", "region", "lon", "lat")
LONGEST_INTERVAL_S = 31 * 86_400
NEAR_DEG = 1.0
"""A point farther than this from the city's box is reported."""
YES = ("true", "1", "yes")


class Ground(NamedTuple):
    """What the rows of a table are held against. `box` is west, south, east, north, or None when the pack has no areas."""

    file: str
    datum: str
    regions: frozenset[str]
    departments: frozenset[str] | None
    box: tuple[float, float, float, float] | None
    problems: list[Problem]
    notices: list[str]


def read_devices(rows: list[Row], ground: Ground) -> list[PackDevice]:
    """The devices; each problem of a row is reported, not only its first."""
    seen: dict[str, int] = {}
    return [found for row in rows if (found := _device(row, ground, seen)) is not None]


def read_places(rows: list[Row], ground: Ground) -> list[Place]:
    """The places; unlike a device, a place must have coordinates."""
    seen: dict[str, int] = {}
    return [found for row in rows if (found := _place(row, ground, seen)) is not None]


def _device(row: Row, ground: Ground, seen: dict[str, int]) -> PackDevice | None:
    cells = row.cells
    before = len(ground.problems)
    identifier(row, "device_id", ground, seen)
    known(row, ground)
    if not cells["kind"]:
        wrong(ground, row, "kind", "a device kind such as water_level")
    point = point_of(row, ground, optional=True)
    interval = _interval(row, ground)
    if len(ground.problems) > before:
        return None
    lon, lat = point or (None, None)
    device = Device(cells["device_id"], cells["name"], cells["kind"], cells["region"], cells["department"], lon, lat, interval)
    return PackDevice(device, _others(cells, (*DEVICE_COLUMNS, "replay")), cells.get("replay", "").lower() in YES)


def _place(row: Row, ground: Ground, seen: dict[str, int]) -> Place | None:
    cells = row.cells
    before = len(ground.problems)
    identifier(row, "place_id", ground, seen)
    known(row, ground)
    for column in ("name", "kind"):
        if not cells[column]:
            wrong(ground, row, column, f"a {column}")
    point = point_of(row, ground, optional=False)
    if len(ground.problems) > before or point is None:
        return None
    return Place(cells["place_id"], cells["name"], cells["kind"], cells["region"], *point, _others(cells, PLACE_COLUMNS))


def wrong(ground: Ground, row: Row, column: str, expected: str) -> None:
    """Report a cell."""
    ground.problems.append(Problem(ground.file, row.number, column, row.cells.get(column, ""), expected))


def identifier(row: Row, column: str, ground: Ground, seen: dict[str, int]) -> None:
    """Report an id that is none or is there twice."""
    value = row.cells[column]
    if not 1 <= len(value) <= 128 or not value.isprintable():
        wrong(ground, row, column, "1 to 128 printable characters")
    elif value in seen:
        wrong(ground, row, column, f"an id used only once; row {seen[value]} has it too")
    seen.setdefault(value, row.number)


def known(row: Row, ground: Ground) -> None:
    """Report a region or department that the pack does not have."""
    if ground.regions and row.cells["region"] not in ground.regions:
        wrong(ground, row, "region", "the code of a region in regions.geojson")
    department = row.cells.get("department", "")
    if ground.departments is not None and department and department not in ground.departments:
        wrong(ground, row, "department", "a department code of city.yaml")
    if "|" in department:
        wrong(ground, row, "department", "a code without |")


def point_of(row: Row, ground: Ground, *, optional: bool) -> tuple[float, float] | None:
    """WGS 84 longitude and latitude; both cells empty means nowhere (a vehicle), where that is allowed."""
    cells = row.cells
    if optional and not cells["lon"] and not cells["lat"]:
        return None
    numbers = {column: number_of(cells[column]) for column in ("lon", "lat")}
    for column, number in numbers.items():
        if number is None:
            wrong(ground, row, column, "degrees such as 113.7518" if not optional else "degrees such as 113.7518 (or both cells empty)")
    lon, lat = numbers["lon"], numbers["lat"]
    if lon is None or lat is None:
        return None
    return _placed(row, lon, lat, ground)


def _placed(row: Row, lon: float, lat: float, ground: Ground) -> tuple[float, float] | None:
    inside, swapped = _near(lon, lat, ground.box), _near(lat, lon, ground.box)
    if abs(lat) > 90 or abs(lon) > 180 or (swapped and not inside and ground.box):
        hint = "; lon and lat look swapped" if abs(lon) <= 90 and abs(lat) <= 180 else ""
        field, value = ("lat", lat) if abs(lat) > 90 or not abs(lon) > 180 else ("lon", lon)
        ground.problems.append(Problem(ground.file, row.number, field, f"{value:g}", f"degrees of longitude in lon, latitude in lat{hint}"))
        return None
    if not inside:
        ground.notices.append(f"{ground.file} row {row.number}: {lon:g}, {lat:g} lies far outside the city")
    return to_wgs84(lon, lat, ground.datum)


def _near(lon: float, lat: float, box: tuple[float, float, float, float] | None) -> bool:
    if box is None:
        return True
    west, south, east, north = box
    return west - NEAR_DEG <= lon <= east + NEAR_DEG and south - NEAR_DEG <= lat <= north + NEAR_DEG


def _interval(row: Row, ground: Ground) -> float | None:
    text = row.cells["interval_s"]
    if not text:
        return None
    number = number_of(text)
    if number is None or not 0 < number <= LONGEST_INTERVAL_S:
        wrong(ground, row, "interval_s", f"seconds above 0 and at most {LONGEST_INTERVAL_S}, or an empty cell (reports on change)")
        return None
    return number


def number_of(text: str) -> float | None:
    """A plain finite number, or None. Python's own extras (1_000, nan, inf, full-width digits) are no numbers here."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text and text.isascii() else None


def _others(cells: Mapping[str, str], known: tuple[str, ...]) -> dict[str, str]:
    return {column: cell for column, cell in cells.items() if column and column not in known and cell}
