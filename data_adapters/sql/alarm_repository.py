"""Alarms and their transitions: the AlarmStore port of services/alarm_store.py."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from data_adapters.sql.alarm_readings import read_spans, stated_lately
from data_adapters.sql.silence_rows import covering
from domain.alarms import Row
from domain.identity import uuid7
from services.alarm_store import Deed, RuleSeries, Span, Transition
from services.ports import AlarmRecord, Series


def _ms(column: str) -> str:
    return f"(extract(epoch FROM {column}) * 1000)::bigint"


def _time(value: str) -> str:
    return f"(timestamptz 'epoch' + {value} * interval '1 millisecond')"


COLUMNS = f"""a.alarm_id::text AS alarm_id, a.number, a.rule_id, a.device_id, a.metric, a.region, a.department, a.severity, a.state,
    {_ms("a.raised_at")} AS raised_at, {_ms("a.cleared_at")} AS cleared_at, a.raised_value, a.limit_value,
    {_ms("a.acknowledged_at")} AS acknowledged_at, a.acknowledged_by, a.silence_id::text AS silence_id,
    {_ms("a.false_at")} AS false_at, a.false_by"""

ALARMS = f"""
SELECT {COLUMNS}
FROM unnest(CAST(:devices AS text[]), CAST(:metrics AS text[]), CAST(:since AS bigint[])) AS series (device_id, metric, since)
JOIN alarms a ON a.device_id = series.device_id AND a.metric = series.metric
    AND (a.state = 'active' OR a.raised_at > {_time("series.since")} OR a.cleared_at > {_time("series.since")})
ORDER BY a.raised_at, a.alarm_id"""

ACTIVE = f"""
SELECT {COLUMNS} FROM alarms a WHERE a.state = 'active' AND a.device_id = ANY(CAST(:devices AS text[]))
ORDER BY a.raised_at, a.alarm_id"""

LIVES = f"""
SELECT {COLUMNS}
FROM unnest(CAST(:devices AS text[]), CAST(:metrics AS text[]), CAST(:rules AS text[]), CAST(:since AS bigint[]))
    AS series (device_id, metric, rule_id, since)
JOIN alarms a ON a.device_id = series.device_id AND a.metric = series.metric AND a.rule_id = series.rule_id AND a.state <> 'withdrawn'
    AND (a.cleared_at IS NULL OR a.cleared_at > {_time("series.since")})"""

SAVE = f"""
INSERT INTO alarms AS a (alarm_id, origin_center, number, rule_id, device_id, metric, region, department, severity, state,
    raised_at, cleared_at, raised_value, limit_value, recorded_at, silence_id)
SELECT CAST(alarm_id AS uuid), :origin_center, number, rule_id, device_id, metric, region, department, severity, state,
    {_time("raised_at")}, {_time("cleared_at")}, raised_value, limit_value, {_time("CAST(:now AS bigint)")},
    {covering("one", _time("CAST(:now AS bigint)"))}
FROM unnest(CAST(:alarm_id AS text[]), CAST(:number AS text[]), CAST(:rule_id AS text[]), CAST(:device_id AS text[]),
    CAST(:metric AS text[]), CAST(:region AS text[]), CAST(:department AS text[]), CAST(:severity AS text[]), CAST(:state AS text[]),
    CAST(:raised_at AS bigint[]), CAST(:cleared_at AS bigint[]), CAST(:raised_value AS float8[]), CAST(:limit_value AS float8[]))
    AS one (alarm_id, number, rule_id, device_id, metric, region, department, severity, state,
        raised_at, cleared_at, raised_value, limit_value)
ON CONFLICT (alarm_id) DO UPDATE SET state = excluded.state, raised_at = excluded.raised_at, cleared_at = excluded.cleared_at,
    raised_value = excluded.raised_value
RETURNING {COLUMNS}, xmax = 0 AS fresh"""

SAVED_FIELDS = AlarmRecord._fields[:13]

TRANSITIONS = f"""
INSERT INTO alarm_transitions (transition_id, alarm_id, kind, at, recorded_at, actor, value, note)
SELECT CAST(id AS uuid), CAST(alarm_id AS uuid), kind, {_time("at")}, {_time("CAST(:now AS bigint)")}, actor, value, note
FROM unnest(CAST(:id AS text[]), CAST(:alarm_id AS text[]), CAST(:kind AS text[]), CAST(:at AS bigint[]), CAST(:actor AS text[]),
    CAST(:value AS float8[]), CAST(:note AS text[])) AS one (id, alarm_id, kind, at, actor, value, note)"""

DECIDE = f"""
UPDATE alarms a SET {{changes}} WHERE a.alarm_id = CAST(:alarm_id AS uuid) AND a.state <> 'withdrawn' AND {{still_due}}
RETURNING {COLUMNS}"""
NOW, ASKED = _time("CAST(:at AS bigint)"), _time("CAST(:asked_at AS bigint)")
DEEDS = {
    "acknowledged": (f"acknowledged_at = {NOW}, acknowledged_by = :actor", "a.acknowledged_at IS NULL"),
    "acknowledgement_expired": ("acknowledged_at = NULL, acknowledged_by = NULL", f"a.acknowledged_at < {ASKED} AND a.state = 'active'"),
    "false_alarm": (f"false_at = {NOW}, false_by = :actor", "a.false_at IS NULL"),
    "silenced": ("silence_id = CAST(:note AS uuid)", "a.silence_id IS DISTINCT FROM CAST(:note AS uuid)"),
    "unsilenced": ("silence_id = NULL", "a.silence_id IS NOT NULL"),
}
"""Kind of a deed -> what it writes, and when it is still due."""

FIND = f"SELECT {COLUMNS} FROM alarms a WHERE a.alarm_id = CAST(:alarm_id AS uuid)"


class AlarmRepository:
    """The real AlarmStore; `tx` is an open SQLAlchemy Connection."""

    def __init__(self) -> None:
        self._last_transition = 0

    def readings(self, tx: Connection, spans: Sequence[Span]) -> list[tuple[list[Row], list[Row]]]:
        """See AlarmStore."""
        return read_spans(tx, spans)

    def stated(self, tx: Connection, device_ids: Sequence[str], since: int) -> list[Series]:
        """See AlarmStore."""
        return stated_lately(tx, device_ids, since)

    def alarms(self, tx: Connection, since: Mapping[Series, int]) -> list[AlarmRecord]:
        """See AlarmStore."""
        if not since:
            return []
        values = {
            "devices": [series.device_id for series in since],
            "metrics": [series.metric for series in since],
            "since": list(since.values()),
        }
        return _records(tx.execute(text(ALARMS), values).mappings())

    def active(self, tx: Connection, device_ids: Sequence[str]) -> list[AlarmRecord]:
        """See AlarmStore."""
        return _records(tx.execute(text(ACTIVE), {"devices": list(device_ids)}).mappings())

    def numbers(self, tx: Connection, n: int) -> list[int]:
        """See AlarmStore."""
        if not n:
            return []
        return sorted(tx.execute(text("SELECT nextval('alarm_numbers') FROM generate_series(1, :n)"), {"n": n}).scalars())

    def save(
        self, tx: Connection, origin_center: str, alarms: Sequence[AlarmRecord], transitions: Sequence[Transition], now: int
    ) -> list[AlarmRecord]:
        """See AlarmStore."""
        columns = {field: _column(alarms, field) for field in SAVED_FIELDS}
        rows = tx.execute(text(SAVE), columns | {"origin_center": origin_center, "now": now}).mappings().all()
        saved = {row["alarm_id"]: _record({name: row[name] for name in row if name != "fresh"}) for row in rows}
        silenced = [saved[row["alarm_id"]] for row in rows if row["fresh"] and row["silence_id"]]
        under = [Transition(one.alarm_id, "silenced", now, "rule:silence", None, str(one.silence_id)) for one in silenced]
        self._write(tx, [*transitions, *under], now)
        return [saved[alarm.alarm_id] for alarm in alarms]

    def lives(self, tx: Connection, since: Mapping[RuleSeries, int]) -> list[AlarmRecord]:
        """See AlarmStore."""
        devices, metrics, rules = (list(names) for names in zip(*since, strict=True))
        values = {"devices": devices, "metrics": metrics, "rules": rules, "since": list(since.values())}
        return _records(tx.execute(text(LIVES), values).mappings())

    def decide(self, tx: Connection, deed: Deed, at: int) -> AlarmRecord | None:
        """See AlarmStore."""
        if not _is_id(deed.alarm_id) or (deed.kind == "silenced" and not _is_id(deed.note)):
            return None
        changes, still_due = DEEDS[deed.kind]
        values = {"alarm_id": deed.alarm_id, "actor": deed.actor, "at": at, "asked_at": deed.asked_at, "note": deed.note}
        statement = text(DECIDE.format(changes=changes, still_due=still_due))
        row = tx.execute(statement, {name: values[name] for name in values if f":{name}" in statement.text}).mappings().first()
        if row is None:
            return None
        self._write(tx, [Transition(deed.alarm_id, deed.kind, at, deed.actor, None, deed.note)], at)
        return _record(row)

    def find(self, tx: Connection, alarm_id: str) -> AlarmRecord | None:
        """The alarm with this id; None too for what is no id."""
        if not _is_id(alarm_id):
            return None
        row = tx.execute(text(FIND), {"alarm_id": alarm_id}).mappings().first()
        return None if row is None else _record(row)

    def _write(self, tx: Connection, transitions: Sequence[Transition], now: int) -> None:
        values: dict[str, Any] = {field: _column(transitions, field) for field in Transition._fields}
        values |= {"id": [self._next_id(now) for _ in transitions], "now": now}
        tx.execute(text(TRANSITIONS), values)

    def _next_id(self, now: int) -> str:
        """Ids rise from one transition to the next within a millisecond too (RFC 9562, section 6.2)."""
        self._last_transition = max(uuid7(now).int, self._last_transition + 1)
        return str(UUID(int=self._last_transition))


FLOATS = {"raised_value", "limit_value", "value"}


def _column(rows: Sequence[AlarmRecord | Transition], field: str) -> list[Any]:
    """One field of all rows; an array must not mix whole numbers and floats."""
    found = [getattr(row, field) for row in rows]
    return [None if value is None else float(value) for value in found] if field in FLOATS else found


def _is_id(text_: str) -> bool:
    try:
        return str(UUID(text_)) == text_.lower()
    except ValueError:
        return False


def _record(row: RowMapping | dict[str, Any]) -> AlarmRecord:
    return AlarmRecord(**row)


def _records(rows: Iterable[RowMapping]) -> list[AlarmRecord]:
    return [_record(row) for row in rows]
