"""Assembles topic libraries: their adapters, what jobs.py does about them, and what a web worker offers of the catalogue."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from config.working_time import load_office
from data_adapters.demo.libraries import make_tables, read_libraries
from data_adapters.notice_wiring import build_notices
from data_adapters.sql.catalogue_repository import CatalogueRepository
from data_adapters.sql.import_repository import ImportRepository
from data_adapters.sql.job_marks import JobMark
from data_adapters.sql.layer_repository import LayerRepository
from data_adapters.sql.people_repository import PeopleRepository
from data_adapters.topics.entries import plan_of
from data_adapters.topics.folder import LocalFolder
from data_adapters.topics.pinyin import spelled
from data_adapters.topics.reader import make_reader
from data_adapters.topics.reading import open_file
from data_adapters.topics.registry import AllLibraries, all_file_tables, configured, make_libraries, schemas
from data_adapters.topics.transaction import why
from services.catalogue import Catalogue
from services.catalogue_ports import Reconciliation
from services.import_ports import Import
from services.manual_import import DropFolder, ManualImport
from services.ports import Clock
from services.reconciling import Compared, Reconciling
from services.topic_rounds import TopicRound

FOLDER_S = 15.0
STAGGER_MS = 2_000
"""Libraries begin one after the other."""


def build_libraries(settings: Settings, engine: Engine | None = None) -> AllLibraries:
    """The city's libraries. Opens no connection. Raises ConfigError."""
    imports = None if engine is None else ImportRepository(engine)
    return make_libraries(configured(settings.plays_demo), settings.database_url or "", imports)


def prepare_topics(engine: Engine, settings: Settings) -> str:
    """Before the city starts: every library's entry is checked; the demo's tables are made, and the account that reads the city's own
    schemas. Returns why that account could not be made, or nothing. Raises ConfigError."""
    configs = configured(settings.plays_demo)
    make_libraries(configs, settings.database_url or "")
    try:
        if settings.plays_demo:
            make_tables(engine, read_libraries())
        if own := schemas(configs):
            make_reader(engine, settings.database_url or "", own)
    except DBAPIError as error:
        return why(error)
    return ""


def topic_rounds(engine: Engine, settings: Settings, clock: Clock) -> list[TopicRound | Reconciling | DropFolder]:
    """What jobs.py does about the libraries, each in a thread of its own: one that doesn't answer holds up no other. Raises ConfigError."""
    configs, store = configured(settings.plays_demo), LayerRepository(engine, spelled)
    libraries = build_libraries(settings, engine)
    compared = [Compared(libraries.by_code[config.code], plan_of(config)) for config in configs]
    store.declare([one.plan.state for one in compared])
    rounds = [TopicRound(one.library, one.plan, store, clock, n * STAGGER_MS) for n, one in enumerate(compared)]
    night = Reconciling(compared, store, JobMark(engine, "reconciliation"), local_time(), telling(engine))
    tables, imports = all_file_tables(libraries), ImportRepository(engine)
    dropped = DropFolder(tables, ManualImport(tables, imports, open_file), imports, LocalFolder(), FOLDER_S, telling_of_file(engine))
    return [*rounds, night, dropped]


def build_catalogue(engine: Engine) -> Catalogue:
    """The resource catalogue as a web worker reads it. Opens no connection."""
    return Catalogue(CatalogueRepository(engine))


def build_imports(engine: Engine, settings: Settings) -> ManualImport:
    """Manual import as a web worker offers it. Opens no connection. Raises ConfigError."""
    return ManualImport(all_file_tables(build_libraries(settings, engine)), ImportRepository(engine), open_file)


def local_time() -> Callable[[int], tuple[str, int]]:
    """Epoch ms -> day and hour in the city's zone. Raises ConfigError."""
    zone = ZoneInfo(load_office().zone)

    def local(now: int) -> tuple[str, int]:
        at = datetime.fromtimestamp(now / 1000, zone)
        return at.date().isoformat(), at.hour

    return local


def telling(engine: Engine) -> Callable[[Sequence[Reconciliation], int], int]:
    """Tells the data stewards which resources disagree with their source, once a night."""
    notices, people = build_notices(engine), PeopleRepository(engine)

    def tell(differ: Sequence[Reconciliation], now: int) -> int:
        said = {"number": len(differ), "resources": [one.resource for one in differ[:5]]}
        return notices.tell(people.of("data_steward"), f"reconciliation-{now}", "reconciliation", said, "/catalogue?tab=state", now)

    return tell


def telling_of_file(engine: Engine) -> Callable[[Import, int], int]:
    """Tells the data stewards that a dropped file waits for them, for some of its rows can't be taken."""
    notices, people = build_notices(engine), PeopleRepository(engine)

    def tell(found: Import, now: int) -> int:
        said = {"file": found.file_name, "number": found.error_count, "table": f"{found.library}.{found.table}"}
        return notices.tell(people.of("data_steward"), f"import-{found.import_id}", "import_waits", said, "/catalogue?tab=imports", now)

    return tell
