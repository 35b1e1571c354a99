"""A small city for the tests of the incident's services: its rules, without a database."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.clocks import Allowance
from domain.duties import Duty
from domain.incident_life import Incident
from domain.registry import Region
from services.incident_ports import Step
from tests.domain.incident_cast import ALLOWANCES, LIMITS, WORKING

REGIONS = {
    "441900": Region("441900", "东莞市", None, "city"),
    "441900003": Region("441900003", "东城街道", "441900", "town"),
    "441900004": Region("441900004", "南城街道", "441900", "town"),
}
GROUPS = {"standing_water": "event", "manhole": "component", "flood": "natural_disaster", "help": "appeal"}
SPINES = {"flood": "emergency", "help": "order"}


class FakeHandbook:
    """The Handbook port. East of 113.75 lies 东城街道, west of it 南城街道."""

    working, limits = WORKING, LIMITS

    def __init__(self, duties: Mapping[str, Duty]) -> None:
        self._duties = duties

    def regions(self) -> Mapping[str, Region]:
        return REGIONS

    def region_at(self, lon: float, lat: float) -> str:
        return "" if abs(lat - 23) > 1 else "441900003" if lon > 113.75 else "441900004"

    def device_place(self, device_id: str) -> Mapping[str, Any] | None:
        lon = {"water-1": 113.8, "water-2": 113.803, "water-3": 113.9}.get(device_id)
        return None if lon is None else {"lon": lon, "lat": 23.0, "region": "441900003", "department": "water"}

    def group(self, class_code: str) -> str:
        return GROUPS.get(class_code, "")

    def spine(self, class_code: str) -> str:
        return SPINES.get(class_code, "case")

    def urgency(self, class_code: str) -> str:
        return "normal"

    def duty(self, class_code: str, region: str, owner: str) -> Duty | None:
        return self._duties.get(class_code)

    def allowances(self, incident: Incident) -> Mapping[str, Allowance]:
        return {name: allowance for name, allowance in ALLOWANCES.items() if name != "handle"}


class Heard:
    """The Told port: remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __call__(self, steps: Sequence[Step]) -> None:
        self.steps += steps
