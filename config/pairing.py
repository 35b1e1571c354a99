"""Reads pairing.yaml: how long a code counts, how many there may be, when an unused screen ends. Strictly, as config/strict.py says."""

from pathlib import Path

from config.strict import FOLDER, read_values, whole
from domain.pairing import Limits

ENTRIES = {
    "code_minutes": whole(1, 60),
    "codes_per_address": whole(1, 100),
    "codes_in_all": whole(1, 1_000),
    "unused_days": whole(0, 3_660),
}
UNITS = {"code_minutes": "min", "codes_per_address": "codes", "codes_in_all": "codes", "unused_days": "d"}


def load_pairing(path: Path = FOLDER / "pairing.yaml") -> Limits:
    """The limits of the file. Raises ConfigError."""
    return Limits(**read_values(path, ENTRIES, UNITS))
