"""The register for those who look: regions, departments, devices and places, each actor in their own scope."""

from collections.abc import Iterable
from typing import Any

from domain.access import Actor, Forbidden
from domain.registry import Department, Device, Region
from services.account_ports import AuditEntry
from services.register_ports import Place, RegionArea, RegisterStore

FOUND_AT_MOST = 50
Json = dict[str, Any]


class Unknown(LookupError):
    """There is nothing of that name to do this with."""


class Register:
    """Reads take an Actor and `at` (epoch ms, None for now) wherever a scope or a past can make a difference."""

    def __init__(self, store: RegisterStore) -> None:
        self._store = store

    def regions(self, at: int | None = None) -> dict[str, Region]:
        """All regions by code: names and tree are nobody's secret."""
        return {region.code: region for region in self._store.regions(at)}

    def departments(self, at: int | None = None) -> dict[str, Department]:
        """All departments by code."""
        return {department.code: department for department in self._store.departments(at)}

    def city(self) -> Json:
        """code, name, name_en, origin_center, timezone, demo, centre, bounds; placeholders before a city pack is loaded."""
        nothing = {"code": "", "name": "", "name_en": "", "origin_center": "local", "timezone": "Asia/Shanghai"}
        return {**nothing, "demo": False, "centre": None, "bounds": None, **self._store.city()}

    def devices(self, actor: Actor, at: int | None = None) -> list[Device]:
        """The adopted devices in the actor's scope."""
        return self._seen(actor, self._store.devices(at), at)

    def device(self, actor: Actor, device_id: str, at: int | None = None) -> Device | None:
        """One adopted device; None outside the actor's scope as if it didn't exist."""
        found = self._store.device(device_id, at)
        return found if found and self._seen(actor, [found], at) else None

    def search(self, actor: Actor, text: str, at: int | None = None) -> list[Device]:
        """Devices whose name, id or region name has all words of `text`; at most 50, names that start with it first."""
        words = text.casefold().split()
        if not words:
            return []
        regions = self.regions(at)

        def hay(device: Device) -> str:
            place = regions.get(device.region)
            names = (device.name, device.name_en, device.device_id, *((place.name, place.name_en) if place else ()))
            return " ".join(names).casefold()

        found = [device for device in self.devices(actor, at) if all(word in hay(device) for word in words)]
        found.sort(key=lambda device: (not device.name.casefold().startswith(words[0]), device.name, device.device_id))
        return found[:FOUND_AT_MOST]

    def map_layers(self, actor: Actor) -> dict[str, Json]:
        """GeoJSON FeatureCollections for the map: regions, devices, places. Feature ids are in the property `id`."""
        regions = self.regions()
        places = [place for place in self._store.places() if self._sees_place(actor, place.region, regions)]
        return {
            "regions": _collection(_region_feature(area) for area in self._store.areas() if area.outline),
            "devices": _collection(_device_feature(device) for device in self.devices(actor) if device.lon is not None),
            "places": _collection(_place_feature(place) for place in places),
        }

    def places(self, actor: Actor) -> list[Place]:
        """The places in the actor's regions."""
        regions = self.regions()
        return [place for place in self._store.places() if self._sees_place(actor, place.region, regions)]

    def unadopted(self, actor: Actor) -> list[Device]:
        """Devices that wait for a steward. Raises Forbidden for anybody else."""
        _steward(actor)
        return self._store.unadopted()

    def adopt(self, actor: Actor, device: Device, now: int) -> None:
        """Take an unadopted device into the register as `device` says.

        Raises Forbidden, Unknown when nobody unadopted has that id, ValueError for an unknown region or department.
        """
        _steward(actor)
        regions = self.regions()
        if device.region not in regions:
            raise ValueError(f"region: {device.region!r} is none of the city's regions")
        if device.department and device.department not in self.departments():
            raise ValueError(f"department: {device.department!r} is none of the city's departments")
        if actor.regions and not actor.sees(device.region, device.department, regions):
            raise Forbidden("adopt_device")
        detail = {"name": device.name, "kind": device.kind, "region": device.region, "department": device.department}
        entry = AuditEntry(now, actor.username, "adopt_device", device.device_id, detail=detail)
        if not self._store.adopt(device._replace(adopted=True), entry):
            raise Unknown(device.device_id)

    def _seen(self, actor: Actor, devices: Iterable[Device], at: int | None) -> list[Device]:
        if not actor.may("see_picture"):
            return []
        if not actor.regions and not actor.departments:
            return list(devices)
        regions, seen = self.regions(at), dict[tuple[str, str], bool]()
        found = []
        for device in devices:
            where = (device.region, device.department)
            if where not in seen:
                seen[where] = actor.sees(*where, regions)
            if seen[where]:
                found.append(device)
        return found

    def _sees_place(self, actor: Actor, region: str, regions: dict[str, Region]) -> bool:
        """Hospitals and shelters belong to no department: the region alone decides."""
        everywhere = Actor(actor.username, actor.roles, actor.regions)
        return everywhere.sees(region, "", regions)


def _steward(actor: Actor) -> None:
    if not actor.may("adopt_device"):
        raise Forbidden("adopt_device")


def _collection(features: Iterable[Json]) -> Json:
    return {"type": "FeatureCollection", "features": list(features)}


def _point(lon: float | None, lat: float | None) -> Json:
    return {"type": "Point", "coordinates": [lon, lat]}


def _region_feature(area: RegionArea) -> Json:
    region = area.region
    properties = {
        "id": region.code,
        "code": region.code,
        "name": region.name,
        "name_en": region.name_en,
        "level": region.level,
        "parent": region.parent,
        "schematic": area.schematic,
        "lon": area.lon,
        "lat": area.lat,
    }
    return {"type": "Feature", "properties": properties, "geometry": area.outline}


def _device_feature(device: Device) -> Json:
    properties = {
        "id": device.device_id,
        "name": device.name,
        "name_en": device.name_en,
        "kind": device.kind,
        "region": device.region,
        "department": device.department,
        "interval_s": device.interval_s,
    }
    return {"type": "Feature", "properties": properties, "geometry": _point(device.lon, device.lat)}


def _place_feature(place: Place) -> Json:
    properties = {"id": place.place_id, "name": place.name, "kind": place.kind, "region": place.region}
    return {"type": "Feature", "properties": properties, "geometry": _point(place.lon, place.lat)}
