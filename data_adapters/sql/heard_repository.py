"""What unadopted devices have said, from the series, the newest readings and the hourly roll-ups."""

from collections.abc import Collection, Mapping

from sqlalchemy import Engine, text

from domain.event_time import to_ms
from services.adoption import Heard

HEARD = text("""
    SELECT s.device_id, max(newest.at) AS last_at, coalesce(sum(hours.n), 0) AS n, array_agg(s.metric ORDER BY s.metric) AS metrics
    FROM series s
    LEFT JOIN LATERAL (SELECT at FROM readings r WHERE r.device_id = s.device_id AND r.metric = s.metric ORDER BY at DESC LIMIT 1) newest
        ON true
    LEFT JOIN LATERAL (SELECT sum(n) AS n FROM readings_1h h WHERE h.device_id = s.device_id AND h.metric = s.metric) hours ON true
    WHERE s.device_id = ANY(:ids) GROUP BY s.device_id
""")


class HeardRepository:
    """The HeardStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def heard(self, device_ids: Collection[str]) -> Mapping[str, Heard]:
        with self._engine.connect() as connection:
            rows = connection.execute(HEARD, {"ids": list(device_ids)}).all()
        return {row.device_id: Heard(row.device_id, row.last_at and to_ms(row.last_at), int(row.n), tuple(row.metrics)) for row in rows}
