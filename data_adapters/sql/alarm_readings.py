"""The readings and places that rules look at again: per span a walk along the primary key to either side."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from domain.alarm_rules import POSITION, Row
from services.alarm_store import Span


def _walk(table: str, columns: str, key: str) -> str:
    since = "(timestamptz 'epoch' + span.since * interval '1 millisecond')"
    return f"""
    SELECT span.i, (extract(epoch FROM found.at) * 1000)::bigint, {columns}, found.later
    FROM unnest(CAST(:devices AS text[]), CAST(:metrics AS text[]), CAST(:since AS bigint[]), CAST(:before AS bigint[]),
        CAST(:after AS bigint[])) WITH ORDINALITY AS span (device_id, metric, since, before, after, i)
    CROSS JOIN LATERAL (
        (SELECT at, {columns}, false AS later FROM {table} WHERE {key} AND at < {since} ORDER BY at DESC LIMIT span.before)
        UNION ALL
        (SELECT at, {columns}, true AS later FROM {table} WHERE {key} AND at >= {since} ORDER BY at LIMIT span.after)
    ) AS found
    ORDER BY span.i, found.at"""


READINGS = _walk("readings", "value, text_value", "device_id = span.device_id AND metric = span.metric")
PLACES = _walk("positions", "lon, lat", "device_id = span.device_id")


def read_spans(tx: Connection, spans: Sequence[Span]) -> list[tuple[list[Row], list[Row]]]:
    """For each span the rows before and from its `since`. One query for all readings, one more where places are asked for."""
    found: list[tuple[list[Row], list[Row]]] = [([], []) for _ in spans]
    readings = [i for i, span in enumerate(spans) if span.series.metric != POSITION]
    places = [i for i, span in enumerate(spans) if span.series.metric == POSITION]
    for i, at, value, said, later in _rows(tx, READINGS, spans, readings):
        found[i][later].append(Row(at, value, said))
    for i, at, lon, lat, later in _rows(tx, PLACES, spans, places):
        found[i][later].append(Row(at, None, (lon, lat)))
    return found


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
