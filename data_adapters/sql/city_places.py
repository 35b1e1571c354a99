"""Where a position or a division's code lies in the city (services/camera_ports.py, Places), as the register has it at this moment."""

from collections.abc import Sequence

import shapely
from shapely.geometry import shape

from domain.gb28181 import division_of
from domain.registry import LEVELS, Department, Region, ancestors
from services.register_ports import RegionArea


class CityPlaces:
    """Made anew for each round of whoever asks."""

    def __init__(self, areas: Sequence[RegionArea], departments: Sequence[Department]) -> None:
        self._regions: dict[str, Region] = {area.region.code: area.region for area in areas}
        self._departments = {department.code for department in departments}
        outlined = [area for area in areas if area.outline]
        self._codes = [area.region.code for area in outlined]
        self._depth = [LEVELS.index(area.region.level) if area.region.level in LEVELS else 0 for area in outlined]
        self._tree = shapely.STRtree([shape(area.outline) for area in outlined])

    def region_at(self, lon: float, lat: float) -> str:
        """See Places."""
        inside = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self._codes[max(inside, key=lambda index: self._depth[index])] if len(inside) else ""

    def region_of(self, civil_code: str) -> str:
        """See Places."""
        division = division_of(civil_code)
        nearest = (division[:length].ljust(6, "0") for length in range(len(division), 0, -2))
        return next((code for code in nearest if code in self._regions), "")

    def path_to(self, region: str) -> tuple[str, ...]:
        """See Places."""
        return tuple(self._regions[code].name for code in reversed(ancestors(region, self._regions)))

    def department(self, code: str) -> bool:
        """See Places."""
        return code in self._departments

    def region(self, code: str) -> bool:
        """See Places."""
        return code in self._regions
