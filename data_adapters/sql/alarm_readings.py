"""The readings and places that rules look at again: per span a walk along the primary key to either side."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from domain.alarm_rules import POSITION, Row, place_row
from domain.alarm_statements import STATED, VIDEO_ALARM
from domain.event_time import to_datetime
from services.alarm_store import Span
from services.ports import Series

NO_READINGS = (POSITION, STATED)


def _walk(table: str, columns: str, key: str, names: str = "", group: str = "") -> str:
    names = names or columns
    since = "(timestamptz 'epoch' + span.since * interval '1 millisecond')"
    return f"""
    SELECT span.i, (extract(epoch FROM found.at) * 1000)::bigint, {names}, found.later
    FROM unnest(CAST(:devices AS text[]), CAST(:metrics AS text[]), CAST(:since AS bigint[]), CAST(:before AS bigint[]),
        CAST(:after AS bigint[])) WITH ORDINALITY AS span (device_id, metric, since, before, after, i)
    CROSS JOIN LATERAL (
        (SELECT at, {columns}, false AS later FROM {table} WHERE {key} AND at < {since} {group} ORDER BY at DESC LIMIT span.before)
        UNION ALL
        (SELECT at, {columns}, true AS later FROM {table} WHERE {key} AND at >= {since} {group} ORDER BY at LIMIT span.after)
    ) AS found
    ORDER BY span.i, found.at"""


READINGS = _walk("readings", "value, text_value", "device_id = span.device_id AND metric = span.metric")
PLACES = _walk("positions", "lon, lat, speed", "device_id = span.device_id")
SAID = """jsonb_agg(DISTINCT jsonb_build_array(facts->>'phase', coalesce(facts->'priority', '0'), coalesce(facts->>'subject', '')))
    AS said"""
OF_TYPE = f"kind = '{VIDEO_ALARM}' AND device_id = span.device_id AND facts->>'type' = substr(span.metric, {len(STATED) + 1})"
STATEMENTS = _walk("feed_events", SAID, OF_TYPE, "said", "GROUP BY at")
LATELY = f"""
    SELECT DISTINCT device_id, '{STATED}' || (facts->>'type') FROM feed_events
    WHERE kind = '{VIDEO_ALARM}' AND device_id = ANY(CAST(:devices AS text[])) AND at >= :since
    UNION SELECT device_id, metric FROM alarms
    WHERE state = 'active' AND device_id = ANY(CAST(:devices AS text[])) AND starts_with(metric, '{STATED}')"""


def read_spans(tx: Connection, spans: Sequence[Span]) -> list[tuple[list[Row], list[Row]]]:
    """For each span the rows before and from its `since`. One query for all readings, one more where places are asked for,
    one where statements are."""
    found: list[tuple[list[Row], list[Row]]] = [([], []) for _ in spans]
    readings = [i for i, span in enumerate(spans) if not span.series.metric.startswith(NO_READINGS)]
    places = [i for i, span in enumerate(spans) if span.series.metric == POSITION]
    for i, at, value, said, later in _rows(tx, READINGS, spans, readings):
        found[i][later].append(Row(at, value, said))
    for i, at, lon, lat, speed, later in _rows(tx, PLACES, spans, places):
        found[i][later].append(place_row(at, lon, lat, speed))
    stated = [i for i, span in enumerate(spans) if span.series.metric.startswith(STATED)]
    for i, at, said, later in _rows(tx, STATEMENTS, spans, stated):
        found[i][later].append(Row(at, None, tuple(sorted((phase, int(priority), subject) for phase, priority, subject in said))))
    return found


def stated_lately(tx: Connection, device_ids: Sequence[str], since: int) -> list[Series]:
    """The series of video alarms with an active alarm, or a statement later than `since`."""
    return [Series(*row) for row in tx.execute(text(LATELY), {"devices": list(device_ids), "since": to_datetime(since)})]


def _rows(tx: Connection, query: str, spans: Sequence[Span], chosen: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    if not chosen:
        return []
    values = {
        "devices": [spans[i].series.device_id for i in chosen],
        "metrics": [spans[i].series.metric for i in chosen],
        "since": [spans[i].since for i in chosen],
        "before": [spans[i].before for i in chosen],
        "after": [spans[i].after for i in chosen],
    }
    return ((chosen[nth - 1], *rest) for nth, *rest in tx.execute(text(query), values))
