"""Rosters and their changes in PostgreSQL (services/duty_ports.py, RosterStore). A change of a shift ends its row and begins one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from data_adapters.sql.duty_rows import SHIFT, shift_of
from data_adapters.sql.ids import is_uuid
from domain.duty import Shift
from domain.event_time import to_datetime, to_ms
from services.duty_ports import Change, NotTaken

TOUCHING = f"""SELECT {SHIFT} FROM duty_shifts WHERE starts < :until AND ends > :since AND {{known}} ORDER BY starts, post, shift_id"""
NOW_KNOWN = "valid_to IS NULL"
THEN_KNOWN = "valid_from <= :at AND (valid_to IS NULL OR valid_to > :at)"
END = "UPDATE duty_shifts SET valid_to = :now WHERE shift_id = ANY(CAST(:ended AS uuid[])) AND valid_to IS NULL"
BEGIN = text("""
    INSERT INTO duty_shifts (shift_id, post, department, username, name, phone, starts, ends, written_by, valid_from)
    VALUES (:shift_id, :post, :department, :username, :name, :phone, :starts, :ends, :by, :now)""")
COLLIDES = text("""
    SELECT username FROM duty_shifts WHERE valid_to IS NULL AND username = :username AND shift_id <> CAST(:shift_id AS uuid)
    AND starts < :ends AND ends > :starts LIMIT 1""")
NAMES = """SELECT username, coalesce(nullif(name, ''), username) FROM users JOIN user_scopes s USING (username)
    WHERE active AND s.valid_from <= now() AND (s.valid_to IS NULL OR s.valid_to > now())
    AND NOT s.roles && ARRAY['system_admin', 'security_admin', 'auditor'] ORDER BY username"""
CHANGE_FIELDS = Change._fields
CHANGE = "change_id::text, kind, shift_id::text, other_shift_id::text, " + ", ".join(CHANGE_FIELDS[4:])
NEW_CHANGE = text(f"""INSERT INTO duty_changes ({", ".join(CHANGE_FIELDS)})
    VALUES ({", ".join(":" + name for name in CHANGE_FIELDS)}) ON CONFLICT DO NOTHING""")
NEXT_CHANGE = text("""UPDATE duty_changes SET state = :state, agreed_at = :agreed_at, decided_by = :decided_by, decided_at = :decided_at,
    refusal = :refusal WHERE change_id = CAST(:change_id AS uuid) AND state = :expected""")
TIMES = ("asked_at", "agreed_at", "decided_at")
SOME = 200


class DutyRepository:
    """The RosterStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def shifts(self, since: int, until: int, at: int | None = None) -> list[Shift]:
        values: dict[str, Any] = {"since": to_datetime(since), "until": to_datetime(until)}
        if at is not None:
            values["at"] = to_datetime(at)
        with self._engine.connect() as tx:
            rows = tx.execute(text(TOUCHING.format(known=NOW_KNOWN if at is None else THEN_KNOWN)), values)
            return [shift_of(row) for row in rows]

    def shift(self, shift_id: str) -> Shift | None:
        if not is_uuid(shift_id):
            return None
        asked = text(f"SELECT {SHIFT} FROM duty_shifts WHERE shift_id = CAST(:id AS uuid) AND valid_to IS NULL")
        with self._engine.connect() as tx:
            row = tx.execute(asked, {"id": shift_id}).first()
        return shift_of(row) if row else None

    def write(self, ended: Sequence[str], new: Sequence[Shift], by: str, now: int) -> None:
        with self._engine.begin() as tx:
            _write(tx, ended, new, by, now)

    def names(self) -> Mapping[str, str]:
        with self._engine.connect() as tx:
            return {row[0]: row[1] for row in tx.execute(text(NAMES))}

    def changes(self, open_only: bool) -> list[Change]:
        only = "WHERE state IN ('asked', 'agreed')" if open_only else ""
        with self._engine.connect() as tx:
            return [
                _change(row) for row in tx.execute(text(f"SELECT {CHANGE} FROM duty_changes {only} ORDER BY asked_at DESC LIMIT {SOME}"))
            ]

    def change(self, change_id: str) -> Change | None:
        if not is_uuid(change_id):
            return None
        with self._engine.connect() as tx:
            row = tx.execute(text(f"SELECT {CHANGE} FROM duty_changes WHERE change_id = CAST(:id AS uuid)"), {"id": change_id}).first()
        return _change(row) if row else None

    def put_change(self, change: Change, expected: str, exchanged: Sequence[Shift] = ()) -> bool:
        values = change._asdict()
        values |= {name: to_datetime(values[name]) for name in TIMES if values[name] is not None}
        with self._engine.begin() as tx:
            done = tx.execute(NEXT_CHANGE, {**values, "expected": expected}) if expected else tx.execute(NEW_CHANGE, values)
            if done.rowcount == 1 and exchanged:
                _write(tx, [one.shift_id for one in exchanged], exchanged, change.decided_by, change.decided_at or change.asked_at)
            return done.rowcount == 1


def _write(tx: Connection, ended: Sequence[str], new: Sequence[Shift], by: str, now: int) -> None:
    tx.execute(text("LOCK TABLE duty_shifts IN SHARE ROW EXCLUSIVE MODE"))
    tx.execute(text(END), {"ended": list(ended), "now": to_datetime(now)})
    for shift in new:
        _begin(tx, shift, by, now)


def _begin(tx: Connection, shift: Shift, by: str, now: int) -> None:
    values = {**shift._asdict(), "starts": to_datetime(shift.starts), "ends": to_datetime(shift.ends)}
    if tx.execute(COLLIDES, values).first():
        raise NotTaken("collides", value=shift.username)
    tx.execute(BEGIN, {**values, "by": by, "now": to_datetime(now)})


def _change(row: Any) -> Change:
    fields = dict(zip(CHANGE_FIELDS, row, strict=True))
    return Change(**{**fields, **{name: None if fields[name] is None else to_ms(fields[name]) for name in TIMES}})
