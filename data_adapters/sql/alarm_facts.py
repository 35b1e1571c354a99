"""Alarms beside incidents, read from PostgreSQL: the AlarmFacts port of services/alarm_incidents.py."""

from collections.abc import Sequence

from sqlalchemy import Engine, text

from data_adapters.sql.alarm_repository import COLUMNS
from data_adapters.sql.nearby import IN_BOX, box, within
from domain.event_time import to_datetime, to_ms
from services.alarm_incidents import BlindSpot, StandingAlarm
from services.incident_ports import Scoped
from services.ports import AlarmRecord

STANDING = text("""
    SELECT a.alarm_id::text AS alarm_id, a.rule_id, a.device_id, coalesce(d.name, a.device_id) AS name, a.region, d.lon, d.lat, a.raised_at
    FROM alarms a LEFT JOIN devices d ON d.device_id = a.device_id AND d.valid_to IS NULL
    WHERE a.state = 'active' AND a.silence_id IS NULL AND a.false_at IS NULL AND a.rule_id = ANY(:rules) AND a.raised_at <= :before
        AND NOT EXISTS (SELECT FROM incidents i WHERE i.alarms @> ARRAY[a.alarm_id] AND NOT i.exercise)
    ORDER BY a.raised_at LIMIT 200""")
REPORTED = text("""
    SELECT incident_id::text AS incident_id, number, title, class_code, region, lon, lat, reported_at, 0 AS devices_near FROM incidents
    WHERE reported_at >= :since AND lon IS NOT NULL AND cardinality(alarms) = 0 AND NOT exercise
        AND state NOT IN ('void', 'not_accepted', 'not_filed', 'merged')
    ORDER BY reported_at DESC LIMIT 2000""")
WATCHING = text(f"""
    SELECT device_id, lon, lat FROM devices WHERE valid_to IS NULL AND status = 'adopted' AND kind = ANY(:kinds) AND {IN_BOX}""")
ALARMED = text("""
    SELECT count(*) FROM alarms WHERE device_id = ANY(:devices) AND state <> 'withdrawn' AND false_at IS NULL AND raised_at <= :until
        AND coalesce(cleared_at, 'infinity') >= :since""")

RAISED = text(f"""
    SELECT {COLUMNS} FROM alarms a WHERE a.raised_at >= :since AND a.raised_at < :until AND a.state <> 'withdrawn'
        AND (CAST(:regions AS text[]) IS NULL OR a.region = ANY(:regions))
        AND (CAST(:departments AS text[]) IS NULL OR a.department = ANY(:departments))
    ORDER BY a.raised_at LIMIT 200000""")


class SqlAlarmFacts:
    """The AlarmFacts port, and RaisedAlarms of services/alarm_quality.py."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def standing(self, rule_ids: Sequence[str], before: int) -> list[StandingAlarm]:
        with self._engine.connect() as tx:
            rows = tx.execute(STANDING, {"rules": list(rule_ids), "before": to_datetime(before)}).mappings()
            return [StandingAlarm(**{**row, "raised_at": to_ms(row["raised_at"])}) for row in rows]

    def raised(self, since: int, until: int, scope: Scoped) -> list[AlarmRecord]:
        regions, departments = (None if one is None else list(one) for one in scope)
        asked = {"since": to_datetime(since), "until": to_datetime(until), "regions": regions, "departments": departments}
        with self._engine.connect() as tx:
            return [AlarmRecord(**row) for row in tx.execute(RAISED, asked).mappings()]

    def reported(self, since: int) -> list[BlindSpot]:
        with self._engine.connect() as tx:
            rows = tx.execute(REPORTED, {"since": to_datetime(since)}).mappings()
            return [BlindSpot(**{**row, "reported_at": to_ms(row["reported_at"])}) for row in rows]

    def watching(self, kinds: Sequence[str], lon: float, lat: float, metres: float) -> list[str]:
        with self._engine.connect() as tx:
            rows = tx.execute(WATCHING, {"kinds": list(kinds), **box(lon, lat, metres)})
            return [row.device_id for row, _ in within(rows, lon, lat, metres)]

    def alarmed(self, device_ids: Sequence[str], since: int, until: int) -> bool:
        if not device_ids:
            return False
        span = {"devices": list(device_ids), "since": to_datetime(since), "until": to_datetime(until)}
        with self._engine.connect() as tx:
            return bool(tx.execute(ALARMED, span).scalar_one())
