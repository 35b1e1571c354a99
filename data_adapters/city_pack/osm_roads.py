"""Roads of an OpenStreetMap extract as a routable graph: what a car may drive, each section with length, class, speed and direction.

Only the largest part in which every crossing can be reached from every other is kept: a crew that is sent can also come back.
"""

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data_adapters.city_pack.contents import Roads

NETWORK = "driving+service"
"""With service roads: hospital gates and estates lie on them."""
SPEED_KMH = {
    "motorway": 100,
    "motorway_link": 60,
    "trunk": 80,
    "trunk_link": 50,
    "primary": 60,
    "primary_link": 40,
    "secondary": 50,
    "secondary_link": 40,
    "tertiary": 40,
    "tertiary_link": 30,
    "living_street": 10,
    "service": 15,
}
"""Where OSM gives no maxspeed: the design speeds of urban roads in GB/T 51328-2018, the lower ends for links."""
OTHER_KMH = 30
KMH_OF_MPH = 1.609344
DECIMALS = 6


def read_network(osm: Any) -> tuple[Roads, float] | None:
    """The roads that the reader `osm` (pyrosm.OSM) covers, and the share of their length that is kept; None without any road."""
    from pyrosm.graphs import graph_tables

    nodes, segments = osm.get_network(NETWORK, nodes=True)
    if segments is None or segments.empty:
        return None
    _, everything = graph_tables(nodes, segments, network_type=NETWORK, retain_all=True)
    crossings, sections = graph_tables(nodes, segments, network_type=NETWORK)
    return Roads(_nodes(crossings), _sections(sections)), float(sections["length"].sum() / everything["length"].sum())


def _nodes(crossings: gpd.GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"node": crossings["id"], "lon": crossings["lon"], "lat": crossings["lat"]}).round(7)
    return table.sort_values("node", ignore_index=True)


def _sections(found: gpd.GeoDataFrame) -> pd.DataFrame:
    found = found.reindex(columns=[*found.columns, *({"name", "maxspeed", "highway"} - set(found.columns))])
    road_class = found["highway"].map(_first)
    table = pd.DataFrame(
        {
            "from": found["u"],
            "to": found["v"],
            "length_m": found["length"].round(1),
            "class": road_class,
            "speed_kmh": _speed(found["maxspeed"].map(_first), road_class),
            "oneway": _oneway(found),
            "name": found["name"].map(_first),
            "shape": shapely.to_wkt(found.geometry.to_numpy(), rounding_precision=DECIMALS),
        }
    )
    return table.sort_values(["from", "to", "length_m"], ignore_index=True)


def _first(value: Any) -> str:
    """A section made of several ways may have several values; missing ones are no text."""
    if isinstance(value, list):
        return next((one for one in value if isinstance(one, str)), "")
    return value if isinstance(value, str) else ""


def _speed(limit: "pd.Series[str]", road_class: "pd.Series[str]") -> "pd.Series[float]":
    """km/h: the signposted limit (`50`, `30 mph`), else what is usual on such a road."""
    number = pd.to_numeric(limit.str.extract(r"^(\d+(?:\.\d+)?)", expand=False)) * limit.str.contains("mph").map(
        {True: KMH_OF_MPH, False: 1}
    )
    return number.where(number.between(5, 150)).fillna(road_class.map(SPEED_KMH)).fillna(OTHER_KMH).round().astype(int)


def _oneway(found: gpd.GeoDataFrame) -> "pd.Series[bool]":
    """Whether no section of the same length leads back."""
    metres = found["length"].round(1)
    there = pd.MultiIndex.from_arrays([found["u"], found["v"], metres])
    back = pd.MultiIndex.from_arrays([found["v"], found["u"], metres])
    return pd.Series(~there.isin(back), index=found.index)
