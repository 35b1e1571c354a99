"""The picture at a past moment, from the facts: what had been received, recorded and registered by then."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, text

from domain.alarm_rules import POSITION
from domain.event_time import to_datetime, to_ms
from domain.registry import Region
from services.live_ports import PastRecords

VALID = "valid_from <= :at AND (valid_to IS NULL OR valid_to > :at)"
REGIONS = f"SELECT code, name, parent, level, name_en FROM regions WHERE {VALID}"
TREE = "SELECT code, name, parent, level, name_en FROM regions WHERE valid_to IS NULL"
DEVICES = f"SELECT device_id, kind, region, department, interval_s FROM devices WHERE {VALID} AND status = 'adopted'"
VALUES = """SELECT s.device_id, s.metric, r.at, r.value, r.text_value, r.quality FROM series s CROSS JOIN LATERAL (
        SELECT at, value, text_value, quality FROM readings r
        WHERE r.device_id = s.device_id AND r.metric = s.metric AND r.at <= CAST(:at AS timestamptz) + interval '1 day'
          AND r.received_at <= :at ORDER BY r.at DESC LIMIT 1) r
    WHERE s.metric <> :position"""
POSITIONS = """SELECT s.device_id, p.at, p.lon, p.lat, p.speed, p.course FROM series s CROSS JOIN LATERAL (
        SELECT * FROM positions p WHERE p.device_id = s.device_id AND p.at <= CAST(:at AS timestamptz) + interval '1 day'
          AND p.received_at <= :at ORDER BY p.at DESC LIMIT 1) p
    WHERE s.metric = :position"""
PRESENCES = """SELECT DISTINCT ON (device_id) device_id, online FROM presence_changes
    WHERE received_at <= :at ORDER BY device_id, received_at DESC"""
ALARMS = """SELECT a.alarm_id::text AS alarm_id, a.number, a.rule_id, a.device_id, a.metric, a.region, a.department, a.severity,
        a.limit_value, t.kind, t.at, t.actor, t.value
    FROM alarms a JOIN alarm_transitions t USING (alarm_id)
    WHERE t.recorded_at <= :at AND (a.state = 'active' OR EXISTS (SELECT FROM alarm_transitions late WHERE late.alarm_id = a.alarm_id
        AND late.recorded_at > CAST(:at AS timestamptz) - interval '1 day'))
    ORDER BY a.alarm_id, t.recorded_at, t.transition_id"""
CLEARED_SHOWN_MS = 86_400_000
"""A cleared alarm that nobody acknowledged stays on the picture for a day."""


class SqlPastPicture:
    """The PastPicture port."""

    def __init__(self, engine: Engine, incidents: Callable[[int], Mapping[str, Any]] = lambda at: {}) -> None:
        """`incidents(at)`: those open at a moment, as the live picture holds them."""
        self._engine, self._incidents = engine, incidents

    def tree(self) -> dict[str, Region]:
        """The regions of now."""
        with self._engine.connect() as tx:
            return {row[0]: Region(*row) for row in tx.execute(text(TREE))}

    def records(self, at: int) -> PastRecords:
        """See services.live_ports.PastPicture."""
        moment = {"at": to_datetime(at), "position": POSITION}
        with self._engine.connect() as tx:
            regions = {row[0]: Region(*row) for row in tx.execute(text(REGIONS), moment)}
            devices = _devices(tx, moment)
            alarms = _alarms(tx.execute(text(ALARMS), moment).mappings(), at)
            return PastRecords(regions, devices, alarms, _vehicles(tx, moment, devices), self._incidents(at))


def _devices(tx: Connection, moment: dict[str, Any]) -> dict[str, Any]:
    devices = {row.device_id: {**row._mapping, "online": None, "values": {}} for row in tx.execute(text(DEVICES), moment)}
    for device_id, metric, when, value, word, quality in tx.execute(text(VALUES), moment):
        if device_id in devices:
            devices[device_id]["values"][metric] = [to_ms(when), word if value is None else value, quality]
    for device_id, online in tx.execute(text(PRESENCES), moment):
        if device_id in devices:
            devices[device_id]["online"] = online
    return devices


def _vehicles(tx: Connection, moment: dict[str, Any], devices: dict[str, Any]) -> dict[str, Any]:
    return {
        row.device_id: {
            "region": devices[row.device_id]["region"],
            "department": devices[row.device_id]["department"],
            "at": to_ms(row.at),
            **{name: getattr(row, name) for name in ("lon", "lat", "speed", "course")},
        }
        for row in tx.execute(text(POSITIONS), moment)
        if row.device_id in devices
    }


def _alarms(rows: Iterable[Any], at: int) -> dict[str, Any]:
    alarms: dict[str, Any] = {}
    for row in rows:
        fixed = {name: row[name] for name in row if name not in ("kind", "at", "actor", "value")}
        fresh = {"state": "active", "raised_at": 0, "cleared_at": None, "raised_value": None}
        alarm = alarms.setdefault(row["alarm_id"], {**fixed, **fresh, "acknowledged_at": None, "acknowledged_by": None})
        alarm.update(STEPS[row["kind"]](to_ms(row["at"]), row["actor"], row["value"]))
    return {key: alarm for key, alarm in alarms.items() if _shown(alarm, at)}


def _shown(alarm: dict[str, Any], at: int) -> bool:
    unseen = alarm["state"] == "cleared" and alarm["acknowledged_at"] is None
    return alarm["state"] == "active" or (unseen and alarm["cleared_at"] > at - CLEARED_SHOWN_MS)


STEPS: dict[str, Any] = {
    "raised": lambda at, actor, value: {"state": "active", "raised_at": at, "cleared_at": None, "raised_value": value},
    "moved": lambda at, actor, value: {"raised_at": at, "raised_value": value},
    "cleared": lambda at, actor, value: {"state": "cleared", "cleared_at": at},
    "withdrawn": lambda at, actor, value: {"state": "withdrawn"},
    "acknowledged": lambda at, actor, value: {"acknowledged_at": at, "acknowledged_by": actor},
}
"""Kind of a transition -> what it changes in the alarm."""
