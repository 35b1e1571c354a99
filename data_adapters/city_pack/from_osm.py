"""`python -m data_adapters.city_pack.from_osm EXTRACT.osm.pbf DIR`: add roads and places of an OpenStreetMap extract to a city pack.

The pack's own outline is the boundary. Data © OpenStreetMap contributors, ODbL 1.0.
"""

import argparse
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import shapely

from data_adapters.city_pack.contents import Pack, PackError, Roads
from data_adapters.city_pack.osm_places import merge_places, read_places
from data_adapters.city_pack.osm_roads import read_network
from data_adapters.city_pack.read import PLACES, read_pack
from data_adapters.city_pack.roads import write_roads


class NoExtract(Exception):
    """The extract can't be used; the text is one line for the person at the keyboard. The pack is as it was."""


class Added(NamedTuple):
    """What a pack was given, and the share of the roads' length inside it that could be reached and was kept."""

    crossings: int
    sections: int
    share: float
    places: dict[str, int]


def main(arguments: list[str] | None = None) -> int:
    """0 when the pack has its roads and places, 1 with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="python -m data_adapters.city_pack.from_osm", description=__doc__.split("\n")[0])
    parser.add_argument("extract", type=Path, metavar="EXTRACT.osm.pbf")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a city pack")
    options = parser.parse_args(arguments)
    try:
        added = add_extract(options.extract, options.folder)
    except (NoExtract, PackError, OSError) as error:
        print(f"osm: {error}", file=sys.stderr)
        return 1
    kept = f"kept {added.share:.0%} of all roads, the rest can't be reached there and back"
    print(f"roads: {added.crossings} crossings, {added.sections} sections; {kept}")
    print("places: " + (", ".join(f"{many} {kind}" for kind, many in sorted(added.places.items())) or "none"))
    print("Data © OpenStreetMap contributors, ODbL 1.0: say so wherever it is shown.")
    return 0


def _read(extract: Path, pack: Pack, outline: shapely.Geometry) -> tuple[Roads, float, pd.DataFrame]:
    """The extract's roads within the outline, the share of them that is kept, and its places within the regions."""
    try:
        import pyrosm
        from pyrosm.exceptions import InvalidOSMFileError
    except ImportError:
        raise NoExtract("reading an extract needs the package pyrosm: pip install -r requirements-osm.txt") from None
    if not extract.is_file():
        raise NoExtract(f"{extract} is no file")
    try:
        osm = pyrosm.OSM(str(extract), bounding_box=outline)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            network = read_network(osm)
            places = read_places(osm, pack.regions, pack.city.datums["places"])
    except (InvalidOSMFileError, ValueError) as error:
        raise NoExtract(" ".join(str(error).split())) from error
    if network is None:
        raise NoExtract(
            f"{extract} has no road inside the outline of {pack.city.name} ({', '.join(f'{edge:.3f}' for edge in outline.bounds)})"
        )
    return *network, places


def add_extract(extract: Path, folder: Path) -> Added:
    """Give the pack in `folder` the roads and places of `extract`. Raises NoExtract, PackError or OSError."""
    pack = read_pack(folder)
    outline = pack.regions[0].area
    if outline is None:
        raise NoExtract(f"{folder} has no area to cut the extract with; give regions.geojson geometries")
    roads, share, places = _read(extract, pack, outline)
    write_roads(folder, roads)
    merge_places(folder / PLACES, places)
    return Added(len(roads.nodes), len(roads.sections), share, places["kind"].value_counts().to_dict())


if __name__ == "__main__":
    sys.exit(main())
