"""Assembles the incident's services for a web worker, and what jobs.py does for incidents."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from config.alarm_incidents import load_alarm_incidents
from config.alarm_rules import load_rules
from config.incident_files import load_classes, load_clocks, load_duties
from config.incident_limits import load_incident_limits
from config.languages import load_catalogues
from data_adapters.blobs import DiskBlobs
from data_adapters.documents import Documents
from data_adapters.file_kinds import inspect
from data_adapters.handbook import Handbook
from data_adapters.holidays import calendar_mark, working_time
from data_adapters.live_incidents import LiveIncidents
from data_adapters.sql.alarm_facts import SqlAlarmFacts
from data_adapters.sql.call_repository import CallRepository
from data_adapters.sql.incident_repository import IncidentRepository
from data_adapters.sql.job_marks import JobMark
from data_adapters.sql.report_repository import ReportRepository
from data_adapters.sql.told_repository import told_about
from domain.event_time import to_datetime
from domain.incident_life import Incident
from services.alarm_incidents import AlarmIncidents, blind_spots, resume_deferred
from services.attachments import Attachments
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.neighbour_calls import NeighbourCalls
from services.recounting import Recounting
from services.report_desk import ReportDesk
from services.reviews import Reviews

UNQUIET = text("""SELECT count(*) FROM alarms WHERE alarm_id = ANY(CAST(:alarms AS uuid[]))
    AND NOT (state = 'withdrawn' OR false_at IS NOT NULL OR (state = 'cleared' AND cleared_at <= :quiet_since))""")
SOURCES = text("""SELECT DISTINCT ON (id) id, name FROM (
        SELECT device_id AS id, name, valid_from FROM devices UNION ALL SELECT camera_id, name, valid_from FROM cameras
        UNION ALL SELECT unit_id, name, NULL FROM units) AS known
    WHERE id = ANY(:ids) AND name <> '' ORDER BY id, valid_from DESC NULLS LAST""")
CENTER = "SELECT settings->>'origin_center' FROM city"


class IncidentServices(NamedTuple):
    """What a web worker offers about incidents."""

    desk: IncidentDesk
    board: IncidentBoard
    attachments: Attachments
    handbook: Handbook
    reports: ReportDesk
    reviews: Reviews
    calls: NeighbourCalls


def build_handbook(engine: Engine) -> Handbook:
    """The city's rules for incidents. Raises ConfigError."""
    classes = load_classes()
    return Handbook(engine, working_time(), load_clocks(), load_duties(), classes, load_incident_limits())


def build_incidents(engine: Engine, redis_url: str, data_dir: Path, people: Callable[[str], str] = str) -> IncidentServices:
    """The incident's services on these engines; attachments lie under `data_dir`; `people` gives a name for a username.
    Opens no connection yet. Raises ConfigError."""
    handbook = build_handbook(engine)
    center = center_of(engine)
    facts, limits = SqlAlarmFacts(engine), handbook.limits
    quiet, live = world_quiet(engine, limits.quiet_ms), LiveIncidents(redis_url, engine)
    desk = IncidentDesk(IncidentRepository(engine, center), handbook, center, quiet, live)
    blind = partial(blind_spots, facts, handbook.kinds, limits.unseen)
    board = IncidentBoard(desk.store, handbook.regions, handbook.group, limits, blind)
    attachments = Attachments(desk, DiskBlobs(data_dir / "attachments"), inspect, limits.attachment_bytes)
    calls = NeighbourCalls(CallRepository(engine), handbook.region_at, handbook.regions, limits.calls_shown_ms)
    return IncidentServices(desk, board, attachments, handbook, *_papers(engine, desk, handbook, center, people), calls)


def _papers(
    engine: Engine, desk: IncidentDesk, handbook: Handbook, center: Callable[[], str], people: Callable[[str], str]
) -> tuple[ReportDesk, Reviews]:
    words = load_catalogues()["zh"]

    def said(message: str, values: Mapping[str, Any]) -> str:
        return words[message].format(**values)

    def called(one: Incident) -> dict[str, str]:
        return _called(one, handbook, words)

    store, zone, documents = ReportRepository(engine, IncidentRepository(engine, center)), str(handbook.working.zone), Documents()
    reports = ReportDesk(store, desk, load_clocks(), called, documents, said, zone, handbook.limits.needed)
    about, sources = partial(told_about, engine), partial(source_names, engine)
    return reports, Reviews(desk, store, about, load_clocks(), called, documents, words, zone, sources, people)


def source_names(engine: Engine, ids: Sequence[str]) -> dict[str, str]:
    """Id -> name of devices, cameras and units, the newest name of each; what nobody has registered is not there."""
    with engine.connect() as tx:
        return {one.id: one.name for one in tx.execute(SOURCES, {"ids": list(ids)})} if ids else {}


def _called(incident: Incident, handbook: Handbook, words: Mapping[str, str]) -> dict[str, str]:
    """What an incident's codes are called in a report."""
    kind, region = handbook.classes.get(incident.class_code), handbook.regions().get(incident.region)
    source = words.get(f"source.{incident.source}", incident.source)
    return {"class": kind.zh if kind else incident.class_code, "region": region.name if region else incident.region, "source": source}


def incident_work(engine: Engine, redis_url: str, data_dir: Path) -> list[tuple[str, float, Callable[[int], object]]]:
    """What jobs.py does for incidents: alarms become incidents by rule, what was deferred goes on, clocks follow the calendar.

    Raises ConfigError."""
    titles = {rule.rule_id: rule.name for rule in load_rules().rules}
    desk = build_incidents(engine, redis_url, data_dir).desk
    by_rule = AlarmIncidents(SqlAlarmFacts(engine), desk, load_alarm_incidents(), lambda rule_id: titles.get(rule_id, rule_id))
    recounting = Recounting(desk, open_incidents(engine), working_time(), calendar_mark(), JobMark(engine, "calendar"))
    return [
        ("alarms become incidents", 2, by_rule.work),
        ("deferred incidents go on", 30, lambda now: resume_deferred(desk, now)),
        ("clocks by another calendar", 60, recounting.round),
    ]


def open_incidents(engine: Engine) -> Callable[[], list[str]]:
    """The ids of all open incidents, asked for anew each time."""

    def ids() -> list[str]:
        with engine.connect() as tx:
            return list(tx.execute(text("SELECT incident_id::text FROM incidents WHERE open ORDER BY incident_id")).scalars())

    return ids


def center_of(engine: Engine) -> Callable[[], str]:
    """The code of this centre, asked for once; `local` before a city is loaded."""

    @cache
    def center() -> str:
        with engine.connect() as tx:
            return str(tx.execute(text(CENTER)).scalar_one_or_none() or "local")

    return center


def world_quiet(engine: Engine, quiet_ms: int) -> Callable[[Sequence[str], int], bool | None]:
    """Whether the sensors behind alarms have been normal long enough; None where there is no alarm."""

    def quiet(alarms: Sequence[str], now: int) -> bool | None:
        if not alarms:
            return None
        with engine.connect() as tx:
            since = to_datetime(now - quiet_ms)
            return bool(tx.execute(UNQUIET, {"alarms": list(alarms), "quiet_since": since}).scalar_one() == 0)

    return quiet
