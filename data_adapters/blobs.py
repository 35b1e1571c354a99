"""Attachments' and pictures' bytes on disk, named by their SHA-256, outside everything that is served as a file."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GRACE_S = 86_400.0
"""Bytes are stored before the row that names them: only what has lain for so long without one is nobody's."""


class DiskBlobs:
    """The Blobs port (services/incident_ports.py) in a folder of the data directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store and flush to the disk; the same bytes are stored once. Raises OSError when the disk is full."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked(), suppress(FileNotFoundError):
            os.utime(path)
            return name
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
        return name

    def get(self, sha256: str) -> bytes | None:
        """The bytes, or None; a name that is none finds nothing."""
        if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
            return None
        with suppress(FileNotFoundError):
            return self._path(sha256).read_bytes()
        return None

    def forget(self, needed: Callable[[Collection[str]], Collection[str]], now: float) -> int:
        """Remove what was put more than GRACE_S before `now` (epoch seconds) and whose name is not among those that `needed` picks out of
        some names; half-written drafts too. Returns how many. A kill in between leaves the rest for the next time."""
        return sum(self._forget_in(folder, needed, now - GRACE_S) for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")))

    def _forget_in(self, folder: Path, needed: Callable[[Collection[str]], Collection[str]], before: float) -> int:
        old = [path for path in folder.iterdir() if _is_older(path, before)]
        kept = set(needed([path.name for path in old])) if old else set()
        return sum(self._removed(path, before) for path in old if path.name not in kept)

    def _removed(self, path: Path, before: float) -> bool:
        """Somebody who put the same bytes a moment ago is about to name them: the lock and a second look at the time keep them."""
        with self._locked():
            if not _is_older(path, before):
                return False
            path.unlink(missing_ok=True)
            return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time says that bytes are wanted, or removes them; the system lets go when a process dies."""
        with (self._folder / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False
