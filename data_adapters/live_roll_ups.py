"""The city's own roll-ups as rows by the hour (domain/live_roll_ups.py): the library `live` beside the topic libraries, read-only too."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text

from data_adapters.sql.duty_repository import DutyRepository
from domain.duty import DutyRules, gaps
from domain.event_time import to_datetime, to_ms
from domain.indicators import LIVE
from domain.live_roll_ups import ROLL_UPS
from services.alarm_incidents import BlindSpot
from services.ports import Clock
from services.topic_ports import Answer, Libraries, QueryRefused, TopicRow, Value

HOUR_MS = 3_600_000
TAKEN_IN_MIN = 5
LISTENED = """listened AS (SELECT DISTINCT date_trunc('hour', minute) AS at FROM feed_minutes WHERE minute >= :since AND minute < :until),
    places AS (SELECT code AS region FROM regions WHERE valid_to IS NULL AND level IN ('town', 'district', 'city'))"""
"""The hours in which the city heard anything, and the places that have a row of zeros in each."""
READINGS = """SELECT r.at, d.region, r.device_id AS device, r.sum / r.n AS mean, r.min AS low, r.max AS high, r.last, r.n
    FROM devices d JOIN readings_1h r ON r.device_id = d.device_id AND r.metric = :metric
    WHERE d.kind = :kind AND d.valid_to IS NULL AND d.status = 'adopted' AND r.at >= :since AND r.at < :until"""
INCIDENTS = f"""WITH {LISTENED}, there AS (SELECT date_trunc('hour', reported_at) AS at, region, urgency FROM incidents
        WHERE NOT exercise AND reported_at >= :since AND reported_at < :until)
    SELECT at, region, count(urgency) AS reported, count(urgency) FILTER (WHERE urgency = 'critical') AS critical
    FROM (SELECT at, region, urgency FROM there
          UNION ALL SELECT at, region, NULL FROM listened CROSS JOIN places) one GROUP BY at, region"""
ENDED = f"""WITH {LISTENED}, there AS (SELECT date_trunc('hour', ended_at) AS at, region, returns,
        due_at IS NULL OR ended_at <= due_at AS timely, extract(epoch FROM ended_at - reported_at) / 60 AS minutes
        FROM incidents WHERE NOT exercise AND NOT carried AND ended_at >= :since AND ended_at < :until)
    SELECT at, region, count(timely) AS ended, count(timely) FILTER (WHERE timely) AS on_time,
        coalesce(sum(minutes), 0)::float8 AS minutes, coalesce(sum(returns), 0)::bigint AS returns
    FROM (SELECT at, region, timely, minutes, returns FROM there
          UNION ALL SELECT at, region, NULL, NULL, NULL FROM listened CROSS JOIN places) one GROUP BY at, region"""
ALARMS = f"""WITH {LISTENED}, there AS (SELECT date_trunc('hour', raised_at) AS at, region, severity, false_at IS NOT NULL AS untrue,
        acknowledged_at <= raised_at + interval '{TAKEN_IN_MIN} minutes' AS taken
        FROM alarms WHERE state <> 'withdrawn' AND silence_id IS NULL AND raised_at >= :since AND raised_at < :until)
    SELECT at, region, count(severity) AS raised, count(severity) FILTER (WHERE severity = 'critical') AS critical,
        count(severity) FILTER (WHERE untrue) AS untrue, count(severity) FILTER (WHERE taken) AS taken
    FROM (SELECT at, region, severity, untrue, taken FROM there
          UNION ALL SELECT at, region, NULL, NULL, NULL FROM listened CROSS JOIN places) one GROUP BY at, region"""
DEVICES = """WITH hours AS (SELECT DISTINCT date_trunc('hour', minute) AS at FROM feed_minutes WHERE minute >= :since AND minute < :until)
    SELECT h.at, d.region, count(*) AS registered, count(*) FILTER (WHERE EXISTS
        (SELECT FROM readings_1h r WHERE r.device_id = d.device_id AND r.at = h.at)) AS heard
    FROM hours h JOIN devices d ON d.status = 'adopted' AND d.interval_s <= 3600 AND d.kind <> 'vehicle'
        AND d.valid_from <= h.at AND (d.valid_to IS NULL OR d.valid_to > h.at) GROUP BY h.at, d.region"""
FEEDS = """SELECT date_trunc('hour', minute) AS at, feed, sum(stored + duplicate + rejected)::bigint AS said, sum(stored)::bigint AS stored,
        sum(rejected)::bigint AS rejected, sum(due)::bigint AS due,
        least(sum(reports), sum(due))::bigint AS reports, sum(suspect)::bigint AS suspect
    FROM feed_minutes WHERE minute >= :since AND minute < :until GROUP BY 1, 2"""
STANDINGS = """SELECT h.at, s.thing, sum(extract(epoch FROM p.upper - p.lower) * (s.state = 'up')::int)::float8 AS up_s,
        sum(extract(epoch FROM p.upper - p.lower) * (s.state <> 'unknown')::int)::float8 AS known_s
    FROM generate_series(CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 hour', interval '1 hour') AS h(at)
    JOIN standings s ON s.kind = :kind AND s.since < h.at + interval '1 hour' AND (s.until IS NULL OR s.until > h.at)
    JOIN watch_spans w ON w.kind = s.kind AND w.from_at < h.at + interval '1 hour' AND w.to_at > h.at
    CROSS JOIN LATERAL (SELECT greatest(h.at, s.since, w.from_at) AS lower,
        least(h.at + interval '1 hour', coalesce(s.until, 'infinity'), w.to_at) AS upper) p
    WHERE p.upper > p.lower GROUP BY h.at, s.thing"""
STATEMENTS: Mapping[str, str] = {
    "readings": READINGS, "incidents": INCIDENTS, "incidents_ended": ENDED, "alarms": ALARMS,
    "devices": DEVICES, "feeds": FEEDS, "standings": STANDINGS,
}  # fmt: skip
"""The roll-ups that one statement gives."""
FIRST_SHIFT = text("SELECT min(starts) FROM duty_shifts")
TIMEOUT = text("SET LOCAL statement_timeout = '20s'")


class LiveRollUps:
    """The city itself, asked like a topic library."""

    def __init__(
        self,
        engine: Engine,
        duty: DutyRules,
        seen: Callable[[int], Sequence[BlindSpot]],
        reported: Callable[[int], Sequence[BlindSpot]],
        clock: Clock,
    ) -> None:
        """`seen(since)` the blind spots since then, `reported(since)` all reports that a device could have seen."""
        self._engine, self._duty, self._seen, self._reported, self._clock = engine, duty, seen, reported, clock
        self._rosters = DutyRepository(engine)

    def ask(self, query: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """As services/topic_ports.py, TopicLibrary; `since` and `until` are whole hours. Raises QueryRefused."""
        given = dict(parameters or {})
        since, until = int(given.pop("since", 0) or 0), int(given.pop("until", 0) or self._clock())
        if query not in ROLL_UPS or set(given) != set(ROLL_UPS[query].parameters):
            raise QueryRefused(f"{LIVE} has no roll-up {query!r} with {', '.join(given) or 'no parameters'}")
        began = self._clock()
        rows = OWN[query](self, since, until) if query in OWN else self._select(STATEMENTS[query], since, until, given)
        return Answer(LIVE, query, rows, began, self._clock() - began)

    def _select(self, statement: str, since: int, until: int, given: Mapping[str, Value]) -> list[TopicRow]:
        values: dict[str, Any] = {"since": to_datetime(since), "until": to_datetime(until), **given}
        with self._engine.connect() as tx:
            tx.execute(TIMEOUT)
            rows = tx.execute(text(statement), values).mappings().all()
        return [TopicRow(to_ms(row["at"]), {name: held for name, held in row.items() if name != "at"}) for row in rows]

    def cover(self, since: int, until: int) -> list[TopicRow]:
        """Person-hours owed and covered at the center's posts, by the roster as it is; nothing of before there was any."""
        shifts, found = self._rosters.shifts(since, until), []
        with self._engine.connect() as tx:
            first = tx.execute(FIRST_SHIFT).scalar_one_or_none()
        for at in range(since, until if shifts else since, HOUR_MS):
            if first is None or at < to_ms(first):
                continue
            short = gaps(shifts, self._duty.owed, at, at + HOUR_MS)
            for post, owed in self._duty.owed.items():
                missing = sum((gap.owed - gap.there) * (gap.ends - gap.starts) for gap in short if gap.post == post) / HOUR_MS
                found.append(TopicRow(at, {"post": post, "owed_h": float(owed), "covered_h": owed - missing}))
        return found

    def blind(self, since: int, until: int) -> list[TopicRow]:
        """Reports that a device could have seen, and those that none did, by hour and place."""
        missed = {one.incident_id for one in self._seen(since)}
        return [
            TopicRow(one.reported_at // HOUR_MS * HOUR_MS, {"region": one.region, "reported": 1, "blind": int(one.incident_id in missed)})
            for one in self._reported(since)
            if since <= one.reported_at < until
        ]


OWN: Mapping[str, Callable[[LiveRollUps, int, int], list[TopicRow]]] = {"duty": LiveRollUps.cover, "blind_spots": LiveRollUps.blind}
"""The roll-ups that rules of the city give."""


class Sources:
    """The Libraries port with the city itself as one of them."""

    def __init__(self, live: LiveRollUps, libraries: Libraries) -> None:
        self._live, self._libraries = live, libraries

    def ask(self, library: str, query: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """As the port says."""
        return self._live.ask(query, parameters) if library == LIVE else self._libraries.ask(library, query, parameters)
