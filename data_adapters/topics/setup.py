"""What a library's adapter is given: its entry in config/topics.yaml, and its secrets in clear."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from config.strict import FOLDER, ConfigError, Field, read_entry
from config.topics import LibraryConfig
from services.import_ports import ImportStore

FILE = FOLDER / "topics.yaml"


class Setup(NamedTuple):
    """An entry with its secrets in clear, and where imported files are kept."""

    config: LibraryConfig
    secrets: Mapping[str, str] = {}
    imports: ImportStore | None = None

    def read(self, known: Mapping[str, Field], secrets: Collection[str] = (), optional: Collection[str] = ()) -> dict[str, Any]:
        """The settings, checked against the keys that the adapter knows; `secrets` must be there, `optional` may. Raises ConfigError."""
        code = self.config.code
        for name in secrets:
            if name not in self.secrets:
                raise ConfigError(f"topics.yaml: {code}: secrets: {name}: is missing")
        for name in self.secrets:
            if name not in secrets and name not in optional:
                raise ConfigError(f"topics.yaml: {code}: secrets: {name!r}: expected a known secret: {', '.join((*secrets, *optional))}")
        return read_entry(FILE, f"{code}: settings", self.config.settings, known)
