"""What waits for a person long enough to call somebody (services/calls.py, WaitingStore)."""

from typing import Any

from sqlalchemy import Engine, text

from domain.event_time import to_datetime
from services.calls import Waiting

AT_ONCE = 20
ALARMS = """
    SELECT 'alarm:' || a.alarm_id AS thing, '' AS department, 1 + lit.again AS turn, '/desk?alarm=' || a.alarm_id AS link, '' AS giver,
        jsonb_build_object('number', a.number,
        'title', coalesce(nullif(d.name, ''), a.device_id), 'rule', a.rule_id, 'metric', a.metric, 'value', a.raised_value) AS params
    FROM alarms a LEFT JOIN devices d ON d.device_id = a.device_id AND d.valid_to IS NULL
    CROSS JOIN LATERAL (SELECT count(*) AS again, max(t.at) AS at FROM alarm_transitions t
        WHERE t.alarm_id = a.alarm_id AND t.kind IN ('acknowledgement_expired', 'unsilenced')) AS lit
    WHERE a.state = 'active' AND a.severity = 'critical' AND a.acknowledged_at IS NULL AND a.silence_id IS NULL
        AND a.false_at IS NULL AND greatest(a.raised_at, lit.at) <= :before"""
INCIDENTS = """
    SELECT 'incident:' || i.incident_id AS thing, '' AS department, 1 AS turn, '/desk?incident=' || i.incident_id AS link, '' AS giver,
        jsonb_build_object('number', i.number, 'title', i.title, 'exercise', i.exercise) AS params
    FROM incidents i WHERE i.open AND i.state = 'reported' AND i.urgency = 'critical' AND i.reported_at <= :before"""
TASKS = """
    SELECT 'task:' || t.task_id AS thing, t.department, 1 AS turn,
        CASE WHEN t.incident_id IS NULL THEN '/duty?part=tasks' ELSE '/desk?incident=' || t.incident_id END AS link,
        CASE WHEN t.kind = 'instruction' THEN t.assigned_by ELSE '' END AS giver,
        jsonb_build_object('number', t.number, 'title', t.title, 'said', t.zh, 'exercise', t.exercise) AS params
    FROM tasks t WHERE t.state = 'assigned' AND t.assigned_at <= :before"""
WARNINGS = """
    SELECT 'warning:' || w.warning_id AS thing, '' AS department, 1 AS turn, '/desk?warning=' || w.warning_id AS link, '' AS giver,
        jsonb_build_object('title', w.title, 'said', w.title, 'exercise', w.facts->>'status' = 'exercise') AS params
    FROM warnings w WHERE w.standing = 'in_force' AND w.call_from <= :before"""
WAITING = {"warning": WARNINGS, "critical_alarm": ALARMS, "critical_incident": INCIDENTS, "task": TASKS}
DUE = """SELECT * FROM ({waiting}) AS waiting
    WHERE NOT EXISTS (SELECT FROM callings c WHERE c.thing = waiting.thing AND c.turn >= waiting.turn)
    ORDER BY thing LIMIT :most"""
OVER = """
    SELECT thing FROM callings c WHERE state IN ('calling', 'exhausted') AND (
        (thing LIKE 'alarm:%' AND NOT EXISTS (SELECT FROM alarms a
            WHERE 'alarm:' || a.alarm_id = c.thing AND a.state = 'active' AND a.acknowledged_at IS NULL
                AND a.silence_id IS NULL AND a.false_at IS NULL))
        OR (thing LIKE 'incident:%' AND NOT EXISTS (SELECT FROM incidents i
            WHERE 'incident:' || i.incident_id = c.thing AND i.open AND i.state = 'reported'))
        OR (thing LIKE 'warning:%' AND NOT EXISTS (SELECT FROM warnings w
            WHERE 'warning:' || w.warning_id = c.thing AND w.standing = 'in_force'))
        OR (thing LIKE 'task:%' AND NOT EXISTS (SELECT FROM tasks t
            WHERE 'task:' || t.task_id = c.thing AND t.state = 'assigned')))"""


class WaitingRepository:
    """The WaitingStore port. Ids begin with their time: the oldest come first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, template: str, before: int) -> list[Waiting]:
        asked = text(DUE.format(waiting=WAITING[template]))
        with self._engine.connect() as tx:
            return [_waiting(template, row) for row in tx.execute(asked, {"before": to_datetime(before), "most": AT_ONCE})]

    def over(self) -> list[str]:
        with self._engine.connect() as tx:
            return list(tx.execute(text(OVER)).scalars())


def _waiting(template: str, row: Any) -> Waiting:
    return Waiting(row.thing, template, row.params, row.link, row.department, row.turn, row.giver)
