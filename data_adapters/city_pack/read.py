"""Read a whole pack: every problem of every file is collected before anything is said."""

from pathlib import Path

import shapely

from data_adapters.city_pack.city_yaml import read_city
from data_adapters.city_pack.contents import CityFacts, Outline, Pack, PackDevice, PackError, Problem
from data_adapters.city_pack.files import read_features, read_table
from data_adapters.city_pack.forces import RESOURCE_COLUMNS, RESOURCES, UNIT_COLUMNS, UNITS, Force, read_resources, read_units
from data_adapters.city_pack.points import DEVICE_COLUMNS, PLACE_COLUMNS, Ground, read_devices, read_places
from data_adapters.city_pack.regions import FILE as REGIONS
from data_adapters.city_pack.regions import codes_of, read_regions
from data_adapters.city_pack.roads import read_roads
from data_adapters.city_pack.territory import strays
from domain.registry import Department
from services.unit_ports import Resource

DEVICES, PLACES = "devices.csv", "places.csv"


def read_pack(folder: Path) -> Pack:
    """The pack in `folder`, checked and in WGS 84. Raises PackError with all problems."""
    problems: list[Problem] = []
    notices: list[str] = []
    if not folder.is_dir():
        raise PackError(folder, [Problem(str(folder), None, "", "", "a folder with city.yaml, regions.geojson, devices.csv")])
    city = read_city(folder, problems, notices)
    features = read_features(folder, REGIONS, problems)
    device_rows = read_table(folder, DEVICES, DEVICE_COLUMNS, problems)
    place_rows = read_table(folder, PLACES, PLACE_COLUMNS, problems) if (folder / PLACES).exists() else []
    if city is None:
        raise PackError(folder, problems)
    regions = read_regions(features, city, problems, notices) if features else []
    known = frozenset(outline.region.code for outline in regions) | codes_of(features)
    ground = Ground(DEVICES, city.datums["devices"], known, _codes(city.departments), _box(regions), problems, notices)
    devices = read_devices(device_rows, ground)
    places = read_places(place_rows, ground._replace(file=PLACES, datum=city.datums["places"]))
    units, resources = _forces(folder, ground._replace(datum=city.datums["places"]), problems)
    roads = read_roads(folder, problems)
    if problems:
        raise PackError(folder, problems)
    notices += [f"{DEVICES}: {stray}" for stray in strays(regions, [found.device for found in devices])]
    notices += [f"{PLACES}: {stray}" for stray in strays(regions, places)]
    return Pack(folder, city, regions, _departments(city, devices), devices, places, roads, units, resources, notices)


def _forces(folder: Path, ground: Ground, problems: list[Problem]) -> tuple[list[Force], list[Resource]]:
    """Who can be sent and what helps, from two files that a pack may leave out; their datum is that of the places."""
    tables = {name: read_table(folder, name, columns, problems) for name, columns in FORCES.items() if (folder / name).exists()}
    units = read_units(tables.get(UNITS, []), ground._replace(file=UNITS))
    return units, read_resources(tables.get(RESOURCES, []), ground._replace(file=RESOURCES))


FORCES = {UNITS: UNIT_COLUMNS, RESOURCES: RESOURCE_COLUMNS}


def _codes(departments: list[Department]) -> frozenset[str] | None:
    return frozenset(department.code for department in departments) or None


def _box(regions: list[Outline]) -> tuple[float, float, float, float] | None:
    areas = [outline.area for outline in regions if outline.area is not None]
    if not areas:
        return None
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(areas))
    return west, south, east, north


def _departments(city: CityFacts, devices: list[PackDevice]) -> list[Department]:
    """Those of city.yaml; without any, those that the devices name."""
    if city.departments:
        return city.departments
    return [Department(code, code) for code in sorted({found.device.department for found in devices} - {""})]
