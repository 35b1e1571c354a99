"""Attachments' bytes on disk, named by their SHA-256, outside everything that is served as a file."""

import hashlib
import os
import tempfile
from pathlib import Path


class DiskBlobs:
    """The Blobs port (services/incident_ports.py) in a folder of the data directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store and flush to the disk; the same bytes are stored once. Raises OSError when the disk is full."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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
        path = self._path(sha256)
        return path.read_bytes() if path.is_file() else None

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name
