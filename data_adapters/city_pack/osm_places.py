"""Places of an OpenStreetMap extract as rows of places.csv: hospitals, fire stations, police, shelters."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from data_adapters.city_pack.contents import OSM_PREFIX, Outline
from data_adapters.city_pack.points import PLACE_COLUMNS
from data_adapters.city_pack.territory import territory
from data_adapters.coordinates import from_wgs84
from domain.registry import LEVELS


class Tagged(NamedTuple):
    """Objects with `key` = one of `values` are places of this kind; `zh` names those without a name."""

    kind: str
    zh: str
    key: str
    values: tuple[str, ...]


KINDS = (
    Tagged("hospital", "医院", "amenity", ("hospital",)),
    Tagged("hospital", "医院", "healthcare", ("hospital",)),
    Tagged("fire_station", "消防救援站", "amenity", ("fire_station",)),
    Tagged("police", "派出所", "amenity", ("police",)),
    Tagged("shelter", "应急避难场所", "emergency", ("assembly_point", "disaster_help_point")),
    Tagged("shelter", "人防工程", "shelter_type", ("bomb_shelter",)),
)
"""amenity=shelter alone is a roof at a bus stop or in a park, no place to stay: only with its shelter_type."""


def read_places(osm: Any, outlines: Iterable[Outline], datum: str) -> pd.DataFrame:
    """The places that the reader `osm` (pyrosm.OSM) finds inside the regions, each in the lowest one, with coordinates of `datum`."""
    wanted: dict[str, list[str]] = {}
    for tagged in KINDS:
        wanted.setdefault(tagged.key, []).extend(tagged.values)
    found = osm.get_data_by_custom_criteria(custom_filter=wanted, keep_nodes=True, keep_ways=True, keep_relations=True)
    if found is None or found.empty:
        return pd.DataFrame(columns=list(PLACE_COLUMNS))
    located = _located(_once(_named(found)), territory(outlines))
    points = [from_wgs84(point.x, point.y, datum) for point in located.geometry]
    located["lon"], located["lat"] = [round(lon, 7) for lon, _ in points], [round(lat, 7) for _, lat in points]
    return pd.DataFrame(located[list(PLACE_COLUMNS)]).sort_values("place_id", ignore_index=True)


def merge_places(file: Path, places: pd.DataFrame) -> int:
    """Put `places` into places.csv in the stead of what an earlier extract brought; returns how many rows of others stay."""
    kept = pd.read_csv(file, dtype=str, keep_default_na=False) if file.exists() else pd.DataFrame(columns=list(PLACE_COLUMNS))
    kept = kept[~kept["place_id"].str.startswith(OSM_PREFIX)]
    pd.concat([kept, places]).to_csv(file, index=False, na_rep="")
    return len(kept)


def _named(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """place_id, name, kind and the geometry as it is drawn."""
    kind, name = pd.Series("", index=found.index), pd.Series("", index=found.index)
    for tagged in reversed(KINDS):
        if tagged.key in found:
            fits = found[tagged.key].isin(tagged.values)
            kind, name = kind.mask(fits, tagged.kind), name.mask(fits, tagged.zh)
    own = found["name"] if "name" in found else pd.Series(None, index=found.index, dtype=object)
    columns = {"place_id": OSM_PREFIX + found["osm_type"] + "-" + found["id"].astype(str), "name": own.fillna(name), "kind": kind}
    return gpd.GeoDataFrame(columns, geometry=found.geometry, crs=found.crs)


def _once(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A hospital's point inside the same hospital's grounds is one place, the grounds."""
    grounds = places[places.geometry.geom_type.isin(("Polygon", "MultiPolygon"))][["kind", "geometry"]]
    inside = places[places.geometry.geom_type == "Point"].sjoin(grounds, predicate="within")
    return places.drop(inside.index[inside["kind_left"] == inside["kind_right"]])


def _located(places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Each place as a point, with the lowest region it stands in; those in none are left out."""
    points = places.set_geometry(places.geometry.representative_point())
    within = points.sjoin(areas[["level", "geometry"]].rename_axis("region").reset_index(), predicate="within")
    deepest = within.assign(depth=within["level"].map(LEVELS.index)).sort_values("depth")
    return deepest.drop_duplicates("place_id", keep="last")
