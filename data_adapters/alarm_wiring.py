"""Assembles what people and the clock decide about alarms: for a web worker, and for jobs.py."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sqlalchemy import Engine

from config.alarm_care import load_alarm_care
from config.alarm_rules import load_rules
from config.files import load_kinds
from data_adapters.sql.alarm_facts import SqlAlarmFacts
from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.sql.alarms_due import SqlAlarmsDue
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.silence_repository import SilenceRepository
from domain.registry import Region
from services.alarm_desk import AlarmDesk
from services.alarm_quality import AlarmQuality, marker
from services.alarm_silences import AlarmSilences
from services.alarm_watch import AlarmWatch
from services.audit import Audit
from services.audited import AuditedAlarmDesk
from services.ports import AlarmRecord
from services.register import Register


class AlarmServices(NamedTuple):
    """What a web worker offers, under the names that City has for it."""

    alarm_desk: AuditedAlarmDesk
    silences: AlarmSilences
    alarm_quality: AlarmQuality


def build_alarms(engine: Engine, regions: Callable[[], Mapping[str, Region]], register: Register, audit: Audit) -> AlarmServices:
    """The alarm's services. Opens no connection yet. Raises ConfigError."""
    rules = load_rules()
    desk = AuditedAlarmDesk(AlarmDesk(finder(engine), regions, InboxRepository(engine)), audit)
    known = frozenset(rule.rule_id for rule in rules.rules)
    care = load_alarm_care()
    lengths = (care.longest_silence_ms, care.silence_listed_ms)
    silences = AlarmSilences(SilenceRepository(engine), audit, regions, register.device, frozenset(load_kinds()), known, *lengths)
    return AlarmServices(desk, silences, AlarmQuality(SqlAlarmFacts(engine), marker(rules.flapping), regions, care.quality_ms))


def finder(engine: Engine) -> Callable[[str], AlarmRecord | None]:
    """Finds an alarm by its id."""

    def find(alarm_id: str) -> AlarmRecord | None:
        with engine.connect() as tx:
            return AlarmRepository().find(tx, alarm_id)

    return find


def alarm_work(engine: Engine) -> list[tuple[str, float, Callable[[int], object]]]:
    """What jobs.py does for alarms. Raises ConfigError."""
    care = load_alarm_care()
    watch = AlarmWatch(SqlAlarmsDue(engine, care.cleared_shown_ms), InboxRepository(engine), care.expiry_s)
    return [("alarms are silenced", 1, watch.silence), ("acknowledgements expire", 5, watch.expire)]
