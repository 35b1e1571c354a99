"""`python -m data_adapters.city_pack DIR --check`: say what is wrong with a city pack. Without --check, load it as well.

Loading writes to the database of CITYDECK_DATABASE_URL.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from config.settings import Settings, SettingsError
from data_adapters.city_pack import Loaded, Pack, PackError, load_pack, read_pack

NOTICES_SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    """0 when the pack is good (and loaded), 1 with the problems on stderr, 2 when there is no database to load into."""
    parser = argparse.ArgumentParser(prog="python -m data_adapters.city_pack", description="Check or load a city pack (docs/city-pack.md).")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="read and check only; no database is touched")
    options = parser.parse_args(arguments)
    try:
        pack = read_pack(options.folder)
    except PackError as error:
        print(error, file=sys.stderr)
        return 1
    print(_summary(pack))
    return 0 if options.check else _load(pack)


def _summary(pack: Pack) -> str:
    lines = [f"notice: {notice}" for notice in pack.notices[:NOTICES_SHOWN]]
    if len(pack.notices) > NOTICES_SHOWN:
        lines.append(f"notice: … and {len(pack.notices) - NOTICES_SHOWN} more")
    counts = f"{len(pack.regions)} regions, {len(pack.departments)} departments, {len(pack.devices)} devices, {len(pack.places)} places"
    if pack.roads is not None:
        counts += f", {len(pack.roads.nodes)} crossings, {len(pack.roads.sections)} road sections"
    return "\n".join([*lines, f"good: {pack.city.name} ({pack.city.code}): {counts}"])


def _load(pack: Pack) -> int:
    from data_adapters.sql.database import make_engine, migrate

    try:
        url = Settings.from_environment(os.environ).database_url
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if url is None:
        print("CITYDECK_DATABASE_URL: not set; name the database to load into, or use --check", file=sys.stderr)
        return 2
    engine = make_engine(url)
    migrate(engine)
    print(_told(load_pack(engine, pack, int(time.time() * 1000))))
    return 0


def _told(loaded: Loaded) -> str:
    if not loaded.anything:
        return "loaded: nothing has changed"
    parts = [f"{table} +{loaded.opened[table]} ~{loaded.changed[table]} -{loaded.closed.get(table, 0)}" for table in loaded.opened]
    return "loaded: " + ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
