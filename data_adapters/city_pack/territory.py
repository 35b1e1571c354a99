"""The areas of a pack as one GeoDataFrame: repaired, measured, and held against each other and against what stands in them."""

from collections.abc import Iterable, Iterator, Sequence

import geopandas as gpd

from data_adapters.city_pack.areas import polygons_of
from data_adapters.city_pack.contents import Outline
from domain.registry import Device
from services.register_ports import Place

WGS84 = "EPSG:4326"
EQUAL_AREA = "EPSG:6933"
"""Square metres are square metres there, all over the world."""
SMALLEST_M2 = 1.0
MISFIT = 0.01
"""Neighbours may share, and a region may leave its parent with, one part in a hundred: borders of two sources never quite agree."""
ASTRAY_M = 200.0
"""A device this far outside its region is reported; less is the coarseness of borders."""


def territory(outlines: Iterable[Outline]) -> gpd.GeoDataFrame:
    """The regions that have an area, by code: name, level, parent, schematic, geometry (WGS 84)."""
    drawn = [outline for outline in outlines if outline.area is not None]
    columns = {
        "name": [outline.region.name for outline in drawn],
        "level": [outline.region.level for outline in drawn],
        "parent": [outline.region.parent for outline in drawn],
        "schematic": [outline.schematic for outline in drawn],
    }
    index = [outline.region.code for outline in drawn]
    return gpd.GeoDataFrame(columns, geometry=[outline.area for outline in drawn], index=index, crs=WGS84)


def mended(outlines: Iterable[Outline]) -> gpd.GeoDataFrame:
    """The territory, every area valid, with `flaw` (what was wrong with it, empty where nothing was) and its size `m2`."""
    areas = territory(outlines)
    broken = ~areas.geometry.is_valid
    areas["flaw"] = areas.geometry.is_valid_reason().where(broken, "")
    areas["geometry"] = areas.geometry.where(~broken, areas.geometry.make_valid().map(polygons_of))
    areas["m2"] = areas.to_crs(EQUAL_AREA).area
    return areas


def misfits(outlines: Iterable[Outline]) -> Iterator[str]:
    """Regions of one parent that overlap, and regions that reach out of their parent, by more than MISFIT of their size."""
    flat = territory(outlines).to_crs(EQUAL_AREA)
    flat = flat[flat.area >= SMALLEST_M2]
    met = flat.sjoin(flat, predicate="intersects", lsuffix="one", rsuffix="other")
    met = met[met["parent_one"].eq(met["parent_other"]) & (met.index < met["index_other"])]
    for one, other in zip(met.index, met["index_other"], strict=True):
        shared = flat.geometry[one].intersection(flat.geometry[other]).area / min(flat.geometry[one].area, flat.geometry[other].area)
        if shared > MISFIT:
            yield f"{one} ({flat['name'][one]}) and {other} ({flat['name'][other]}) overlap by {shared:.0%} of the smaller"
    for code, parent, area in flat[flat["parent"].isin(flat.index)][["parent", "geometry"]].itertuples(name=None):
        outside = area.difference(flat.geometry[parent]).area / area.area
        if outside > MISFIT:
            yield f"{code} ({flat['name'][code]}) lies with {outside:.0%} of its area outside {parent} ({flat['name'][parent]})"


def strays(outlines: Iterable[Outline], points: Sequence[Device] | Sequence[Place]) -> Iterator[str]:
    """Devices or places that stand more than ASTRAY_M outside the region they name. Schematic areas are too coarse to say so."""
    areas = territory(outline for outline in outlines if not outline.schematic)
    placed = [point for point in points if point.lon is not None and point.region in areas.index]
    if not placed:
        return
    places = gpd.GeoDataFrame(
        {"name": [point[0] for point in placed], "region": [point.region for point in placed]},
        geometry=gpd.points_from_xy([point.lon for point in placed], [point.lat for point in placed]),
        crs=WGS84,
    )
    west, south, east, north = areas.total_bounds
    metres = f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +datum=WGS84 +units=m"
    areas, places = areas.to_crs(metres), places.to_crs(metres)
    places["away"] = places.distance(areas.geometry.loc[places["region"]], align=False)
    for stray in places[places["away"] > ASTRAY_M].itertuples():
        around = areas[areas["level"].eq(areas["level"][stray.region]) & areas.contains(stray.geometry)]
        instead = f"; it stands in {around.index[0]} ({around['name'].iloc[0]})" if len(around) else ""
        yield f"{stray.name} lies {stray.away / 1000:.1f} km outside its region {stray.region} ({areas['name'][stray.region]}){instead}"
