"""Write the demo city as an ordinary city pack. Always the same pack: everything random comes from one seed."""

import csv
import io
import json
import os
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
import yaml

from config.files import load_kinds
from data_adapters.city_pack.areas import polygons_of
from data_adapters.city_pack.forces import RESOURCE_COLUMNS, UNIT_COLUMNS
from data_adapters.city_pack.points import DEVICE_COLUMNS, PLACE_COLUMNS
from data_adapters.demo.areas import city_outline, voronoi_areas
from data_adapters.demo.cameras import COLUMNS as CAMERA_COLUMNS
from data_adapters.demo.cameras import cameras_of
from data_adapters.demo.facts import Facts, Kind, Spoken, Unit, read_facts
from data_adapters.demo.forces import resources_of, units_of

SEED = 441900
SPREAD_DEG = 0.018
"""Devices lie thickest around a unit's centre: the standard deviation of their distance, about 2 km."""
TRIES = 40

Areas = dict[str, shapely.Geometry]
Row = dict[str, Any]


def demo_pack_dir(data_dir: Path) -> Path:
    """Where the demo's pack lies in a city's data directory."""
    return data_dir / "demo-city"


def build_demo_pack(target: Path) -> Path:
    """Write all files of the pack into `target` (made if missing); returns `target`."""
    facts = read_facts()
    chance = random.Random(SEED)
    outline = city_outline(facts.city.code, facts.units)
    areas = voronoi_areas(facts.units, outline)
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "city.yaml", yaml.safe_dump(_city(facts), allow_unicode=True, sort_keys=False))
    _write(target / "regions.geojson", json.dumps(_regions(facts, areas, outline), ensure_ascii=False))
    vehicles = list(_vehicles(facts))
    devices = list(_devices(facts, areas, chance))
    spoken = list(_spoken(facts, areas, random.Random(SEED + 1)))
    _write(target / "devices.csv", _table((*DEVICE_COLUMNS, "name_en", "platform"), [*devices, *vehicles, *spoken]))
    _write(target / "cameras.csv", _table(CAMERA_COLUMNS, cameras_of(facts, [*devices, *spoken], vehicles)))
    places = list(_places(facts, areas, chance))
    _write(target / "places.csv", _table(PLACE_COLUMNS, places))
    units = units_of(facts, lambda town, luck: _somewhere(town, areas[town.code], luck), chance, vehicles)
    _write(target / "units.csv", _table(UNIT_COLUMNS, units))
    _write(target / "resources.csv", _table(RESOURCE_COLUMNS, resources_of(facts, places)))
    return target


def _city(facts: Facts) -> Row:
    return {
        "name": facts.city.zh,
        "name_en": facts.city.en,
        "code": facts.city.code,
        "origin_center": facts.city.code,
        "datum": "WGS-84",
        "timezone": "Asia/Shanghai",
        "demo": True,
        "departments": [department._asdict() for department in facts.departments],
    }


def _regions(facts: Facts, areas: Areas, outline: shapely.Geometry) -> Row:
    city = facts.city
    features = [_feature(city.code, city.zh, city.en, None, "city", outline)]
    for zone in facts.zones:
        inside = shapely.union_all([areas[unit.code] for unit in facts.units if unit.zone == zone.code])
        features.append(_feature(zone.code, zone.zh, zone.en, city.code, "zone", inside))
    features += [_feature(unit.code, unit.zh, unit.en, unit.zone, "town", areas[unit.code], unit.population) for unit in facts.units]
    return {"type": "FeatureCollection", "features": features}


def _feature(
    code: str, name: str, name_en: str, parent: str | None, level: str, area: shapely.Geometry, population: int | None = None
) -> Row:
    coarse = polygons_of(shapely.set_precision(area, 1e-5))
    properties: Row = {"code": code, "name": name, "name_en": name_en, "parent": parent, "level": level, "schematic": True}
    properties |= {"population": population} if population else {}
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(coarse))}


def _devices(facts: Facts, areas: Areas, chance: random.Random) -> Iterator[Row]:
    english = {name: kind.en.lower() for name, kind in load_kinds().items()}
    for kind in facts.kinds:
        for unit, number in _spread(kind.many, facts.units):
            yield {
                **_standing(kind, unit, _somewhere(unit, areas[unit.code], chance)),
                "device_id": f"{kind.prefix}-{unit.code[-3:]}-{number:02d}",
                "name": f"{unit.zh}{chance.choice(facts.words[kind.at])}{kind.zh}{number:02d}",
                "name_en": f"{unit.en} {english[kind.kind]} {number:02d}",
            }


def _spoken(facts: Facts, areas: Areas, chance: random.Random) -> Iterator[Row]:
    """The devices of other systems, by chance of their own: more of them move nothing else in the city."""
    for kind in facts.platforms:
        for unit, number in _spread(kind.many, facts.units):
            yield {
                **_standing(kind, unit, _somewhere(unit, areas[unit.code], chance) if kind.placed else ("", "")),
                "device_id": kind.id.format(unit=unit.code[-3:], number=number),
                "name": f"{unit.zh}{chance.choice(facts.words[kind.at]) if kind.at else ''}{kind.zh}{number:02d}",
                "name_en": f"{unit.en} {kind.en} {number:02d}",
                "platform": kind.platform,
            }


def _standing(kind: Kind | Spoken, unit: Unit, at: tuple[float, float] | tuple[str, str]) -> Row:
    """What the register says of a device whatever it is called: its kind, whose it is, where it stands, how often it reports."""
    seconds = "" if kind.interval_s is None else f"{kind.interval_s:g}"
    about = {"kind": kind.kind, "region": unit.code, "department": kind.department}
    return {**about, "lon": at[0], "lat": at[1], "interval_s": seconds}


def _spread(count: int, units: list[Unit]) -> Iterator[tuple[Unit, int]]:
    """`count` numbered things over the units: half evenly, half by weight (largest remainder)."""
    weights = sum(unit.weight for unit in units)
    shares = [count / 2 / len(units) + count / 2 * unit.weight / weights for unit in units]
    whole = [int(share) for share in shares]
    by_rest = sorted(range(len(units)), key=lambda index: (whole[index] - shares[index], index))
    for index in by_rest[: count - sum(whole)]:
        whole[index] += 1
    for unit, many in zip(units, whole, strict=True):
        for number in range(1, many + 1):
            yield unit, number


def _somewhere(unit: Unit, area: shapely.Geometry, chance: random.Random) -> tuple[float, float]:
    """A point of the unit's area, likelier near its centre."""
    for _ in range(TRIES):
        lon, lat = round(chance.gauss(unit.lon, SPREAD_DEG), 5), round(chance.gauss(unit.lat, SPREAD_DEG), 5)
        if area.contains(shapely.Point(lon, lat)):
            return lon, lat
    inside = area.representative_point()
    return round(inside.x, 5), round(inside.y, 5)


def _vehicles(facts: Facts) -> Iterator[Row]:
    """Vehicles stand nowhere in the register: they say themselves where they are."""
    for fleet in facts.vehicles:
        for number in range(1, fleet.many + 1):
            unit = facts.units[(number * 7 + fleet.many) % len(facts.units)]
            yield {
                "device_id": f"{fleet.prefix}-{number:02d}",
                "name": f"{unit.zh}{fleet.zh}{number:02d}",
                "kind": "vehicle",
                "region": unit.code,
                "department": fleet.department,
                "lon": "",
                "lat": "",
                "interval_s": 10,
                "name_en": f"{unit.en} {fleet.en} {number:02d}",
            }


def _places(facts: Facts, areas: Areas, chance: random.Random) -> Iterator[Row]:
    for kind in facts.places:
        for unit in facts.units:
            for number in range(1, kind.per_unit + 1):
                lon, lat = _somewhere(unit, areas[unit.code], chance)
                suffix = "" if kind.per_unit == 1 else f"{number}号"
                yield {
                    "place_id": f"{kind.prefix}-{unit.code[-3:]}-{number}",
                    "name": f"{unit.zh}{suffix}{kind.zh}",
                    "kind": kind.kind,
                    "region": unit.code,
                    "lon": lon,
                    "lat": lat,
                }


def _write(file: Path, text: str) -> None:
    """All at once: another process may be reading the pack."""
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.replace(file)


def _table(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
