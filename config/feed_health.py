"""Reads feed_health.yaml: from where on something is wrong with a feed. Strictly, as config/strict.py says."""

from pathlib import Path
from typing import Any

from config.freshness import load_freshness
from config.strict import FOLDER, at_least_one, not_negative, number, read_values, whole
from domain.feed_health import Limits


def _share(raw: Any) -> float:
    if not 0 < number(raw) <= 1:
        raise ValueError("a number above 0, at most 1")
    return float(raw)


ENTRIES = {
    "low_rate": _share,
    "high_lag_s": at_least_one,
    "error_share": _share,
    "suspect_share": _share,
    "few": whole(1),
    "refused_within_s": at_least_one,
    "starting_s": not_negative,
}
UNITS = {
    "low_rate": "share", "high_lag_s": "s", "error_share": "share", "suspect_share": "share", "few": "messages",
    "refused_within_s": "s", "starting_s": "s",
}  # fmt: skip


def load_feed_limits(folder: Path = FOLDER) -> Limits:
    """What feed_health.yaml says, and freshness.yaml of silence. Raises ConfigError."""
    return Limits(silent_times=load_freshness(folder).silent_after, **read_values(folder / "feed_health.yaml", ENTRIES, UNITS))
