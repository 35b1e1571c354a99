"""Reads video.yaml: the video platforms of this city, one entry each (docs/add-a-video-platform.md). Strictly, as config/strict.py says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.feeds import fields as feed_fields
from config.feeds import named_entries
from config.strict import FOLDER, REQUIRED, Field, number, one_of, read_entry, unit, yes_or_no

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")


@dataclass(frozen=True)
class PlatformConfig:
    """One platform. `every_s`: seconds from one reading of its catalogue to the next; `timeout_s`: the longest that one request may take;
    `region` and `department`: where cameras belong of which nobody knows better; `wall`: whether
    their pictures may be shown on a wall; `alarm_feed`: the feed that reads its alarms, "" for none;
    `settings` are the adapter's, who checks them;
    `secrets` maps a name to `env:NAME` or `file:/path`."""

    name: str
    adapter: str
    enabled: bool = True
    datum: str = "wgs84"
    every_s: float = 300.0
    timeout_s: float = 10.0
    region: str = ""
    department: str = ""
    wall: bool = False
    alarm_feed: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


def _between(low: float, high: float) -> Any:
    def read(raw: Any) -> float:
        if not low <= number(raw) <= high:
            raise ValueError(f"seconds from {low:g} to {high:g}")
        return float(raw)

    return read


def fields(adapters: Collection[str]) -> dict[str, Field]:
    """The keys of an entry."""
    as_feeds = feed_fields(adapters)
    return {
        "adapter": (one_of(*adapters), REQUIRED),
        "enabled": as_feeds["enabled"],
        "datum": (one_of(*DATUMS), REQUIRED),
        "every_s": (_between(5, 86_400), 300.0),
        "timeout_s": (_between(0.5, 60), 10.0),
        "region": (unit, ""),
        "department": (unit, ""),
        "wall": (yes_or_no, False),
        "alarm_feed": (unit, ""),
        "settings": as_feeds["settings"],
        "secrets": as_feeds["secrets"],
    }


def load_video(adapters: Collection[str], folder: Path = FOLDER) -> dict[str, PlatformConfig]:
    """Every platform of video.yaml by its name, those that are off included. `adapters` are the known ones. Raises ConfigError."""
    return {name: PlatformConfig(name=name, **one) for name, one in named_entries(folder / "video.yaml", fields(adapters)).items()}


def read_settings(platform: str, settings: Mapping[str, Any], known: Mapping[str, Field], folder: Path = FOLDER) -> dict[str, Any]:
    """An adapter's settings, checked against the keys it knows. Raises ConfigError."""
    return read_entry(folder / "video.yaml", f"{platform}: settings", settings, known)
