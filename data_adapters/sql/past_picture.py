"""The picture at a past moment, from the facts: what had been received, recorded and registered by then."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from data_adapters.sql.past_values import Known, known_at
from domain.alarm_flapping import NEVER, Flapping
from domain.event_time import to_datetime, to_ms
from domain.registry import Region
from services.alarm_picture import picture_of
from services.live_ports import PastRecords
from services.ports import AlarmRecord

VALID = "valid_from <= :at AND (valid_to IS NULL OR valid_to > :at)"
REGIONS = f"SELECT code, name, parent, level, name_en FROM regions WHERE {VALID}"
TREE = "SELECT code, name, parent, level, name_en FROM regions WHERE valid_to IS NULL"
DEVICES = f"SELECT device_id, kind, region, department, interval_s FROM devices WHERE {VALID} AND status = 'adopted'"
PRESENCES = """SELECT DISTINCT ON (device_id) device_id, online FROM presence_changes
    WHERE received_at <= :at ORDER BY device_id, received_at DESC"""
ALARMS = """SELECT a.alarm_id::text AS alarm_id, a.number, a.rule_id, a.device_id, a.metric, a.region, a.department, a.severity,
        a.limit_value, t.kind, t.at, t.actor, t.value, t.note
    FROM alarms a JOIN alarm_transitions t USING (alarm_id)
    WHERE t.recorded_at <= :at AND EXISTS (SELECT FROM alarms s
        WHERE (s.device_id, s.metric, s.rule_id) = (a.device_id, a.metric, a.rule_id)
          AND (a.cleared_at IS NULL OR a.cleared_at > s.raised_at - :reach * interval '1 second')
          AND (s.state = 'active' OR EXISTS (SELECT FROM alarm_transitions late WHERE late.alarm_id = s.alarm_id
            AND late.recorded_at > CAST(:at AS timestamptz) - :shown * interval '1 millisecond')))
    ORDER BY a.alarm_id, t.recorded_at, t.transition_id"""
PLACE = ("at", "lon", "lat", "speed", "course")


class SqlPastPicture:
    """The PastPicture port."""

    def __init__(
        self,
        engine: Engine,
        cleared_shown_ms: int,
        incidents: Callable[[int], Mapping[str, Any]] = lambda at: {},
        flapping: Flapping = NEVER,
        warnings: Callable[[int], Sequence[Any]] = lambda at: (),
    ) -> None:
        """`incidents(at)`: those open at a moment, `warnings(at)`: those in force, as the live picture holds them. `cleared_shown_ms` and
        `flapping` as ingest has them."""
        self._engine, self._shown_ms, self._incidents, self._flapping = engine, cleared_shown_ms, incidents, flapping
        self._warnings = warnings

    def tree(self) -> dict[str, Region]:
        """The regions of now."""
        with self._engine.connect() as tx:
            return {row[0]: Region(*row) for row in tx.execute(text(TREE))}

    def records(self, at: int) -> PastRecords:
        """See services.live_ports.PastPicture."""
        moment = {"at": to_datetime(at), "reach": 3 * self._flapping.within_s, "shown": self._shown_ms}
        with self._engine.connect() as tx:
            regions = {row[0]: Region(*row) for row in tx.execute(text(REGIONS), moment)}
            known = known_at(tx, at)
            devices = _devices(tx, moment, known)
            alarms = _alarms(tx.execute(text(ALARMS), moment), self._flapping, at - self._shown_ms)
            return PastRecords(regions, devices, alarms, _vehicles(known, devices), self._incidents(at), {"warnings": self._warnings(at)})


def _devices(tx: Connection, moment: dict[str, Any], known: Known) -> dict[str, Any]:
    online = {device_id: said for device_id, said in tx.execute(text(PRESENCES), moment)}
    return {
        device_id: {
            "device_id": device_id, "kind": kind, "region": region, "department": department, "interval_s": interval_s,
            "online": online.get(device_id), "values": known.values.get(device_id, {}),
        }
        for device_id, kind, region, department, interval_s in tx.execute(text(DEVICES), moment)
    }  # fmt: skip


def _vehicles(known: Known, devices: dict[str, Any]) -> dict[str, Any]:
    return {
        device_id: {
            **{name: devices[device_id][name] for name in ("region", "department")},
            **dict(zip(PLACE, place, strict=True)),
        }
        for device_id, place in known.places.items()
        if device_id in devices
    }


def _alarms(rows: Iterable[Any], flapping: Flapping, cleared_since: int) -> dict[str, Any]:
    alarms: dict[str, dict[str, Any]] = {}
    for row in rows:
        alarm = alarms.get(row.alarm_id)
        if alarm is None:
            alarm = alarms[row.alarm_id] = {**{name: getattr(row, name) for name in FIXED}, **BEGINNING}
        alarm.update(STEPS[row.kind](row, to_ms(row.at)))
    return picture_of((AlarmRecord(**alarm) for alarm in alarms.values()), flapping, cleared_since)


FIXED = ("alarm_id", "number", "rule_id", "device_id", "metric", "region", "department", "severity", "limit_value")
BEGINNING: dict[str, Any] = {
    "state": "active",
    "raised_at": 0,
    "cleared_at": None,
    "raised_value": None,
    "acknowledged_at": None,
    "acknowledged_by": None,
}
STEPS: dict[str, Callable[[Any, int], dict[str, Any]]] = {
    "raised": lambda row, at: {"state": "active", "raised_at": at, "cleared_at": None, "raised_value": row.value},
    "moved": lambda row, at: {"raised_at": at, "raised_value": row.value},
    "cleared": lambda row, at: {"state": "cleared", "cleared_at": at},
    "withdrawn": lambda row, at: {"state": "withdrawn"},
    "acknowledged": lambda row, at: {"acknowledged_at": at, "acknowledged_by": row.actor},
    "acknowledgement_expired": lambda row, at: {"acknowledged_at": None, "acknowledged_by": None},
    "false_alarm": lambda row, at: {"false_at": at, "false_by": row.actor},
    "silenced": lambda row, at: {"silence_id": row.note},
    "unsilenced": lambda row, at: {"silence_id": None},
}
"""Kind of a transition -> what it changes in the alarm."""
