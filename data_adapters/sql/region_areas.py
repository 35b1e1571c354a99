"""The areas of the city's regions, for the rules that ask where a device is."""

import logging

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, text

log = logging.getLogger("citydeck.ingest")
OUTLINE = "SELECT outline FROM regions WHERE code = :code AND valid_to IS NULL"


class RegionAreas:
    """Asked for once a region, and kept: an outline that changes is taken up at the next start."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: dict[str, BaseGeometry | None] = {}

    def __call__(self, code: str) -> BaseGeometry | None:
        """The region's area; None, said once, where the city has no such region or no outline of it."""
        if code not in self._held:
            with self._engine.connect() as tx:
                outline = tx.execute(text(OUTLINE), {"code": code}).scalar_one_or_none()
            if outline is None:
                log.warning("no outline of region %r: alarm rules about this area watch nothing here", code)
            self._held[code] = shape(outline) if outline else None
            shapely.prepare(self._held[code])
        return self._held[code]
