"""Reads incident_limits.yaml: what a city decides about its incidents in numbers and lists. Strictly (config/strict.py)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from config.strict import FOLDER, ConfigError, not_negative, number, read_values, several_of
from domain.incident_classes import GROUPS
from domain.incident_limits import Deciding, IncidentLimits, Nearby, Sameness, Scoring, Unseen
from domain.incident_states import GRADES
from domain.reports import KINDS, WRITTEN

FILE = "incident_limits.yaml"
UNITS_MS = {"min": 60_000, "h": 3_600_000, "d": 86_400_000}
SHARES = ("place", "time", "class")


def _share(raw: Any) -> float:
    if not 0 <= number(raw) <= 1:
        raise ValueError("a share from 0 to 1")
    return float(raw)


def _shares(raw: Any) -> tuple[float, ...]:
    if not isinstance(raw, dict) or set(raw) != set(SHARES) or abs(sum(_share(one) for one in raw.values()) - 1) > 1e-9:
        raise ValueError(f"the shares {', '.join(SHARES)}, together 1")
    return tuple(float(raw[name]) for name in SHARES)


def _whole(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
        raise ValueError("a whole number from 1 on")
    return raw


def _megabytes(raw: Any) -> int:
    return _whole(raw) * 1024 * 1024


def _score(raw: Any) -> int:
    if _whole(raw) > 5:
        raise ValueError("a whole number from 1 to 5")
    return int(raw)


def _time(unit: str, raw: Any) -> int:
    if number(raw) <= 0:
        raise ValueError("a number above 0")
    return round(float(raw) * UNITS_MS[unit])


def _words(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one for one in raw) or len(set(raw)) != len(raw):
        raise ValueError("a list of words, none twice")
    return tuple(raw)


ENTRIES: Mapping[str, tuple[str, Any]] = {
    "same_place": ("m", not_negative),
    "same_time": ("h", partial(_time, "h")),
    "same_shares": ("share", _shares),
    "same_group": ("share", _share),
    "same_words": ("share", _share),
    "same_words_place": ("m", not_negative),
    "same_letters": ("letters", _whole),
    "same_likely": ("share", _share),
    "same_offered": ("incidents", _whole),
    "unseen_place": ("m", not_negative),
    "unseen_time": ("h", partial(_time, "h")),
    "unseen_shown": ("d", partial(_time, "d")),
    "calls_shown": ("h", partial(_time, "h")),
    "nearby_place": ("m", not_negative),
    "nearby_reach": ("min", partial(_time, "min")),
    "nearby_trend": ("h", partial(_time, "h")),
    "nearby_cameras": ("cameras", _whole),
    "nearby_sensors": ("sensors", _whole),
    "nearby_sensitive": ("kinds", _words),
    "quiet": ("min", partial(_time, "min")),
    "attachment": ("MB", _megabytes),
    "track": ("h", partial(_time, "h")),
    "joint_returns": ("returns", _whole),
    "collectors": ("sources", _words),
    "graded": ("groups", several_of(GROUPS)),
    **{f"report_{kind}": ("fields", several_of(dict.fromkeys(sorted(WRITTEN)))) for kind in KINDS},
    "major": ("grades", several_of(dict.fromkeys(GRADES))),
    "satisfied": ("score", _score),
    "tiers": ("tiers", _whole),
}
"""Entry -> the unit that it is in, and how its value is read."""


def load_incident_limits(folder: Path = FOLDER) -> IncidentLimits:
    """What incident_limits.yaml says. Raises ConfigError, also for an entry that is missing, unknown or in another unit."""
    path = folder / FILE
    found = read_values(path, {name: read for name, (_, read) in ENTRIES.items()}, {name: unit for name, (unit, _) in ENTRIES.items()})
    if found["same_place"] == 0:
        raise ConfigError(f"{path.name}: same_place: value: 0: expected more than 0 m, likeness falls to nothing there")
    return IncidentLimits(
        _sameness(found),
        Unseen(found["unseen_place"], found["unseen_time"], found["unseen_shown"]),
        _nearby(found),
        Scoring(found["satisfied"], found["tiers"]),
        Deciding(found["joint_returns"], frozenset(found["collectors"]), frozenset(found["graded"])),
        found["quiet"],
        found["attachment"],
        found["track"],
        frozenset(found["major"]),
        {kind: found[f"report_{kind}"] for kind in KINDS},
        found["calls_shown"],
    )


def _sameness(found: Mapping[str, Any]) -> Sameness:
    place, time, kind = found["same_shares"]
    return Sameness(
        found["same_place"],
        found["same_time"],
        found["same_words_place"],
        found["same_letters"],
        place,
        time,
        kind,
        found["same_group"],
        found["same_words"],
        found["same_likely"],
        found["same_offered"],
    )


def _nearby(found: Mapping[str, Any]) -> Nearby:
    return Nearby(
        found["nearby_place"],
        found["nearby_reach"] / 1000,
        found["nearby_trend"],
        found["nearby_cameras"],
        found["nearby_sensors"],
        frozenset(found["nearby_sensitive"]),
    )
