"""A city with a day behind it, for benches of the past: the demo city's devices, their readings, alarms, positions and incidents of 24 h.

Filled by SQL as ingest and jobs would have left it. A device that speaks more often than once a minute is given a reading a minute.
"""

import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, text

from config.files import load_kinds
from data_adapters.city_pack.load import load
from data_adapters.demo.pack import build_demo_pack
from data_adapters.incident_wiring import build_incidents
from data_adapters.sql.partitions import Partitions
from domain.access import Actor
from domain.alarm_rules import POSITION
from domain.event_time import DAY_MS, to_datetime, to_ms

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
SERIES = "INSERT INTO series SELECT device_id, :metric FROM devices WHERE kind = :kind AND valid_to IS NULL"
READINGS = """INSERT INTO readings
    SELECT s.device_id, s.metric, t, 40 + 30 * sin(hashtext(s.device_id || s.metric) % 100 + extract(epoch FROM t) / 9000), NULL, 'good',
        t + interval '400 ms', NULL
    FROM series s JOIN devices d ON d.device_id = s.device_id AND d.valid_to IS NULL,
        generate_series(CAST(:since AS timestamptz) + hashtext(s.device_id) % 60 * interval '1 s', CAST(:until AS timestamptz),
            greatest(60, coalesce(d.interval_s, 600)) * interval '1 s') AS t
    WHERE s.metric <> :position AND t >= :since AND t < :until"""
MINUTES = """INSERT INTO readings_1m SELECT device_id, metric, date_trunc('minute', at), count(*), sum(value), min(value), max(value),
    max(value) FROM readings WHERE at >= :since AND at < :until GROUP BY 1, 2, 3"""
HOURS = """INSERT INTO readings_1h SELECT device_id, metric, date_trunc('hour', at), sum(n), sum(sum), min(min), max(max), max(last)
    FROM readings_1m WHERE at >= :since AND at < :until GROUP BY 1, 2, 3"""
POSITIONS = """INSERT INTO positions SELECT d.device_id, t, 113.75 + 0.1 * sin(n + extract(epoch FROM t) / 3000),
        22.95 + 0.1 * cos(n + extract(epoch FROM t) / 3000), 9, 90, t
    FROM (SELECT device_id, row_number() OVER () AS n FROM devices WHERE kind = 'vehicle' AND valid_to IS NULL) AS d,
        generate_series(CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 s', interval '10 s') AS t"""
PRESENCE = """INSERT INTO presence_changes SELECT device_id, CAST(:since AS timestamptz) + n * interval '1 hour', n % 2 = 0
    FROM devices, generate_series(0, hashtext(device_id) % 3 * 2 + 4) AS n WHERE valid_to IS NULL"""
ALARMS = """INSERT INTO alarms SELECT gen_random_uuid(), '441900', 'A-' || n, 'standing_water', d.device_id, 'water_depth', d.region,
        d.department, (ARRAY['critical', 'major', 'minor', 'warning'])[1 + n % 4], CASE WHEN n % 9 = 0 THEN 'active' ELSE 'cleared' END,
        raised, CASE WHEN n % 9 = 0 THEN NULL ELSE raised + interval '20 minutes' END, 0.4, 0.15,
        raised + interval '5 minutes', 'officer', raised
    FROM generate_series(0, :alarms - 1) AS n
    JOIN (SELECT row_number() OVER () - 1 AS k, count(*) OVER () AS many, * FROM devices
        WHERE kind = 'standing_water' AND valid_to IS NULL) AS d ON d.k = n % d.many,
    LATERAL (SELECT CAST(:since AS timestamptz) + n * interval '24 hours' / :alarms AS raised) AS r"""
TRANSITIONS = """INSERT INTO alarm_transitions (transition_id, alarm_id, kind, at, recorded_at, actor, value)
    SELECT gen_random_uuid(), alarm_id, kind, at, at, 'ingest', 0.4 FROM alarms, LATERAL (VALUES
        ('raised', raised_at), ('cleared', cleared_at), ('acknowledged', acknowledged_at)) AS t (kind, at) WHERE at IS NOT NULL"""
OFFICER = Actor("officer", frozenset({"duty_officer"}))


def fill(engine: Engine, redis_url: str, hours: int, alarms: int = 2_000, incidents: int = 150) -> int:
    """Fill an empty database with the `hours` before now; the end of them (epoch ms), also of one that an earlier run has filled."""
    with engine.connect() as tx:
        newest = tx.execute(text("SELECT max(at) FROM readings_1h")).scalar()
    if newest is not None:
        return to_ms(newest) + HOUR_MS
    until = time.time_ns() // 1_000_000 // HOUR_MS * HOUR_MS
    since = until - hours * HOUR_MS
    _register(engine, since - DAY_MS)
    Partitions(engine).ensure(range(since // DAY_MS - 1, until // DAY_MS + 2))
    for start in range(since, until, HOUR_MS):
        span = {"since": to_datetime(start), "until": to_datetime(start + HOUR_MS)}
        with engine.begin() as tx:
            for statement in (READINGS, MINUTES, HOURS, POSITIONS):
                tx.execute(text(statement), {**span, "position": POSITION})
    with engine.begin() as tx:
        for statement in (PRESENCE, ALARMS, TRANSITIONS):
            tx.execute(text(statement), {"since": to_datetime(since), "alarms": alarms})
    _report(engine, redis_url, since, until, incidents)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("VACUUM ANALYZE"))
    return until


def _register(engine: Engine, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        load(engine, build_demo_pack(Path(folder) / "pack"), at)
    with engine.begin() as tx:
        for code, kind in load_kinds().items():
            for metric in kind.metrics or (POSITION,):
                tx.execute(text(SERIES), {"metric": metric, "kind": code})


def _report(engine: Engine, redis_url: str, since: int, until: int, many: int) -> None:
    """Incidents told over the day."""
    with tempfile.TemporaryDirectory() as folder:
        desk = build_incidents(engine, redis_url, Path(folder)).desk
        for n in range(many):
            place = {"lon": 113.6 + n % 40 * 0.008, "lat": 22.9 + n % 13 * 0.01}
            said = {"title": f"路口 {n} 积水", "source": "hotline", "class_code": "standing_water", "place": place}
            desk.report(OFFICER, said, since + n * (until - since) // many)
