"""Public warnings in PostgreSQL (services/warning_ports.py, WarningStore and OwnStore).

A statement that others have ended, or that expired, matters for some days more: a cancellation may come again, a face may look back.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from shapely.geometry import shape
from sqlalchemy import Connection, Engine, Row, text

from domain.event_time import DAY_MS, to_datetime, to_ms
from domain.identity import printed_number
from domain.warning_rules import Place, Placed
from domain.warnings import as_facts, from_facts
from services.warning_ports import Heard, Judged, Reached, Shelter

LOOK_BACK_MS = 31 * DAY_MS
"""Of an ended statement; no warning refers to one that was said longer ago."""
KEEP = text("""INSERT INTO warnings (warning_id, origin_center, feed, statement, alert, refs, title, facts, regions, placed, sent_at,
        effective_at, heard_at)
    SELECT :warning_id, coalesce((SELECT settings->>'origin_center' FROM city), 'local'), :feed, :statement, :alert, :refs, :title,
        CAST(:facts AS jsonb), :regions, :placed, :sent_at, :effective_at, :heard_at
    ON CONFLICT DO NOTHING""")
HELD = """SELECT warning_id, origin_center, seq, feed, statement, facts, regions, placed, heard_at FROM warnings w
    WHERE (standing IS NULL OR standing IN ('ahead', 'in_force', 'unclear') OR heard_at > :since) AND heard_at <= :until
        AND (regions <> '{}' OR placed = 'unknown'
            OR EXISTS (SELECT FROM warnings o WHERE o.feed = w.feed AND o.alert = ANY(w.refs)
                AND (o.regions <> '{}' OR o.placed = 'unknown')))
    ORDER BY seq"""
ONE = """SELECT warning_id, origin_center, seq, feed, statement, facts, regions, placed, heard_at FROM warnings
    WHERE warning_id = CAST(:warning_id AS uuid)"""
NEWEST = "SELECT max(heard_at) FROM warnings"
JUDGE = text("""UPDATE warnings SET standing = :standing, judged_at = :now, rules = :rules,
        call_from = CASE WHEN CAST(:call AS boolean) THEN coalesce(call_from, :now) ELSE call_from END
    WHERE warning_id = CAST(:warning_id AS uuid)
        AND (standing IS DISTINCT FROM :standing OR rules <> CAST(:rules AS text[]) OR (CAST(:call AS boolean) AND call_from IS NULL))""")
REACHED = """SELECT DISTINCT ON (thing) thing, state, chain, position, answered_by, answered_at FROM callings
    WHERE thing = ANY(:things) ORDER BY thing, turn DESC"""
RESOURCES = "SELECT name, kind, region, phone, capacity, free FROM resources WHERE kind = ANY(:kinds) ORDER BY kind, name, resource_id"
PLACES = "SELECT code, name, parent, outline FROM regions WHERE valid_to IS NULL ORDER BY code"


class WarningRepository:
    """The ports WarningStore and OwnStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, tx: Connection, heard: Iterable[Heard]) -> None:
        for one in heard:
            tx.execute(KEEP, _values(one))

    def held(self, until: int | None = None) -> Sequence[Heard]:
        with self._engine.connect() as tx:
            newest = tx.execute(text(NEWEST)).scalar_one_or_none() if until is None else to_datetime(until)
            if newest is None:
                return []
            asked = {"until": newest, "since": to_datetime(max(to_ms(newest) - LOOK_BACK_MS, 0))}
            return [_heard(row) for row in tx.execute(text(HELD), asked)]

    def add(self, heard: Heard) -> Heard:
        with self._engine.begin() as tx:
            self.keep(tx, [heard])
        return self.find(heard.warning_id) or heard

    def find(self, warning_id: str) -> Heard | None:
        with self._engine.connect() as tx:
            row = tx.execute(text(ONE), {"warning_id": warning_id}).one_or_none()
        return None if row is None else _heard(row)

    def judge(self, judged: Iterable[Judged], now: int) -> None:
        with self._engine.begin() as tx:
            for one in judged:
                tx.execute(JUDGE, {**one._asdict(), "standing": one.standing.value, "rules": list(one.rules), "now": to_datetime(now)})

    def reached(self, warning_ids: Iterable[str]) -> dict[str, Reached]:
        things = {f"warning:{one}": one for one in warning_ids}
        if not things:
            return {}
        with self._engine.connect() as tx:
            return {things[row.thing]: _reached(row) for row in tx.execute(text(REACHED), {"things": list(things)})}

    def resources(self, kinds: Iterable[str]) -> Sequence[Shelter]:
        with self._engine.connect() as tx:
            return [Shelter(*row) for row in tx.execute(text(RESOURCES), {"kinds": list(kinds)})]

    def places(self) -> Sequence[Place]:
        with self._engine.connect() as tx:
            rows = tx.execute(text(PLACES)).all()
        return [Place(row.code, row.name, row.parent, shape(row.outline) if row.outline else None) for row in rows]


def _values(one: Heard) -> dict[str, Any]:
    said = one.said
    texts = next(iter(said.texts.values()), {})
    return {
        "warning_id": one.warning_id,
        "feed": one.feed,
        "statement": said.statement,
        "alert": said.alert,
        "refs": list(said.references),
        "title": texts.get("headline") or said.hazard,
        "facts": json.dumps(as_facts(said)),
        "regions": list(one.placed.regions),
        "placed": one.placed.by,
        "sent_at": to_datetime(said.sent_at),
        "effective_at": to_datetime(said.effective_at),
        "heard_at": to_datetime(one.heard_at),
    }


def _heard(row: Row[Any]) -> Heard:
    return Heard(
        str(row.warning_id),
        printed_number("W", row.origin_center, row.seq),
        row.feed,
        from_facts(row.statement, row.facts),
        Placed(tuple(row.regions), row.placed),
        to_ms(row.heard_at),
    )


def _reached(row: Row[Any]) -> Reached:
    person = row.chain[min(row.position, len(row.chain) - 1)] if row.chain else ""
    return Reached(row.state, person, row.answered_by, None if row.answered_at is None else to_ms(row.answered_at))
