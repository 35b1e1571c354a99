"""Put a checked pack into the register: one transaction, and nothing changes where nothing is new.

Regions, departments and devices keep their past: a change closes the old row (`valid_to`) and opens a new one. What an earlier
pack brought and this one doesn't is closed; what stewards adopted is theirs and stays.
"""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Connection, Engine, text

from data_adapters.city_pack.contents import OSM_ATTRIBUTION, OSM_PREFIX, Outline, Pack, PackDevice
from data_adapters.city_pack.read import read_pack
from data_adapters.sql.unit_repository import bring_forces
from domain.event_time import to_datetime
from domain.registry import Department
from services.register_ports import Place

FROM_PACK = "pack"
"""devices.attributes->>'source' of the devices that a pack brought."""


@dataclass
class Loaded:
    """What a load did: table -> rows opened, changed and closed."""

    opened: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        """Whether the register is now another one than before."""
        return any(sum(counts.values()) for counts in (self.opened, self.changed, self.closed))


class Kept:
    """A table of the register whose rows keep their past."""

    def __init__(self, table: str, key: str, columns: tuple[str, ...], mine: str = "true") -> None:
        self.table, self.key, self.columns, self.mine = table, key, columns, mine

    def current(self, connection: Connection) -> dict[str, dict[str, Any]]:
        """key -> the row valid now, with `mine`: whether packs may close it."""
        query = f"SELECT {self.key}, {', '.join(self.columns)}, ({self.mine}) AS mine FROM {self.table} WHERE valid_to IS NULL"
        return {row[self.key]: dict(row) for row in connection.execute(text(query)).mappings()}

    def bring(self, connection: Connection, wanted: Mapping[str, dict[str, Any]], moment: datetime, loaded: Loaded) -> None:
        """Make the current rows equal `wanted` (key -> columns)."""
        now = self.current(connection)
        fresh = [key for key in wanted if key not in now]
        changed = [key for key, row in wanted.items() if key in now and self._print(row) != self._print(now[key])]
        gone = [key for key, row in now.items() if key not in wanted and row["mine"]]
        loaded.opened[self.table], loaded.changed[self.table], loaded.closed[self.table] = len(fresh), len(changed), len(gone)
        self._close(connection, changed + gone, moment)
        self._open(connection, [{self.key: key, **wanted[key]} for key in fresh + changed], moment)

    def _print(self, row: Mapping[str, Any]) -> Hashable:
        return json.dumps([row[column] for column in self.columns], sort_keys=True)

    def _close(self, connection: Connection, keys: list[str], moment: datetime) -> None:
        if keys:
            close = text(f"UPDATE {self.table} SET valid_to = :moment WHERE {self.key} = ANY(:keys) AND valid_to IS NULL")
            connection.execute(close, {"moment": moment, "keys": keys})

    def _open(self, connection: Connection, rows: list[dict[str, Any]], moment: datetime) -> None:
        if rows:
            names = (self.key, *self.columns)
            places = ", ".join(f"CAST(:{name} AS jsonb)" if name in JSON_COLUMNS else f":{name}" for name in names)
            insert = text(f"INSERT INTO {self.table} ({', '.join(names)}, valid_from) VALUES ({places}, :moment)")
            connection.execute(insert, [_as_sql(row) | {"moment": moment} for row in rows])


JSON_COLUMNS = ("outline", "attributes")
REGIONS = Kept("regions", "code", ("name", "name_en", "parent", "level", "population", "lon", "lat", "outline", "schematic"))
DEPARTMENTS = Kept("departments", "code", ("name", "name_en"))
DEVICES = Kept(
    "devices",
    "device_id",
    ("name", "kind", "region", "department", "lon", "lat", "interval_s", "status", "replay", "attributes"),
    mine=f"attributes->>'source' = '{FROM_PACK}'",
)


def load(engine: Engine, folder: Path, now: int) -> tuple[Pack, Loaded]:
    """Read, check and load the pack in `folder`. Raises PackError; then nothing was loaded."""
    pack = read_pack(folder)
    return pack, load_pack(engine, pack, now)


def load_pack(engine: Engine, pack: Pack, now: int) -> Loaded:
    """Load `pack` at `now` (epoch ms). All or nothing; loading the same pack again changes nothing."""
    loaded = Loaded()
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE regions, departments, devices, places, city IN SHARE ROW EXCLUSIVE MODE"))
        moment = _moment(connection, now)
        REGIONS.bring(connection, {outline.region.code: _region_row(outline) for outline in pack.regions}, moment, loaded)
        DEPARTMENTS.bring(connection, {department.code: _department_row(department) for department in pack.departments}, moment, loaded)
        DEVICES.bring(connection, {found.device.device_id: _device_row(found) for found in pack.devices}, moment, loaded)
        _bring_places(connection, pack.places, loaded)
        forces = [(one.unit, one.members, one.phone) for one in pack.units]
        loaded.changed["units"] = bring_forces(connection, forces, pack.resources, FROM_PACK, now)
        _bring_city(connection, pack, loaded)
    return loaded


def _moment(connection: Connection, now: int) -> datetime:
    """`now`, but always later than what the register already holds, so that no row ends before it starts."""
    parts = ", ".join(f"(SELECT max(valid_from) FROM {kept.table})" for kept in (REGIONS, DEPARTMENTS, DEVICES))
    moment = to_datetime(now)
    last: datetime | None = connection.execute(text(f"SELECT greatest({parts})")).scalar()
    return moment if last is None or last < moment else last + timedelta(milliseconds=1)


def _region_row(outline: Outline) -> dict[str, Any]:
    region = outline.region
    centre = outline.area.representative_point() if outline.area is not None else None
    return {
        "name": region.name,
        "name_en": region.name_en,
        "parent": region.parent,
        "level": region.level,
        "population": region.population,
        "lon": round(centre.x, 6) if centre is not None else None,
        "lat": round(centre.y, 6) if centre is not None else None,
        "outline": _geojson(outline.area) if outline.area is not None else None,
        "schematic": outline.schematic,
    }


def _geojson(area: shapely.Geometry) -> Any:
    """GeoJSON with six decimals (a tenth of a metre)."""
    return json.loads(shapely.to_geojson(shapely.transform(area, lambda points: points.round(6))))


def _department_row(department: Department) -> dict[str, Any]:
    return {"name": department.name, "name_en": department.name_en}


def _device_row(found: PackDevice) -> dict[str, Any]:
    device = found.device._asdict()
    return {
        **{name: device[name] for name in ("name", "kind", "region", "department", "interval_s")},
        "lon": _rounded(found.device.lon),
        "lat": _rounded(found.device.lat),
        "status": "adopted",
        "replay": found.replay,
        "attributes": {**found.attributes, "source": FROM_PACK},
    }


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 7)


def _bring_places(connection: Connection, places: list[Place], loaded: Loaded) -> None:
    """Places have no past: they are put, changed and taken away."""
    wanted = {place.place_id: {**place._asdict(), "lon": _rounded(place.lon), "lat": _rounded(place.lat)} for place in places}
    query = text("SELECT place_id, name, kind, region, lon, lat, attributes FROM places")
    now = {row["place_id"]: dict(row) for row in connection.execute(query).mappings()}
    changed = [row for place_id, row in wanted.items() if place_id in now and now[place_id] != row]
    fresh = [row for place_id, row in wanted.items() if place_id not in now]
    gone = [place_id for place_id in now if place_id not in wanted]
    loaded.opened["places"], loaded.changed["places"], loaded.closed["places"] = len(fresh), len(changed), len(gone)
    if gone or changed:
        drop = gone + [row["place_id"] for row in changed]
        connection.execute(text("DELETE FROM places WHERE place_id = ANY(:ids)"), {"ids": drop})
    if fresh or changed:
        insert = """INSERT INTO places (place_id, name, kind, region, lon, lat, attributes)
                    VALUES (:place_id, :name, :kind, :region, :lon, :lat, CAST(:attributes AS jsonb))"""
        connection.execute(text(insert), [_as_sql(row) for row in fresh + changed])


def _bring_city(connection: Connection, pack: Pack, loaded: Loaded) -> None:
    city = pack.city
    crown = pack.regions[0]
    centre = crown.area.centroid if crown.area is not None else None
    settings = {
        "code": city.code,
        "name": city.name,
        "name_en": city.name_en,
        "origin_center": city.origin_center,
        "timezone": city.timezone,
        "demo": city.demo,
        "attribution": city.attribution or (OSM_ATTRIBUTION if _has_osm(pack) else ""),
        "centre": [round(centre.x, 5), round(centre.y, 5)] if centre is not None else None,
        "bounds": [round(edge, 5) for edge in crown.area.bounds] if crown.area is not None else None,
    }
    before = connection.execute(text("SELECT settings FROM city")).scalar()
    loaded.changed["city"] = int(before is not None and before != settings)
    loaded.opened["city"] = int(before is None)
    put = "INSERT INTO city (settings) VALUES (CAST(:settings AS jsonb)) ON CONFLICT (only_row) DO UPDATE SET settings = excluded.settings"
    if before != settings:
        connection.execute(text(put), {"settings": json.dumps(settings)})


def _has_osm(pack: Pack) -> bool:
    return any(place.place_id.startswith(OSM_PREFIX) for place in pack.places)


def _as_sql(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if name in JSON_COLUMNS and value is not None else value for name, value in row.items()}
