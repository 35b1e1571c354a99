"""The newest values and positions of every device as they were known at a past moment, by the time of receipt."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from domain.alarm_rules import POSITION
from domain.event_time import to_datetime

WHEN = "CAST(floor(extract(epoch FROM r.at) * 1000) AS bigint) AS ms"
VALUE, PLACE = f"{WHEN}, value, text_value, quality", f"{WHEN}, lon, lat, speed, course"
BY_THEN = "r.at <= :at AND r.received_at <= :at ORDER BY r.at DESC LIMIT 1"
VALUES = f"""SELECT s.device_id, s.metric, r.* FROM series s CROSS JOIN LATERAL (SELECT {VALUE} FROM readings r
    WHERE r.device_id = s.device_id AND r.metric = s.metric AND {BY_THEN}) r WHERE s.metric <> :position"""
PLACES = f"""SELECT s.device_id, r.* FROM series s CROSS JOIN LATERAL (SELECT {PLACE} FROM positions r
    WHERE r.device_id = s.device_id AND {BY_THEN}) r WHERE s.metric = :position"""
AHEAD = "r.at > r.received_at AND r.at > :at AND r.at <= CAST(:at AS timestamptz) + interval '1 day' AND r.received_at <= :at"
"""What clocks that run ahead had said by then: rare, so it has indices of its own (readings_ahead, positions_ahead) and the newest of a
series is the first row at or before the moment, not one to be looked for among a day of later ones."""
VALUES_AHEAD = f"""SELECT DISTINCT ON (device_id, metric) device_id, metric, {VALUE} FROM readings r
    WHERE {AHEAD} ORDER BY device_id, metric, r.at DESC"""
PLACES_AHEAD = f"SELECT DISTINCT ON (device_id) device_id, {PLACE} FROM positions r WHERE {AHEAD} ORDER BY device_id, r.at DESC"


class Known(NamedTuple):
    """`values`: device -> metric -> [at, value, quality]; `places`: device -> (at, lon, lat, speed, course)."""

    values: dict[str, dict[str, list[Any]]]
    places: dict[str, tuple[Any, ...]]


def known_at(tx: Connection, at: int) -> Known:
    """What was known at `at` (epoch ms)."""
    moment = {"at": to_datetime(at), "position": POSITION}
    values: dict[str, dict[str, list[Any]]] = {}
    for query in (VALUES, VALUES_AHEAD):
        for device_id, metric, when, value, word, quality in tx.execute(text(query), moment):
            values.setdefault(device_id, {})[metric] = [when, word if value is None else value, quality]
    places = {row[0]: tuple(row[1:]) for query in (PLACES, PLACES_AHEAD) for row in tx.execute(text(query), moment)}
    return Known(values, places)
