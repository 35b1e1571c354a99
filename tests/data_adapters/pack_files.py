"""A small good city pack, and ways to spoil it."""

import json
from pathlib import Path
from typing import Any

CITY = """name: 试城
name_en: Testville
code: "440000"
departments:
  - {code: water, zh: 水务局, en: Water}
  - {code: transport, zh: 交通局, en: Transport}
"""
HEADER = "device_id,name,kind,region,department,lon,lat,interval_s"
DEVICES = f"""{HEADER}
wl-1,东江水位站,water_level,440000001,water,113.05,23.05,60
tf-1,人民路流量,traffic_flow,440000002,transport,113.15,23.05,20
veh-1,巡逻车,vehicle,440000002,transport,,,
"""
PLACES = """place_id,name,kind,region,lon,lat,beds
h-1,人民医院,hospital,440000001,113.06,23.06,800
"""


def square(west: float, south: float, size: float = 0.1) -> list[list[float]]:
    """A closed ring."""
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def feature(code: Any, name: Any, parent: Any, ring: Any, **more: Any) -> dict[str, Any]:
    """A GeoJSON feature of one ring."""
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "name": name, "parent": parent, **more}, "geometry": geometry}


def good_features() -> list[dict[str, Any]]:
    """Two towns side by side, the city made of them."""
    return [feature("440000001", "东镇", "440000", square(113.0, 23.0)), feature("440000002", "西镇", "440000", square(113.1, 23.0))]


def write_pack(folder: Path, *, features: list[Any] | None = None, **files: str | bytes) -> Path:
    """A pack in `folder`; `files` replaces whole files: city, devices, places, regions."""
    regions = json.dumps({"type": "FeatureCollection", "features": good_features() if features is None else features})
    contents = {"city": CITY, "devices": DEVICES, "places": PLACES, "regions": regions, **files}
    names = {"city": "city.yaml", "devices": "devices.csv", "places": "places.csv", "regions": "regions.geojson"}
    folder.mkdir(parents=True, exist_ok=True)
    for key, content in contents.items():
        (folder / names[key]).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
