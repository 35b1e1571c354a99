"""The city's rules for incidents, from its configuration and its register: the Handbook port of services/incident_desk.py."""

import time
from collections.abc import Mapping
from typing import Any

from shapely import STRtree
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, text

from domain.clocks import Allowance, WorkingTime
from domain.duties import Duty, DutyMatrix
from domain.incident_classes import ClassCatalogue
from domain.incident_clocks import ClockBook
from domain.incident_life import Incident
from domain.incident_limits import IncidentLimits
from domain.registry import Region, ancestors

KEPT_S = 20.0
AREAS = "SELECT code, name, parent, level, name_en, population, outline FROM regions WHERE valid_to IS NULL"
DEVICE = "SELECT lon, lat, region, department FROM devices WHERE device_id = :id AND valid_to IS NULL AND status = 'adopted'"


class Handbook:
    """Regions are read again after twenty seconds; the rest stays as it was at the start."""

    def __init__(
        self,
        engine: Engine,
        working: WorkingTime,
        clocks: ClockBook,
        matrix: DutyMatrix,
        classes: ClassCatalogue,
        limits: IncidentLimits,
    ) -> None:
        self.working, self.classes, self.matrix, self.limits = working, classes, matrix, limits
        self._engine, self._clocks = engine, clocks
        self._regions: dict[str, Region] = {}
        self._areas: list[tuple[str, BaseGeometry]] = []
        self._tree = STRtree([])
        self._read_at = float("-inf")

    def regions(self) -> Mapping[str, Region]:
        """The regions of now."""
        if time.monotonic() - self._read_at > KEPT_S:
            self._read()
        return self._regions

    def _read(self) -> None:
        with self._engine.connect() as tx:
            rows = list(tx.execute(text(AREAS)))
        self._regions = {row.code: Region(row.code, row.name, row.parent, row.level, row.name_en, row.population) for row in rows}
        self._areas = [(row.code, shape(row.outline)) for row in rows if row.outline]
        self._tree = STRtree([area for _, area in self._areas])
        self._read_at = time.monotonic()

    def region_at(self, lon: float, lat: float) -> str:
        """The smallest region with an outline around the point; empty where there is none."""
        self.regions()
        found = [self._areas[i] for i in self._tree.query(Point(lon, lat), predicate="intersects")]
        return min(found, key=lambda one: one[1].area)[0] if found else ""

    def device_place(self, device_id: str) -> Mapping[str, Any] | None:
        """`lon`, `lat`, `region`, `department` of a registered device."""
        with self._engine.connect() as tx:
            row = tx.execute(text(DEVICE), {"id": device_id}).mappings().first()
        return dict(row) if row else None

    def group(self, class_code: str) -> str:
        """The group of a class; empty for an unknown one."""
        return self.classes.group(class_code)

    def spine(self, class_code: str) -> str:
        """The spine that incidents of this class take; `case` for an unknown one."""
        return self.classes.spine(class_code)

    def urgency(self, class_code: str) -> str:
        """How urgent incidents of this class are unless somebody says otherwise."""
        found = self.classes.get(class_code)
        return found.urgency if found else "normal"

    def kinds(self, class_code: str) -> tuple[str, ...]:
        """The device kinds that could see such a thing."""
        found = self.classes.get(class_code)
        return found.kinds if found else ()

    def duty(self, class_code: str, region: str, owner: str) -> Duty | None:
        """The entry of the responsibility matrix that applies."""
        return self.matrix.find(class_code, ancestors(region, dict(self.regions())), owner)

    def allowances(self, incident: Incident) -> Mapping[str, Allowance]:
        """The clocks of the incident's spine, without `handle`."""
        return self._clocks.of(incident.spine)
