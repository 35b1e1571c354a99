"""1-minute and 1-hour roll-ups, made again for every span that new readings touched, however late they came.

A batch marks what it touched in its own transaction; `roll_up` takes the marks it sees and makes those spans anew from the
readings, in one transaction too. A mark made meanwhile stays for the next round. Only good values of a number count.

Of a day that retention has touched (`forgotten_days`) the readings are no longer all there. A late one for a minute that was rolled up
before then is stored, and the roll-up stays as it is: made anew it would be of that one alone. Adding it in would be no better: the
same reading sent again after its first was forgotten, as a table that is replayed once more, would count twice. A minute of such a day
that had no roll-up gets one, and is made again (`fresh_rollups` knows it) until more of that day is forgotten; replayed devices keep
their readings, so theirs always are.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, Engine, TextClause, text

from data_adapters.sql.partitions import Partitions
from domain.event_time import DAY_MS, to_datetime, to_ms
from domain.messages import Quality, Reading

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
RECENT_MS = 10 * MINUTE_MS
"""Minutes this young are made again for all devices at once; older ones for the devices that were late."""
LATE_MS = 3 * HOUR_MS
"""Hours older than this that are made again are marked for the indicators that are made of them."""
GRAINS = {"1m": ("readings", MINUTE_MS), "1h": ("readings_1m", HOUR_MS)}

MARK = """INSERT INTO rollup_marks (grain, at, devices) SELECT '1m', 'epoch'::timestamptz + m.at * interval '1 ms', NULL
    FROM unnest(CAST(:at AS bigint[])) AS m(at)"""
MARK_LATE = """INSERT INTO rollup_marks (grain, at, devices)
    SELECT '1m', 'epoch'::timestamptz + m.at * interval '1 ms', array_agg(m.device_id ORDER BY m.device_id)
    FROM unnest(CAST(:at AS bigint[]), CAST(:device_id AS text[])) AS m(at, device_id) GROUP BY m.at ORDER BY m.at"""
TAKE = """DELETE FROM rollup_marks WHERE id IN (SELECT id FROM rollup_marks WHERE grain = :grain AND at < :before ORDER BY at LIMIT :most)
    RETURNING at, devices"""
MAKE_1M = """INSERT INTO readings_1m AS t (device_id, metric, at, n, sum, min, max, last)
    SELECT device_id, metric, CAST(:start AS timestamptz), count(*), sum(value ORDER BY at), min(value), max(value),
        (array_agg(value ORDER BY at DESC))[1]
    FROM readings WHERE at >= :start AND at < CAST(:start AS timestamptz) + interval '1 minute' AND value IS NOT NULL AND quality = 'good'
      AND (CAST(:devices AS text[]) IS NULL OR device_id = ANY(CAST(:devices AS text[])))
    GROUP BY device_id, metric
    ON CONFLICT (device_id, metric, at) DO UPDATE
        SET n = excluded.n, sum = excluded.sum, min = excluded.min, max = excluded.max, last = excluded.last"""
REST_1M = f"""{MAKE_1M} WHERE EXISTS (SELECT FROM fresh_rollups f WHERE (f.device_id, f.metric, f.at) = (t.device_id, t.metric, t.at))
        OR t.device_id IN (SELECT device_id FROM devices WHERE replay AND valid_to IS NULL)
    RETURNING device_id, metric, at"""
MAKE_FORGOTTEN_1M = f"WITH made AS ({REST_1M}) INSERT INTO fresh_rollups (device_id, metric, at) SELECT * FROM made ON CONFLICT DO NOTHING"
FORGOTTEN = "SELECT day FROM forgotten_days WHERE day = ANY(CAST(:days AS date[]))"
MAKE_1H = """INSERT INTO readings_1h AS t (device_id, metric, at, n, sum, min, max, last)
    SELECT device_id, metric, CAST(:start AS timestamptz), sum(n), sum(sum ORDER BY at), min(min), max(max),
        (array_agg(last ORDER BY at DESC))[1]
    FROM readings_1m WHERE at >= :start AND at < CAST(:start AS timestamptz) + interval '1 hour'
      AND (CAST(:devices AS text[]) IS NULL OR device_id = ANY(CAST(:devices AS text[])))
    GROUP BY device_id, metric
    ON CONFLICT (device_id, metric, at) DO UPDATE
        SET n = excluded.n, sum = excluded.sum, min = excluded.min, max = excluded.max, last = excluded.last"""
LATE_HOURS = "INSERT INTO indicator_marks (at) SELECT unnest(CAST(:at AS timestamptz[]))"
MARK_1H = "INSERT INTO rollup_marks (grain, at, devices) VALUES ('1h', :at, :devices)"


def mark(tx: Connection, readings: Iterable[Reading], now: int) -> None:
    """Note which minutes must be rolled up again."""
    recent: set[int] = set()
    late: set[tuple[int, str]] = set()
    for reading in readings:
        if reading.value is None or reading.quality != Quality.GOOD:
            continue
        minute = reading.at // MINUTE_MS * MINUTE_MS
        if now - minute <= RECENT_MS:
            recent.add(minute)
        else:
            late.add((minute, reading.device_id))
    if recent:
        tx.execute(text(MARK), {"at": sorted(recent)})
    if late:
        tx.execute(text(MARK_LATE), {"at": [at for at, _ in late], "device_id": [device_id for _, device_id in late]})


def roll_up(engine: Engine, partitions: Partitions, grain: str, before: int, most: int = 2000) -> int:
    """Take up to `most` marks of `grain` (1m or 1h) for spans that begin before `before`, and make those spans again.

    Returns how many marks were taken. jobs.py passes the begin of the running minute: a minute is summed up when it is over.
    """
    with engine.begin() as tx:
        marks = list(tx.execute(text(TAKE), {"grain": grain, "most": most, "before": to_datetime(before)}))
        spans = _merge((to_ms(at), devices) for at, devices in marks)
        partitions.ensure({at // DAY_MS for at in spans})
        make = _makers(tx, grain, spans)
        hours: list[tuple[int, list[str] | None]] = []
        for at, devices in spans.items():
            tx.execute(make(at), {"start": to_datetime(at), "devices": devices})
            hours.append((at // HOUR_MS * HOUR_MS, devices))
        if grain == "1h":
            tx.execute(text(LATE_HOURS), {"at": [to_datetime(at) for at in spans if at < before - LATE_MS]})
        if grain == "1m" and hours:
            tx.execute(text(MARK_1H), [{"at": to_datetime(at), "devices": devices} for at, devices in _merge(iter(hours)).items()])
    return len(marks)


def _makers(tx: Connection, grain: str, spans: Iterable[int]) -> Callable[[int], TextClause]:
    """The statement that makes the span which begins at a moment."""
    if grain == "1h":
        return lambda _: text(MAKE_1H)
    days = sorted({to_datetime(at).date() for at in spans})
    forgotten = set(tx.execute(text(FORGOTTEN), {"days": days}).scalars())
    return lambda at: text(MAKE_FORGOTTEN_1M if to_datetime(at).date() in forgotten else MAKE_1M)


def _merge(marks: Iterable[tuple[int, list[str] | None]]) -> dict[int, list[str] | None]:
    """One entry a span: every device named, or None for all of them."""
    spans: dict[int, set[str] | None] = {}
    for at, devices in marks:
        if devices is None or (at in spans and spans[at] is None):
            spans[at] = None
        else:
            held = spans.setdefault(at, set())
            assert held is not None
            held.update(devices)
    return {at: None if devices is None else sorted(devices) for at, devices in sorted(spans.items())}
