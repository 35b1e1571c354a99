"""Calls of dispatch centres out of what feeds stated: the CallStore port of services/neighbour_calls.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text

from domain.event_time import to_datetime
from services.neighbour_calls import NeighbourCall

AT_MOST = 300
CLOSED = "closed"
OPEN = f"""SELECT feed, facts, (extract(epoch FROM at) * 1000)::bigint AS at, lon, lat FROM (
        SELECT DISTINCT ON (feed, facts->>'number') feed, facts, at, lon, lat, seq FROM feed_events
        WHERE kind = 'call' AND at > :since ORDER BY feed, facts->>'number', at DESC, seq DESC) AS last
    WHERE facts->>'status' <> '{CLOSED}' ORDER BY at DESC, seq DESC LIMIT {AT_MOST}"""
TAKEN = """SELECT DISTINCT ON (e.request_id) e.request_id, i.incident_id::text, i.number
    FROM incident_events e JOIN incidents i USING (incident_id)
    WHERE e.request_id LIKE 'call:%' AND e.request_id = ANY(:references) ORDER BY e.request_id, e.recorded_at"""


class CallRepository:
    """The real CallStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, since: int) -> Sequence[NeighbourCall]:
        """See CallStore."""
        with self._engine.connect() as tx:
            return [_call(row) for row in tx.execute(text(OPEN), {"since": to_datetime(since)})]

    def taken(self, references: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """See CallStore."""
        if not references:
            return {}
        with self._engine.connect() as tx:
            rows = tx.execute(text(TAKEN), {"references": list(references)})
            return {reference: (incident_id, number) for reference, incident_id, number in rows}


def _call(row: Any) -> NeighbourCall:
    """Of the facts only what has the form that is expected; the rest is another feed's own."""
    facts = row.facts
    number, name, kind, address = (facts[key] if isinstance(facts.get(key), str) else "" for key in ("number", "name", "type", "address"))
    units = facts.get("units") if isinstance(facts.get("units"), list) else []
    started = facts.get("started_at")
    return NeighbourCall(
        row.feed,
        number,
        name,
        kind,
        address,
        tuple(one for one in units if isinstance(one, str)),
        started if isinstance(started, int) else row.at,
        row.at,
        row.lon,
        row.lat,
        facts.get("exercise") is True,
    )
