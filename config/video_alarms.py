"""Reads video_alarms.yaml: one vocabulary for what all video platforms state."""

from pathlib import Path
from typing import NamedTuple

from config.strict import FOLDER, REQUIRED, Field, read_entries, text

FIELDS: dict[str, Field] = {"zh": (text, REQUIRED), "en": (text, REQUIRED), "source": (text, REQUIRED)}


class VideoAlarm(NamedTuple):
    """A type of video alarm in both languages; it measures nothing."""

    name: str
    zh: str
    en: str
    source: str
    unit: str = ""
    decimals: int = 0
    kind: str = "text"


def load_video_alarms(folder: Path = FOLDER) -> dict[str, VideoAlarm]:
    """The types by name. Raises ConfigError."""
    found = read_entries(folder / "video_alarms.yaml", lambda _: FIELDS)
    return {name: VideoAlarm(name, one["zh"], one["en"], one["source"]) for name, one in found.items()}
