"""Reads travel.yaml: how fast crews drive. Strictly (config/strict.py)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.strict import FOLDER, REQUIRED, ConfigError, Field, above_zero, at_least_one, not_negative, read_entries, text, wrong
from domain.travel import BANDS, Driving, RoadClass, TravelRules

FILE = "travel.yaml"


def _hours(raw: Any) -> tuple[int, ...]:
    if not isinstance(raw, list) or len(set(raw)) != len(raw) or not all(type(hour) is int and 0 <= hour <= 23 for hour in raw):
        raise ValueError("a list of hours from 0 to 23, none twice")
    return tuple(raw)


BAND_FIELDS: dict[str, Field] = {"hours": (_hours, REQUIRED), "source": (text, REQUIRED)}
CLASS_FIELDS: dict[str, Field] = {"kmh": (above_zero, REQUIRED), **dict.fromkeys(BANDS, (above_zero, REQUIRED)), "source": (text, REQUIRED)}
DRIVING_FIELDS: dict[str, Field] = {
    "start_s": (not_negative, REQUIRED),
    "settle_s": (above_zero, REQUIRED),
    "calm": (at_least_one, REQUIRED),
    "access_kmh": (above_zero, REQUIRED),
    "straight_kmh": (above_zero, REQUIRED),
    "off_road_m": (above_zero, REQUIRED),
    "source": (text, REQUIRED),
}


def _fields(entry: Mapping[str, Any]) -> Mapping[str, Field]:
    """Which kind of entry it is: a band names hours, a class of road its speed, and what is left is the driving."""
    return BAND_FIELDS if "hours" in entry else CLASS_FIELDS if "kmh" in entry else DRIVING_FIELDS


def load_travel(folder: Path = FOLDER) -> TravelRules:
    """The rules of travel.yaml. Raises ConfigError."""
    path = folder / FILE
    entries = read_entries(path, _fields)
    classes = {name: entry for name, entry in entries.items() if "kmh" in entry}
    bands: dict[int, str] = {}
    for name, entry in entries.items():
        for hour in entry.get("hours", ()):
            if name not in BANDS or bands.setdefault(hour, name) != name:
                raise wrong(path, name, "hours", hour, f"a part of the day ({', '.join(BANDS)}), an hour in only one of them")
    for name in {"driving", "other"} - set(entries):
        raise ConfigError(f"{path.name}: {name}: is missing")
    drive = entries["driving"]
    return TravelRules(
        {name: RoadClass(entry["kmh"], {band: entry[band] for band in BANDS}) for name, entry in classes.items()},
        bands,
        Driving(drive["start_s"], drive["settle_s"], drive["calm"]),
        drive["access_kmh"],
        drive["straight_kmh"],
        drive["off_road_m"],
    )
