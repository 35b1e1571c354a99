"""Everything the live picture shows, read from the facts: what a worker fills it with at start and after a loss."""

from typing import Any

from sqlalchemy import Engine, text

from domain.alarm_flapping import NEVER, Flapping
from domain.alarm_rules import POSITION
from domain.event_time import to_datetime, to_ms
from domain.messages import Position, Presence, Quality, Reading
from domain.registry import Device
from services.alarm_picture import picture_of
from services.live_state import LiveState
from services.ports import AlarmRecord

DEVICES = """SELECT device_id, name, kind, region, department, lon, lat, interval_s FROM devices
    WHERE valid_to IS NULL AND status = 'adopted'"""
STAMP = """SELECT count(*), max(valid_from), max(valid_to), (SELECT count(*) FROM device_keys), (SELECT max(claimed_at) FROM device_keys)
    FROM devices WHERE status = 'adopted'"""
VALUES = """SELECT s.device_id, s.metric, r.at, r.value, r.text_value, r.quality, r.received_at FROM series s CROSS JOIN LATERAL (
        SELECT at, value, text_value, quality, received_at FROM readings r WHERE r.device_id = s.device_id AND r.metric = s.metric
        ORDER BY r.at DESC LIMIT 1) r
    WHERE s.metric <> :position AND s.device_id IN (SELECT device_id FROM devices WHERE valid_to IS NULL AND status = 'adopted')"""
POSITIONS = """SELECT s.device_id, p.at, p.lon, p.lat, p.speed, p.course, p.received_at FROM series s CROSS JOIN LATERAL (
        SELECT * FROM positions p WHERE p.device_id = s.device_id ORDER BY p.at DESC LIMIT 1) p
    WHERE s.metric = :position"""
ALARMS = """SELECT alarm_id, number, rule_id, device_id, metric, region, department, severity, state, raised_at, cleared_at, raised_value,
        limit_value, acknowledged_at, acknowledged_by, silence_id, false_at, false_by
    FROM alarms n WHERE state <> 'withdrawn' AND EXISTS (SELECT FROM alarms s
        WHERE (s.device_id, s.metric, s.rule_id) = (n.device_id, n.metric, n.rule_id)
          AND (s.state = 'active' OR (s.state = 'cleared' AND s.acknowledged_at IS NULL AND s.cleared_at > :cleared_since))
          AND (n.cleared_at IS NULL OR n.cleared_at > s.raised_at - :reach * interval '1 second'))"""
"""Those that are shown, and with them what their series had shortly before."""


class LiveSource:
    """The Picture port of services/readings.py."""

    def __init__(self, engine: Engine, flapping: Flapping = NEVER) -> None:
        self._engine, self._flapping = engine, flapping
        self._stamp: tuple[Any, ...] | None = None

    def devices(self) -> dict[str, Device]:
        """The adopted devices as the register has them now."""
        with self._engine.connect() as connection:
            self._stamp = tuple(connection.execute(text(STAMP)).one())
            return {row[0]: Device(*row) for row in connection.execute(text(DEVICES))}

    def changed(self) -> bool:
        """Whether the register, or who owns a device, has changed since `devices` was last asked."""
        with self._engine.connect() as connection:
            return tuple(connection.execute(text(STAMP)).one()) != self._stamp

    def keys(self) -> dict[str, int]:
        """Device -> the hash by which workers share it, of those that are not shared by their id."""
        with self._engine.connect() as connection:
            return {device_id: shared_by for device_id, shared_by in connection.execute(text("SELECT device_id, hash FROM device_keys"))}

    def fill(self, state: LiveState) -> None:
        """Bring the newest value of every series, every position and status into `state`."""
        with self._engine.connect() as connection:
            readings = [
                Reading(d, m, to_ms(at), value, word, Quality(quality), to_ms(received))
                for d, m, at, value, word, quality, received in connection.execute(text(VALUES), {"position": POSITION})
            ]
            positions = [
                Position(d, to_ms(at), lon, lat, speed, course, to_ms(received))
                for d, at, lon, lat, speed, course, received in connection.execute(text(POSITIONS), {"position": POSITION})
            ]
            presences = [Presence(d, on, to_ms(at)) for d, on, at in connection.execute(text("SELECT * FROM presence"))]
        state.apply(readings, positions, presences)

    def alarms(self, cleared_since: int) -> dict[str, Any]:
        """The alarms that are lit, or were cleared after `cleared_since` and not yet acknowledged, by id; see services/alarm_picture.py."""
        asked = {"cleared_since": to_datetime(cleared_since), "reach": 3 * self._flapping.within_s}
        with self._engine.connect() as connection:
            records = [_alarm(row) for row in connection.execute(text(ALARMS), asked)]
        return picture_of(records, self._flapping, cleared_since)


def _alarm(row: Any) -> AlarmRecord:
    values = row._asdict()
    values["alarm_id"] = str(values["alarm_id"])
    values["silence_id"] = str(values["silence_id"]) if values["silence_id"] else None
    for name in ("raised_at", "cleared_at", "acknowledged_at", "false_at"):
        values[name] = None if values[name] is None else to_ms(values[name])
    return AlarmRecord(**values)
