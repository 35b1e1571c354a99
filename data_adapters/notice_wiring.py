"""Assembles what tells people: the services for a web worker, the scheduled work of jobs.py, and the courier."""

from collections.abc import Callable, Sequence

from sqlalchemy import Engine

from config.languages import load_catalogues
from config.notices import load_call_rules, load_delivery
from config.settings import PREFIX, Settings, SettingsError
from data_adapters.incident_wiring import center_of
from data_adapters.notify.apprise_channel import AppriseChannel
from data_adapters.notify.words import notice_words
from data_adapters.plan_wiring import build_task_maker
from data_adapters.sql.cursor_repository import Cursor
from data_adapters.sql.event_stream import SqlEventStream
from data_adapters.sql.incident_repository import IncidentRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.people_repository import PeopleRepository
from data_adapters.sql.report_repository import ReportRepository
from data_adapters.sql.waiting_repository import WaitingRepository
from services.calls import Calls
from services.incident_desk import IncidentDesk
from services.notice_ports import Channel
from services.notices import Courier, Notices
from services.reacting import Acting, Reacting
from services.reactions import Happened, react
from services.signing import Signing

Schedule = list[tuple[str, float, Callable[[int], object]]]


def build_notices(engine: Engine) -> Notices:
    """Notices on this database. Raises ConfigError."""
    return Notices(NoticeRepository(engine), load_call_rules())


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The ways out that the city has. Raises SettingsError for a URL that apprise does not understand; it is not repeated."""
    found: dict[str, Channel] = {}
    for name in ("email", "http"):
        url = getattr(settings, f"{name}_url")
        try:
            if url:
                found[name] = AppriseChannel(url)
        except ValueError as error:
            raise SettingsError(f"{PREFIX}{name.upper()}_URL: {error}") from None
    return found


def build_courier(engine: Engine, settings: Settings) -> Courier:
    """Sends what leaves the city. Raises SettingsError."""
    return Courier(NoticeRepository(engine), channels_of(settings), notice_words(load_catalogues()), load_delivery())


def notice_schedule(engine: Engine, desk: IncidentDesk, acting: Sequence[Acting] = ()) -> Schedule:
    """What jobs.py does to tell people; `acting` are others who act on what happens to incidents. Raises ConfigError."""
    notices, people = build_notices(engine), PeopleRepository(engine)
    incidents = IncidentRepository(engine, center_of(engine))

    def tell(one: Happened, now: int) -> int:
        return react(notices, people, one, now)

    tasks = build_task_maker(engine, desk, notices)

    reacting = Reacting(SqlEventStream(engine), Cursor(engine, "reactions"), incidents.find, [tell, tasks.follow, *acting])
    signing = Signing(ReportRepository(engine, incidents), notices, people, people)
    return [
        ("reactions", 1, reacting.round),
        ("signatures", 5, signing.round),
        ("callings", 1, Calls(notices, people, WaitingRepository(engine)).round),
    ]
