"""Folders in which files are dropped: their own files alone, no link out of them, none that is still being written or too large."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from data_adapters.topics.reading import LARGEST

log = logging.getLogger("citydeck.topics")
STILL_S = 3.0
"""A file that was written to within this time may not be finished."""
MOST_FILES = 200


class LocalFolder:
    """The Folder port (services/import_ports.py)."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def files(self, folder: str, pattern: str) -> Sequence[tuple[str, bytes]]:
        """As the port says; a folder that can't be read is said once, and has no files."""
        try:
            found = [path for path in sorted(Path(folder).glob(pattern)) if path.is_file() and not path.is_symlink()][:MOST_FILES]
            return [(path.name, path.read_bytes()) for path in found if self._fits(path)]
        except OSError as error:
            self._once(f"{folder}: {type(error).__name__}", "the folder %s can't be read")
            return []

    def _fits(self, path: Path) -> bool:
        stat = path.stat()
        if stat.st_size > LARGEST:
            self._once(f"{path.name}, {stat.st_size} bytes", "the file %s is too large to be imported")
        return stat.st_size <= LARGEST and time.time() - stat.st_mtime > STILL_S

    def _once(self, what: str, said: str) -> None:
        if what not in self._said:
            self._said.add(what)
            log.warning(said, what)
