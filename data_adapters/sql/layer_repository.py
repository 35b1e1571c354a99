"""Landing, central and topic library in PostgreSQL, as jobs.py writes them (services/catalogue_ports.py: LayerStore)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, text

from data_adapters.sql.catalogue_repository import moment
from domain.catalogue import Resource
from domain.event_time import to_datetime
from services.catalogue_ports import (
    Difference,
    FigurePlan,
    Landed,
    LibraryState,
    Reconciliation,
    Run,
    Spelled,
    TablePlan,
    record_key,
)
from services.topic_ports import Answer, QueryRefused, TopicRow, Totals

AS_JOBS = "SELECT set_config('citydeck.layer_writer', 'jobs', true)"
STATE = """INSERT INTO topic_libraries (code, name, name_en, kind, layer, provider, provider_code, every_s)
    VALUES (:code, :name, :name_en, :kind, :layer, :provider, :provider_code, :every_s)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, kind = excluded.kind, layer = excluded.layer,
        provider = excluded.provider, provider_code = excluded.provider_code, every_s = excluded.every_s, present = true"""
COLUMNS = ("code", "library", "title", "summary", "provider", "provider_code", "category", "carrier", "record_form", "storage", "format",
           "share", "share_condition", "share_way", "open", "cycle", "version", "published_on", "related")  # fmt: skip
MADE = (*COLUMNS, "source_table", "landed", "pinyin", "initials", "inspected_at")
ENTRY = f"""INSERT INTO data_resources ({", ".join(MADE)}) VALUES ({", ".join(":" + name for name in MADE)})
    ON CONFLICT (code) DO UPDATE SET gone_at = NULL, {", ".join(f"{name} = excluded.{name}" for name in MADE[1:])}"""
FIELD = """INSERT INTO resource_fields (resource, position, name, title, type, is_key, declared, pinyin, initials)
    VALUES (:resource, :position, :name, :title, :type, :is_key, :declared, :pinyin, :initials)"""
GONE = """UPDATE data_resources SET gone_at = :now WHERE gone_at IS NULL AND library = :library AND NOT code = ANY(:there)"""
RUN = """INSERT INTO topic_runs (library, what, started_at, took_ms, rows, error)
    VALUES (:library, :what, :started_at, :took_ms, :rows, :error) RETURNING run_id"""
GIVEN = "SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:times AS timestamptz[]), CAST(:facts AS jsonb[])) AS g(record_key, at, facts)"
LEAVE = "DELETE FROM landing.records WHERE resource = :resource AND NOT record_key = ANY(:keys)"
LAND = f"""INSERT INTO landing.records (resource, record_key, at, facts, run_id)
    SELECT :resource, record_key, at, facts, :run FROM ({GIVEN}) g
    ON CONFLICT (resource, record_key) DO UPDATE SET at = excluded.at, facts = excluded.facts, run_id = excluded.run_id"""
CENTRAL = f"""INSERT INTO central.records (resource, record_key, at, facts, first_run, changed_run)
    SELECT :resource, record_key, at, facts, :run, :run FROM ({GIVEN}) g
    ON CONFLICT (resource, record_key) DO UPDATE SET at = excluded.at, facts = excluded.facts, changed_run = excluded.changed_run,
        gone_run = NULL WHERE records.facts IS DISTINCT FROM excluded.facts OR records.gone_run IS NOT NULL"""
CENTRAL_GONE = """UPDATE central.records SET gone_run = :run WHERE resource = :resource AND gone_run IS NULL
    AND (at IS NULL OR (at >= :since AND at < :until)) AND NOT record_key = ANY(:keys)"""
LANDED = """UPDATE data_resources SET landed_at = :at, landed_since = :since, landed_until = :until, landed_rows = :rows,
    newest_at = coalesce(:newest, newest_at, CASE WHEN :timed THEN NULL ELSE CAST(:at AS timestamptz) END) WHERE code = :resource"""
FIGURES = """INSERT INTO topic.figures (figure, member, at, value, library, query, run_id)
    SELECT figure, member, at, value, :library, :query, :run FROM unnest(CAST(:figures AS text[]), CAST(:members AS text[]),
        CAST(:times AS timestamptz[]), CAST(:values AS float8[])) AS g(figure, member, at, value)
    ON CONFLICT (figure, member, at) DO UPDATE SET value = excluded.value, library = excluded.library, query = excluded.query,
        run_id = excluded.run_id WHERE figures.value <> excluded.value"""
FARED = """UPDATE topic_libraries SET error = :error,
    failing_since = CASE WHEN :error = '' THEN NULL ELSE coalesce(failing_since, :now) END,
    last_ok_at = CASE WHEN :error = '' THEN :now ELSE last_ok_at END WHERE code = :library"""
SPAN = "resource = :resource AND (at IS NULL OR (at >= :since AND at < :until))"
COMPARED = """INSERT INTO reconciliations (resource, at, source_rows, landed_rows, sums, differences, error)
    VALUES (:resource, :at, :source_rows, :landed_rows, CAST(:sums AS jsonb), :differences, :error) RETURNING reconciliation_id"""
DIFFERS = """INSERT INTO reconciliation_differences VALUES (:id, :record_key, :kind, CAST(:source AS jsonb), CAST(:landed AS jsonb))"""


class LayerRepository:
    """The LayerStore port. `spell`: how a title is spelled in pinyin."""

    def __init__(self, engine: Engine, spell: Callable[[str], Spelled]) -> None:
        self._engine, self._spell = engine, spell

    def declare(self, states: Sequence[LibraryState]) -> None:
        with self._engine.begin() as tx:
            tx.execute(text("UPDATE topic_libraries SET present = false WHERE present"))
            for state in states:
                tx.execute(text(STATE), state._asdict())

    def describe(self, library: str, resources: Sequence[tuple[Resource, bool]], now: int) -> None:
        with self._engine.begin() as tx:
            for resource, landed in resources:
                self._write(tx, resource, landed, now)
            there = [resource.code for resource, _ in resources]
            tx.execute(text(GONE), {"now": to_datetime(now), "library": library, "there": there})

    def _write(self, tx: Connection, resource: Resource, landed: bool, now: int) -> None:
        said = {name: getattr(resource, name) for name in COLUMNS}
        more = {"source_table": resource.table, "landed": landed, "inspected_at": to_datetime(now), "related": list(resource.related)}
        tx.execute(text(ENTRY), {**said, **more, **self._spell(resource.title)._asdict()})
        tx.execute(text("DELETE FROM resource_fields WHERE resource = :code"), {"code": resource.code})
        for position, field in enumerate(resource.fields):
            said = {"resource": resource.code, "position": position, "name": field.name, "title": field.title, "type": field.type}
            tx.execute(text(FIELD), {**said, "is_key": field.key, "declared": field.declared, **self._spell(field.title)._asdict()})

    def land(self, plan: TablePlan, answer: Answer, span: Landed) -> int:
        found, repeated = _keyed(answer.rows, plan.keys)
        newest = max((row.at for row in answer.rows if row.at is not None), default=None)
        given = {
            "keys": list(found),
            "times": [None if row.at is None else to_datetime(row.at) for row in found.values()],
            "facts": [_json(row.values) for row in found.values()],
        }
        ends = {"since": to_datetime(span.since), "until": to_datetime(span.until)}
        with self._engine.begin() as tx:
            tx.execute(text(AS_JOBS))
            run = _ran(tx, Run(answer.library, plan.name, answer.asked_at, answer.took_ms, len(answer.rows), _said(repeated)))
            of = {"resource": plan.resource, "run": run}
            tx.execute(text(LEAVE), {"resource": plan.resource, "keys": list(found)})
            for statement in (LAND, CENTRAL):
                tx.execute(text(statement), {**of, **given})
            tx.execute(text(CENTRAL_GONE), {**of, **ends, "keys": list(found)})
            when = {"at": to_datetime(answer.asked_at), "newest": None if newest is None else to_datetime(newest), "timed": plan.timed}
            tx.execute(text(LANDED), {**ends, **when, "rows": len(found), "resource": plan.resource})
        return repeated

    def keep_figures(self, plan: FigurePlan, answer: Answer) -> int:
        rows = [(figure, member, at, value) for row in answer.rows for figure, member, at, value in _figures(row, plan)]
        if len({row[:3] for row in rows}) < len(rows):
            raise QueryRefused(f"{plan.query} gives a figure twice for one time: its other columns must tell its rows apart")
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [[], [], [], []]
        given = dict(zip(("figures", "members", "times", "values"), map(list, columns), strict=True))
        with self._engine.begin() as tx:
            tx.execute(text(AS_JOBS))
            run = _ran(tx, Run(answer.library, plan.query, answer.asked_at, answer.took_ms, len(answer.rows)))
            return tx.execute(text(FIGURES), {**given, "library": answer.library, "query": plan.query, "run": run}).rowcount

    def newest_figure(self, library: str, query: str) -> int | None:
        with self._engine.connect() as tx:
            found = "SELECT max(at) FROM topic.figures WHERE library = :library AND query = :query"
            return moment(tx.execute(text(found), {"library": library, "query": query}).scalar())

    def ran(self, run: Run) -> None:
        with self._engine.begin() as tx:
            _ran(tx, run)

    def fared(self, library: str, now: int, error: str) -> None:
        with self._engine.begin() as tx:
            tx.execute(text(FARED), {"library": library, "now": to_datetime(now), "error": error})

    def landed(self, resource: str) -> Landed | None:
        with self._engine.connect() as tx:
            said = "SELECT landed_since, landed_until FROM data_resources WHERE code = :code AND landed_at IS NOT NULL"
            row = tx.execute(text(said), {"code": resource}).first()
        since, until = (moment(row[0]), moment(row[1])) if row else (None, None)
        return None if since is None or until is None else Landed(since, until)

    def landed_totals(self, resource: str, span: Landed, sums: Sequence[str]) -> Totals:
        parts = [f"sum(CASE WHEN jsonb_typeof(facts->:c{n}) = 'number' THEN (facts->>:c{n})::float8 END)" for n in range(len(sums))]
        names = {f"c{n}": name for n, name in enumerate(sums)}
        with self._engine.connect() as tx:
            said = text(f"SELECT {', '.join(['count(*)', *parts])} FROM landing.records WHERE {SPAN}")
            row = tx.execute(said, {**_ends(resource, span), **names}).one()
        return Totals(row[0], {name: float(row[n + 1] or 0) for n, name in enumerate(sums)})

    def landed_rows(self, resource: str, span: Landed) -> Mapping[str, Mapping[str, Any]]:
        with self._engine.connect() as tx:
            rows = tx.execute(text(f"SELECT record_key, facts FROM landing.records WHERE {SPAN}"), _ends(resource, span))
            return {row.record_key: row.facts for row in rows}

    def compared(self, found: Reconciliation, differences: Sequence[Difference]) -> None:
        with self._engine.begin() as tx:
            said = found._asdict() | {"at": to_datetime(found.at), "sums": _json(found.sums)}
            made = tx.execute(text(COMPARED), said).scalar_one()
            for one in differences:
                both = {side: None if facts is None else _json(facts) for side, facts in (("source", one.source), ("landed", one.landed))}
                tx.execute(text(DIFFERS), {"id": made, "record_key": one.record_key, "kind": one.kind, **both})

    def forget_runs(self, before: int) -> None:
        with self._engine.begin() as tx:
            for table, time in (("topic_runs", "started_at"), ("reconciliations", "at")):
                tx.execute(text(f"DELETE FROM {table} WHERE {time} < :before"), {"before": to_datetime(before)})


def _ends(resource: str, span: Landed) -> dict[str, Any]:
    return {"resource": resource, "since": to_datetime(span.since), "until": to_datetime(span.until)}


def _ran(tx: Connection, run: Run) -> int:
    return int(tx.execute(text(RUN), run._asdict() | {"started_at": to_datetime(run.started_at)}).scalar_one())


def _keyed(rows: Sequence[TopicRow], keys: Sequence[str]) -> tuple[dict[str, TopicRow], int]:
    """Record key -> row, the first of a key; and how many rows repeat a key or lack one. Rows without declared keys are named by what
    they say, equal ones numbered."""
    found: dict[str, TopicRow] = {}
    repeated, equal = 0, dict[str, int]()
    for row in rows:
        if keys:
            key = record_key(row, keys)
            repeated += key is None or key in found
            if key is not None:
                found.setdefault(key, row)
        else:
            digest = hashlib.sha256(_json(row.values).encode()).hexdigest()[:32]
            equal[digest] = equal.get(digest, 0) + 1
            found[f"{digest}-{equal[digest]}"] = row
    return found, repeated


def _said(repeated: int) -> str:
    return f"{repeated} rows repeat a key or lack it, and were left" if repeated else ""


def _figures(row: TopicRow, plan: FigurePlan) -> list[tuple[str, str, Any, float]]:
    """What a row says: who (all columns but its time and its figures), when, and each figure that is a number."""
    if row.at is None:
        return []
    who = {name: value for name, value in sorted(row.values.items()) if name != plan.time and name not in plan.figures}
    member = "|".join(f"{name}={value}" for name, value in who.items())
    values = [(figure, row.values.get(column)) for column, figure in plan.figures.items()]
    numbers = [(figure, value) for figure, value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    return [(figure, member, to_datetime(row.at), float(value)) for figure, value in numbers]


def _json(facts: Mapping[str, Any]) -> str:
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
