"""History: a device's last 24 hours and a town's 30-day trend, with `--rows` readings stored.

    python bench/bench_history.py [--quick] [--rows 10000000] [--keep DIR]

Readings of 5-minute devices over 30 days, with the 1-minute and 1-hour roll-ups that jobs.py would have made of them, filled by SQL;
with --keep the filled database stays in DIR, and the next run only asks.
Asked through services/history.py with an actor, each time another device or town. Beside it, as ratios: what a count over all raw
readings of the same device and of the same town's 30 days costs in SQL (the plain way, without roll-ups).
"""

import random
import time
from collections.abc import Callable

from common import REGIONS, engines, options, quantile, register, report
from sqlalchemy import Engine, text

from data_adapters.sql.database import make_engine
from data_adapters.sql.history_repository import HistoryRepository
from data_adapters.sql.partitions import Partitions
from data_adapters.sql.register_repository import RegisterRepository
from domain.access import Actor
from domain.event_time import DAY_MS, to_datetime, to_ms
from services.history import History
from services.register import Register

DAYS, STEP_S = 30, 300
TARGET_MS = {"device_24h": 50, "town_30d": 100}
FILL = """INSERT INTO readings SELECT 'd' || d, 'pm25', t, 40 + 30 * sin(d + extract(epoch FROM t) / 9000), NULL, 'good', t, NULL
    FROM generate_series(0, :devices - 1) AS d,
         generate_series(CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 ms', :step * interval '1 s') AS t"""
MINUTES = """INSERT INTO readings_1m SELECT device_id, metric, date_trunc('minute', at), 1, value, value, value, value
    FROM readings WHERE at >= :since AND at < :until"""
HOURS = """INSERT INTO readings_1h SELECT device_id, metric, date_trunc('hour', at), count(*), sum(sum), min(min), max(max), max(last)
    FROM readings_1m WHERE at >= :since AND at < :until GROUP BY 1, 2, 3"""
PLAIN = """SELECT date_trunc('hour', at), avg(value) FROM readings WHERE metric = 'pm25' AND at >= :since AND at < :until
    AND device_id IN (SELECT device_id FROM devices WHERE region = :region AND valid_to IS NULL) GROUP BY 1 ORDER BY 1"""


def fill(engine: Engine, devices: int, now: int) -> None:
    """Thirty days up to `now`, a day a transaction."""
    partitions, first = Partitions(engine), now - DAYS * DAY_MS
    partitions.ensure(range(first // DAY_MS, now // DAY_MS + 1))
    for day in range(DAYS):
        span = {"since": to_datetime(first + day * DAY_MS), "until": to_datetime(first + (day + 1) * DAY_MS)}
        with engine.begin() as tx:
            tx.execute(text(FILL), {**span, "devices": devices, "step": STEP_S})
            tx.execute(text(MINUTES), span)
            tx.execute(text(HOURS), span)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def filled(engine: Engine, devices: int) -> int:
    """Fill an empty database; returns the end (epoch ms) of what is stored now or was stored by an earlier run."""
    with engine.connect() as connection:
        newest = connection.execute(text("SELECT max(at) FROM readings_1h")).scalar()
    if newest is not None:
        return to_ms(newest) + 3_600_000
    now = int(time.time() * 1000) // 3_600_000 * 3_600_000
    register(engine, devices)
    fill(engine, devices, now)
    return now


def timed(ask: Callable[[], list[object]], turns: int) -> list[float]:
    """Milliseconds of each turn; every answer must hold something."""
    found = []
    for _ in range(turns):
        started = time.perf_counter()
        points = ask()
        found.append((time.perf_counter() - started) * 1000)
        if not points:
            raise RuntimeError("an answer was empty")
    return found


def plain(engine: Engine, region: str, span: dict[str, object]) -> list[object]:
    """A town's trend from the raw readings."""
    with engine.connect() as connection:
        return list(connection.execute(text(PLAIN), {**span, "region": region}))


def main() -> None:
    """Fill, then ask."""
    chosen = options(__doc__ or "", rows=10_000_000, keep="")
    rows = 300_000 if chosen.quick else chosen.rows
    devices = max(len(REGIONS), rows // (DAYS * 86_400 // STEP_S))
    dice, actor = random.Random(7), Actor("bench", frozenset({"operator"}))
    with engines({"database"}, chosen.keep) as urls:
        engine = make_engine(urls.database or "")
        started = time.monotonic()
        now = filled(engine, devices)
        filled_s = time.monotonic() - started
        history = History(HistoryRepository(engine), Register(RegisterRepository(engine)))
        span = {"since": to_datetime(now - DAYS * DAY_MS), "until": to_datetime(now)}

        def device() -> list[object]:
            return list(history.device(actor, f"d{dice.randrange(devices)}", "pm25", now - DAY_MS, now))

        def town() -> list[object]:
            return list(history.region_trend(actor, dice.choice(REGIONS), "pm25", now - DAYS * DAY_MS, now))

        first = timed(device, 1) + timed(town, 1)
        turns = 20 if chosen.quick else 200
        found = {"device_24h": timed(device, turns), "town_30d": timed(town, turns)}
        raw = timed(lambda: plain(engine, dice.choice(REGIONS), span), 3 if chosen.quick else 10)
        engine.dispose()
    p95 = {name: quantile(times, 0.95) for name, times in found.items()}
    report(
        "history",
        rows=devices * DAYS * 86_400 // STEP_S,
        devices=devices,
        filled_s=round(filled_s),
        first_ms=[round(one, 1) for one in first],
        **{f"{name}_p95_ms": round(one, 1) for name, one in p95.items()},
        **{f"{name}_median_ms": round(quantile(times, 0.5), 1) for name, times in found.items()},
        town_30d_raw_median_ms=round(quantile(raw, 0.5), 1),
        town_raw_to_rolled=round(quantile(raw, 0.5) / quantile(found["town_30d"], 0.5), 1),
        target_ms=TARGET_MS,
        met=all(p95[name] <= TARGET_MS[name] for name in TARGET_MS),
    )


if __name__ == "__main__":
    main()
