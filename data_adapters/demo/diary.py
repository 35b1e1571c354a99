"""What the demo has said already, kept over restarts in one small file."""

import json
from pathlib import Path

EVERY_MS = 5_000


class Diary:
    """`said_until`: epoch ms, None on the first start. `past_told`: whether the day before the first start has been told."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._written_at = 0
        self._written_told = False
        self.said_until, self.past_told = _read(file)

    def write(self, said_until: int | None, now: int) -> None:
        """Note how far the present has been said; to the disk every five seconds."""
        self.said_until = said_until
        if now - self._written_at < EVERY_MS and self.past_told == self._written_told:
            return
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"said_until": said_until, "past_told": self.past_told}), encoding="utf-8")
        fresh.replace(self._file)
        self._written_at, self._written_told = now, self.past_told


def _read(file: Path) -> tuple[int | None, bool]:
    """An unreadable diary is an empty one: the demo then starts anew."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        said = kept["said_until"]
        return None if said is None else int(said), kept["past_told"] is True
    except (OSError, ValueError, KeyError, TypeError):
        return None, False
