"""Who can be sent in the demo city, and what helps: units.csv and resources.csv made of its facts, its vehicles and its places."""

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from data_adapters.demo.facts import Facts, Unit

Row = dict[str, Any]
Somewhere = Callable[[Unit, random.Random], tuple[float, float]]


def units_of(facts: Facts, somewhere: Somewhere, chance: random.Random, vehicles: Iterable[Row]) -> Iterator[Row]:
    """The crews of every town, then the vehicles; a vehicle's home is its town's centre."""
    for kind in facts.forces:
        for town in facts.units:
            for number in range(1, kind.per_unit + 1):
                lon, lat = somewhere(town, chance)
                yield {
                    "unit_id": f"{kind.prefix}-{town.code[-3:]}-{number}", "name": f"{town.zh}{kind.zh}", "kind": kind.kind,
                    "region": town.code, "department": kind.department, "lon": lon, "lat": lat,
                    "capabilities": ";".join(kind.capabilities), "devices": "",
                    "members": ";".join(kind.members if town is facts.units[0] else ()), "phone": "",
                }  # fmt: skip
    towns = {town.code: town for town in facts.units}
    for vehicle in vehicles:
        town, fleet = towns[vehicle["region"]], vehicle["device_id"].rpartition("-")[0]
        yield {
            "unit_id": vehicle["device_id"], "name": vehicle["name"], "kind": "vehicle", "region": town.code,
            "department": vehicle["department"], "lon": town.lon, "lat": town.lat,
            "capabilities": ";".join(facts.fleet_capabilities[fleet]), "devices": vehicle["device_id"], "members": "", "phone": "",
        }  # fmt: skip


def resources_of(facts: Facts, places: Iterable[Row]) -> Iterator[Row]:
    """What the places offer."""
    kinds = {kind.of: kind for kind in facts.resources}
    for place in places:
        kind = kinds.get(place["kind"])
        if kind:
            yield {
                "resource_id": f"r-{place['place_id']}", "name": place["name"], "kind": kind.kind, "region": place["region"],
                "department": kind.department, "lon": place["lon"], "lat": place["lat"], "phone": "",
                "capabilities": ";".join(kind.capabilities), "capacity": _cell(kind.capacity), "free": _cell(kind.free),
                "stock": ";".join(f"{goods}:{amount:g}" for goods, amount in kind.stock.items()),
            }  # fmt: skip


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)
