"""Readings and roll-ups of the past in PostgreSQL (services/register_ports.py, HistoryStore)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text

from domain.event_time import to_datetime, to_ms
from services.register_ports import Point

RAW = """SELECT at, value, value, value, text_value FROM readings
    WHERE device_id = :device_id AND metric = :metric AND at >= :since AND at < :until
      AND (CAST(:received_by AS timestamptz) IS NULL OR received_at <= :received_by)
    ORDER BY at LIMIT :most"""
ROLLED = """SELECT at, sum / n, min, max FROM {table}
    WHERE device_id = :device_id AND metric = :metric AND at >= :since AND at < :until ORDER BY at"""
ROLLED_OVER = """SELECT at, avg(sum / n), min(min), max(max) FROM {table}
    WHERE device_id = ANY(:device_ids) AND metric = :metric AND at >= :since AND at < :until GROUP BY at ORDER BY at"""
HOUR_SO_FAR = """SELECT CAST(:since AS timestamptz), avg(mean), min(low), max(high)
    FROM (SELECT sum(sum) / sum(n) AS mean, min(min) AS low, max(max) AS high FROM readings_1m
        WHERE device_id IN (SELECT device_id FROM series WHERE device_id = ANY(:device_ids) AND metric = :metric)
            AND metric = :metric AND at >= :since AND at < :until GROUP BY device_id) AS d
    HAVING count(*) > 0"""
TABLES = {"1m": "readings_1m", "1h": "readings_1h"}


class HistoryRepository:
    """The HistoryStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def raw(self, device_id: str, metric: str, since: int, until: int, received_by: int | None, most: int) -> list[Point]:
        who = {"device_id": device_id, "metric": metric, "most": most}
        return self._points(RAW, since, until, **who, received_by=None if received_by is None else to_datetime(received_by))

    def rolled(self, grain: str, device_id: str, metric: str, since: int, until: int) -> list[Point]:
        return self._points(ROLLED.format(table=TABLES[grain]), since, until, device_id=device_id, metric=metric)

    def rolled_over(self, grain: str, device_ids: Sequence[str], metric: str, since: int, until: int) -> list[Point]:
        return self._points(ROLLED_OVER.format(table=TABLES[grain]), since, until, device_ids=list(device_ids), metric=metric)

    def hour_so_far(self, device_ids: Sequence[str], metric: str, hour: int, until: int) -> list[Point]:
        return self._points(HOUR_SO_FAR, hour, until, device_ids=list(device_ids), metric=metric)

    def _points(self, query: str, since: int, until: int, **parameters: Any) -> list[Point]:
        span = {"since": to_datetime(since), "until": to_datetime(until)}
        with self._engine.connect() as connection:
            return [Point(to_ms(at), *rest) for at, *rest in connection.execute(text(query), {**span, **parameters})]
