"""Which kinds of libraries there are, and the city's libraries as its configuration makes them."""

import os
from collections.abc import Callable, Mapping

from config.settings import read_secrets
from config.topics import LibraryConfig, load_topics
from data_adapters.topics.files import FilesLibrary
from data_adapters.topics.http_json import HttpJsonLibrary
from data_adapters.topics.prometheus import PrometheusLibrary
from data_adapters.topics.reader import reader_url
from data_adapters.topics.setup import Setup
from data_adapters.topics.sql import SqlLibrary
from services.import_ports import FileTable, ImportStore
from services.topic_ports import Answer, QueryRefused, TopicLibrary, Value

KINDS: dict[str, Callable[[Setup], TopicLibrary]] = {
    "sql": SqlLibrary,
    "files": FilesLibrary,
    "http_json": HttpJsonLibrary,
    "prometheus": PrometheusLibrary,
}
CITY = "city"


class AllLibraries:
    """The Libraries port."""

    def __init__(self, libraries: Mapping[str, TopicLibrary]) -> None:
        self.by_code = libraries

    def ask(self, library: str, query: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """As the port says."""
        found = self.by_code.get(library)
        if found is None:
            raise QueryRefused(f"there is no library {library!r}")
        return found.ask(query, parameters)


def configured(demo: bool) -> list[LibraryConfig]:
    """The libraries that this city asks. Raises ConfigError."""
    return load_topics(KINDS, demo)


def make_libraries(
    configs: list[LibraryConfig], database_url: str, imports: ImportStore | None = None, environ: Mapping[str, str] = os.environ
) -> AllLibraries:
    """Their adapters. Opens no connection. Raises ConfigError, also for a secret that isn't there."""
    return AllLibraries({config.code: KINDS[config.kind](_setup(config, database_url, imports, environ)) for config in configs})


def all_file_tables(libraries: AllLibraries) -> list[FileTable]:
    """The tables that files are imported into."""
    return [table for one in libraries.by_code.values() if isinstance(one, FilesLibrary) for table in one.file_tables]


def schemas(configs: list[LibraryConfig]) -> list[str]:
    """Those of the city's own database that are libraries."""
    return [str(config.settings["schema"]) for config in configs if config.settings.get("database") == CITY and "schema" in config.settings]


def _setup(config: LibraryConfig, database_url: str, imports: ImportStore | None, environ: Mapping[str, str]) -> Setup:
    secrets = read_secrets("topics.yaml", config.code, config.secrets, environ)
    if config.settings.get("database") == CITY:
        secrets.setdefault("url", reader_url(database_url))
    return Setup(config, secrets, imports)
