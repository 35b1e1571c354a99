"""Lists of incidents: searched, filtered, sorted and paged in PostgreSQL, within a scope."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, text

from data_adapters.sql.incident_rows import ROW, read_row
from data_adapters.sql.nearby import IN_BOX, box, within
from domain.event_time import to_datetime, to_ms
from domain.incident_fold import fold
from domain.incident_life import Event, Incident
from domain.incident_states import SAID_DONE
from services.incident_ports import Query, Row, Scoped

EVENT = "version, kind, deed, at, recorded_at, actor, data"
SORTS = {
    "reported_at": "reported_at", "changed_at": "changed_at", "due_at": "due_at", "number": "number", "title": "title", "state": "state",
    "urgency": "array_position(ARRAY['critical','urgent','normal'], urgency)",
    "grade": "array_position(ARRAY['I','II','III','IV','ungraded'], grade)",
    "region": "region", "lead": "lead", "class_code": "class_code", "spine": "spine", "source": "source",
}  # fmt: skip
"""What lists may be sorted by; a minus before it turns the order round."""
NULLABLE = frozenset({"due_at"})
"""Sorts that put what has no value last; the others keep the order of their index."""
CONDITIONS = {
    "scope_regions": "region = ANY(:scope_regions)",
    "scope_departments": "(departments && :scope_departments OR lead = ANY(:scope_departments))",
    "text": "searched LIKE lower(:like)",
    "pairs": "incident_pairs(searched) @> CAST(:pairs AS text[])",
    "spine": "spine = :spine",
    "states": "state = ANY(:states)",
    "steps": "spine || '.' || state = ANY(:steps)",
    "open": "open = :open",
    "classes": "class_code = ANY(:classes)",
    "department": "(lead = :department OR departments @> ARRAY[CAST(:department AS text)])",
    "urgency": "urgency = :urgency",
    "grade": "grade = :grade",
    "overdue": "open AND NOT paused AND due_at < :now",
    "near_due": "open AND NOT paused AND near_at <= :now AND due_at >= :now",
    "supervised": "supervised",
    "proposed": "cardinality(proposals) > 0",
    "contradicted": """open AND state = ANY(:said_done) AND EXISTS (
        SELECT FROM alarms a WHERE a.alarm_id = ANY(incidents.alarms) AND a.state = 'active' AND a.false_at IS NULL)""",
    "source": "source = :source",
    "since": "reported_at >= :since",
    "until": "reported_at < :until",
    "regions": "region = ANY(:regions)",
}
IN_SCOPE = """(CAST(:scope_regions AS text[]) IS NULL OR region = ANY(:scope_regions))
    AND (CAST(:scope_departments AS text[]) IS NULL OR departments && :scope_departments OR lead = ANY(:scope_departments))"""
BY_PAIRS = text("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
"""For what nearly every incident says, the planner would rather make the pairs of all rows anew than read their index."""
FOUND = """
    WITH said AS MATERIALIZED (SELECT incident_id, number, title, spine, state, open, class_code, region, lead, departments, urgency, grade,
            source, reported_at, changed_at, due_at, near_at, paused, supervised, proposals, alarms
        FROM incidents WHERE incident_pairs(searched) @> CAST(:pairs AS text[]) AND searched LIKE lower(:like)),
    found AS MATERIALIZED (SELECT incident_id, {sort} FROM said AS incidents WHERE {where})
    SELECT ARRAY(SELECT incident_id FROM found ORDER BY {order} LIMIT :limit OFFSET :offset), (SELECT count(*) FROM found)"""
NEAR = text(f"""
    SELECT {ROW} FROM incidents WHERE open AND reported_at >= :since AND {IN_BOX} AND {IN_SCOPE} LIMIT 500""")
PAST = text(f"""
    SELECT i.incident_id::text, i.number, {", ".join("e." + name for name in EVENT.split(", "))} FROM incidents i
    JOIN incident_events e USING (incident_id)
    WHERE i.incident_id IN (SELECT incident_id FROM incident_events WHERE version = 1 AND recorded_at <= :at)
        AND (i.open OR i.recorded_at > :at) AND e.recorded_at <= :at ORDER BY i.incident_id, e.version""")


BETWEEN = text(f"""
    SELECT i.incident_id::text, i.number, {", ".join("e." + name for name in EVENT.split(", "))} FROM incidents i
    JOIN incident_events e USING (incident_id)
    WHERE i.reported_at >= :since AND i.reported_at < :until ORDER BY i.incident_id, e.version""")


class IncidentLists:
    """The reading side of IncidentStore."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine

    def search(self, scoped: Scoped, query: Query, now: int) -> tuple[list[Row], int]:
        values = {**_scope(scoped), **_values(query, now)}
        asked = {name: condition for name, condition in CONDITIONS.items() if _asked(name, values.get(name))}
        down, name = query.sort.startswith("-"), query.sort.removeprefix("-")
        way, last = "DESC" if down else "ASC", " NULLS LAST" if name in NULLABLE else ""
        order = f"{SORTS.get(name, 'reported_at')} {way}{last}, incident_id {way}"
        if asked.pop("pairs", None):
            asked.pop("text")
        where = " AND ".join(asked.values()) or "true"
        if values["pairs"]:
            return self._said(f"{SORTS.get(name, 'reported_at')} AS sorted", f"sorted {way}{last}, incident_id {way}", where, values)
        page = text(f"SELECT {ROW} FROM incidents WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset")
        with self._reader.connect() as tx:
            rows = [read_row(row) for row in tx.execute(page, values)]
            counted = tx.execute(text(f"SELECT count(*) FROM incidents WHERE {where}"), values).scalar_one()
        return rows, int(counted)

    def _said(self, sort: str, order: str, where: str, values: dict[str, Any]) -> tuple[list[Row], int]:
        """What a text is found in: one pass over its pairs of letters gives the number and the page's ids, a second the rows."""
        with self._reader.connect() as tx:
            tx.execute(BY_PAIRS)
            ids, counted = tx.execute(text(FOUND.format(sort=sort, order=order, where=where)), values).one()
            rows = {
                row[0]: read_row(row)
                for row in tx.execute(text(f"SELECT {ROW} FROM incidents WHERE incident_id = ANY(:ids)"), {"ids": ids})
            }
        return [rows[str(one)] for one in ids if str(one) in rows], int(counted)

    def past(self, scoped: Scoped, at: int) -> list[Incident]:
        with self._reader.connect() as tx:
            rows = list(tx.execute(PAST, {"at": to_datetime(at)}))
        return [incident for incident in _folded(rows) if incident.open and _covers(scoped, incident)]

    def between(self, scoped: Scoped, since: int, until: int) -> list[Incident]:
        with self._reader.connect() as tx:
            rows = list(tx.execute(BETWEEN, {"since": to_datetime(since), "until": to_datetime(until)}))
        return [incident for incident in _folded(rows) if _covers(scoped, incident)]

    def near(self, scoped: Scoped, lon: float, lat: float, metres: float, since: int, limit: int) -> list[tuple[Row, float]]:
        values = {**box(lon, lat, metres), "since": to_datetime(since), **_scope(scoped)}
        with self._reader.connect() as tx:
            rows = [read_row(row) for row in tx.execute(NEAR, values)]
        return within(rows, lon, lat, metres)[:limit]


def _folded(rows: Sequence[Any]) -> list[Incident]:
    """Incidents from rows of incident_id, number and an event's columns, in the order of both."""
    return [fold(key[0], key[1], (event_of(row[2:]) for row in group)) for key, group in groupby(rows, lambda row: (row[0], row[1]))]


def _asked(name: str, value: Any) -> bool:
    """Whether a condition applies. An empty scope sees nothing, `open` may ask for what is not; else what is empty asks nothing."""
    return value is not None if name == "open" or name.startswith("scope_") else value not in (None, "", [], False)


def _scope(scoped: Scoped) -> dict[str, Any]:
    return {
        "scope_regions": None if scoped.regions is None else list(scoped.regions),
        "scope_departments": None if scoped.departments is None else list(scoped.departments),
    }


def _values(query: Query, now: int) -> dict[str, Any]:
    said = query.text.lower()
    likely = query.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        **query._asdict(),
        "like": f"%{likely}%",
        "pairs": sorted({said[i : i + 2] for i in range(len(said) - 1)}),
        "states": list(query.states),
        "said_done": list(SAID_DONE),
        "steps": list(query.steps),
        "classes": list(query.classes),
        "regions": list(query.regions),
        "now": to_datetime(now),
        "since": None if query.since is None else to_datetime(query.since),
        "until": None if query.until is None else to_datetime(query.until),
    }


def _covers(scoped: Scoped, incident: Incident) -> bool:
    if scoped.regions is not None and incident.region not in scoped.regions:
        return False
    return scoped.departments is None or bool(incident.involved.intersection(scoped.departments))


def event_of(row: Any) -> Event:
    """An event from its columns in the order of EVENT."""
    version, kind, deed, at, recorded_at, actor, data = row
    return Event(version, kind, deed, to_ms(at), to_ms(recorded_at), actor, data)
