"""Maintenance silences in PostgreSQL: the SilenceStore port of services/alarm_silences.py."""

from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from domain.event_time import to_datetime, to_ms
from domain.silences import Silence

FIELDS = """s.silence_id::text AS silence_id, s.device_id, s.kind, s.region, s.rule_id, s.departments, s.starts, s.ends, s.reason,
    s.made_by, s.recorded_at, s.ended_at, s.ended_by,
    coalesce(nullif(s.region, ''), (SELECT d.region FROM devices d WHERE d.device_id = s.device_id AND d.valid_to IS NULL), '') AS place"""
SINCE = f"SELECT {FIELDS} FROM alarm_silences s WHERE coalesce(s.ended_at, s.ends) > :moment ORDER BY s.ends, s.silence_id LIMIT 1000"
FIND = f"SELECT {FIELDS} FROM alarm_silences s WHERE s.silence_id = CAST(:silence_id AS uuid)"
ADD = """
    INSERT INTO alarm_silences (silence_id, device_id, kind, region, rule_id, departments, starts, ends, reason, made_by, recorded_at)
    VALUES (CAST(:silence_id AS uuid), :device_id, :kind, :region, :rule_id, :departments, :starts, :ends, :reason, :made_by,
        :recorded_at)"""
END = """UPDATE alarm_silences SET ended_at = :now, ended_by = :username
    WHERE silence_id = CAST(:silence_id AS uuid) AND ended_at IS NULL AND ends > :now"""
TIMES = ("starts", "ends", "recorded_at", "ended_at")


class SilenceRepository:
    """See SilenceStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def since(self, moment: int) -> list[Silence]:
        """See SilenceStore."""
        with self._engine.connect() as tx:
            return [_silence(row) for row in tx.execute(text(SINCE), {"moment": to_datetime(moment)}).mappings()]

    def find(self, silence_id: str) -> Silence | None:
        """See SilenceStore."""
        try:
            UUID(silence_id)
        except ValueError:
            return None
        with self._engine.connect() as tx:
            row = tx.execute(text(FIND), {"silence_id": silence_id}).mappings().first()
        return _silence(row) if row else None

    def add(self, silence: Silence) -> None:
        """See SilenceStore."""
        values = {**silence._asdict(), "departments": list(silence.departments)}
        values |= {name: to_datetime(values[name]) for name in ("starts", "ends", "recorded_at")}
        with self._engine.begin() as tx:
            tx.execute(text(ADD), {name: values[name] for name in values if name not in ("ended_at", "ended_by", "place")})

    def end(self, silence_id: str, username: str, now: int) -> bool:
        """See SilenceStore."""
        with self._engine.begin() as tx:
            done = tx.execute(text(END), {"silence_id": silence_id, "username": username, "now": to_datetime(now)})
            return bool(done.rowcount)


def _silence(row: Any) -> Silence:
    values = {**row, "departments": tuple(row["departments"])}
    return Silence(**{**values, **{name: None if values[name] is None else to_ms(values[name]) for name in TIMES}})
