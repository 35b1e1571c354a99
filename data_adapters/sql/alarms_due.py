"""Which alarms the clock has something to decide about: the AlarmsDue port of services/alarm_watch.py."""

from collections.abc import Mapping

from sqlalchemy import Engine, text

from data_adapters.sql.silence_rows import IN_FORCE, covering
from domain.event_time import to_datetime
from services.alarm_watch import Due

AT_ONCE = 500
WAITING = "SELECT EXISTS (SELECT FROM inbox WHERE feed = 'command' AND topic = ANY(:kinds))"
NOW = "CAST(:now AS timestamptz)"
SILENCES = f"""
    SELECT a.alarm_id::text, a.device_id, c.silence_id::text FROM alarms a CROSS JOIN LATERAL (SELECT {covering("a", NOW)} AS silence_id) c
    WHERE (a.silence_id IS NOT NULL OR EXISTS (SELECT FROM alarm_silences s WHERE {IN_FORCE.format(now=NOW)}))
        AND (a.state = 'active'
            OR (a.state = 'cleared' AND a.acknowledged_at IS NULL AND a.cleared_at > {NOW} - :shown * interval '1 millisecond'))
        AND c.silence_id IS DISTINCT FROM a.silence_id
    ORDER BY a.raised_at LIMIT {AT_ONCE}"""
EXPIRED = f"""
    SELECT a.alarm_id::text, a.device_id FROM alarms a
    JOIN unnest(CAST(:severities AS text[]), CAST(:moments AS timestamptz[])) AS late (severity, before) ON late.severity = a.severity
    WHERE a.state = 'active' AND a.acknowledged_at <= late.before AND a.silence_id IS NULL AND a.false_at IS NULL
        AND NOT EXISTS (SELECT FROM incidents i WHERE i.alarms @> ARRAY[a.alarm_id])
    ORDER BY a.acknowledged_at LIMIT {AT_ONCE}"""


class SqlAlarmsDue:
    """See AlarmsDue."""

    def __init__(self, engine: Engine, cleared_shown_ms: int) -> None:
        self._engine, self._shown_ms = engine, cleared_shown_ms

    def waiting(self, kinds: frozenset[str]) -> bool:
        """See AlarmsDue."""
        with self._engine.connect() as tx:
            return bool(tx.execute(text(WAITING), {"kinds": sorted(kinds)}).scalar_one())

    def silences(self, now: int) -> list[Due]:
        """See AlarmsDue."""
        with self._engine.connect() as tx:
            return [Due(*row) for row in tx.execute(text(SILENCES), {"now": to_datetime(now), "shown": self._shown_ms})]

    def expired(self, before: Mapping[str, int]) -> list[Due]:
        """See AlarmsDue."""
        asked = {"severities": list(before), "moments": [to_datetime(moment) for moment in before.values()]}
        with self._engine.connect() as tx:
            return [Due(*row) for row in tx.execute(text(EXPIRED), asked)]
