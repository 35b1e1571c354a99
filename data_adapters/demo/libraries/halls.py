"""The demo's government service halls: one of the city, three of zones, one a town, 586 in villages and communities (DOMAIN: regions).

The towns are real; the stations of their villages are numbered, for their names would be invented.
"""

from typing import NamedTuple

from data_adapters.demo.facts import Facts

VILLAGES = 586
ZONES = 3
WINDOWS = {"city": 120, "zone": 45, "town": 24, "village": 3}
TOWNS = ("街道", "镇")


class Hall(NamedTuple):
    """`windows` is also how busy it is; `region` a town, for the city's and the zones' halls their own code."""

    hall: str
    level: str
    zh: str
    region: str
    windows: int


def halls(facts: Facts) -> list[Hall]:
    """All of them, the city's first; villages are shared out to the towns by their inhabitants (largest remainder)."""
    towns = [unit for unit in facts.units if unit.zh.endswith(TOWNS)]
    made = [Hall(f"{facts.city.code}-H", "city", f"{facts.city.zh}政务服务中心", facts.city.code, WINDOWS["city"])]
    made += [Hall(f"{zone.code}-H", "zone", f"{zone.zh}政务服务分中心", zone.code, WINDOWS["zone"]) for zone in facts.zones[:ZONES]]
    made += [Hall(f"{town.code}-H", "town", f"{town.zh}政务服务中心", town.code, WINDOWS["town"]) for town in towns]
    everybody = sum(town.population for town in towns)
    exact = {town.code: VILLAGES * town.population / everybody for town in towns}
    many = {code: int(share) for code, share in exact.items()}
    for code in sorted(exact, key=lambda one: many[one] - exact[one])[: VILLAGES - sum(many.values())]:
        many[code] += 1
    for town in towns:
        made += [
            Hall(f"{town.code}-S{number:02}", "village", f"{town.zh}便民服务站 {number:02}", town.code, WINDOWS["village"])
            for number in range(1, many[town.code] + 1)
        ]
    return made
