"""Leaders' instructions in PostgreSQL (services/instruction_ports.py): events are the truth, `instructions` is what lists look by."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from data_adapters.sql.audit_repository import write_entry
from data_adapters.sql.ids import is_uuid
from data_adapters.sql.incident_lists import EVENT, event_of
from domain import incident_fold
from domain.event_time import to_datetime, to_ms
from domain.identity import printed_number
from domain.incident_life import Incident
from domain.instructions import OPEN, OWED, Event, Instruction, fold
from services.account_ports import AuditEntry

LETTER = "I"
BLANK = ("instruction_id", "number", "about", "object", "title", "region", "department", "exercise")
KEPT = ("origin_center", *BLANK, "given_at", "version", "state", "due_at")
CREATE = text(f"INSERT INTO instructions ({', '.join(KEPT)}) VALUES ({', '.join(':' + name for name in KEPT)}) ON CONFLICT DO NOTHING")
UPDATE = text("""UPDATE instructions SET version = :version, state = :state, due_at = :due_at
    WHERE instruction_id = CAST(:instruction_id AS uuid) AND version = :version - 1""")
ADD = text("""INSERT INTO instruction_events (instruction_id, version, deed, at, actor, data)
    VALUES (:instruction_id, :version, :deed, :at, :actor, :data)""").bindparams(bindparam("data", type_=JSONB))
COLUMNS = ", ".join("i.instruction_id::text" if name == "instruction_id" else f"i.{name}" for name in BLANK)
READ = f"""SELECT {COLUMNS}, e.version, e.deed, e.at, e.actor, e.data FROM instructions i JOIN instruction_events e USING (instruction_id)
    WHERE (CAST(:at AS timestamptz) IS NULL OR e.at <= :at) AND {{which}} ORDER BY i.instruction_id, e.version"""
ONE = text(READ.format(which="i.instruction_id = CAST(:id AS uuid)"))
LISTED = text(
    READ.format(
        which="""i.instruction_id IN (SELECT instruction_id FROM instructions WHERE CAST(:at AS timestamptz) IS NULL OR given_at <= :at
            ORDER BY state = ANY(:open) DESC, given_at DESC LIMIT :most)"""
    )
)
OVERDUE = text(READ.format(which="i.state = ANY(:owed) AND i.due_at < :now"))
INSTRUCTED = text(f"""SELECT i.incident_id::text, i.number, {", ".join("e." + name for name in EVENT.split(", "))}
    FROM incidents i JOIN incident_events e USING (incident_id) WHERE i.incident_id IN (
        SELECT incident_id FROM incident_events WHERE deed = 'instruct' AND (CAST(:at AS timestamptz) IS NULL OR recorded_at <= :at)
        GROUP BY incident_id ORDER BY max(recorded_at) DESC LIMIT :most)
    AND (CAST(:at AS timestamptz) IS NULL OR e.recorded_at <= :at) ORDER BY i.incident_id, e.version""")


class InstructionRepository:
    """The InstructionStore port."""

    def __init__(self, engine: Engine, center: Callable[[], str]) -> None:
        self._engine, self._center = engine, center

    def number(self) -> str:
        with self._engine.begin() as tx:
            return printed_number(LETTER, self._center(), int(tx.execute(text("SELECT nextval('instruction_numbers')")).scalar_one()))

    def append(self, one: Instruction, event: Event, entry: AuditEntry) -> bool:
        values = {name: getattr(one, name) for name in KEPT if name != "origin_center"}
        values |= {"origin_center": self._center(), "given_at": to_datetime(one.given_at)}
        values["due_at"] = None if one.due_at is None else to_datetime(one.due_at)
        said = event._asdict() | {"instruction_id": one.instruction_id, "at": to_datetime(event.at), "data": dict(event.data)}
        with self._engine.begin() as tx:
            if tx.execute(CREATE if event.version == 1 else UPDATE, values).rowcount != 1:
                return False
            tx.execute(ADD, said)
            write_entry(tx, entry)
        return True

    def one(self, instruction_id: str, at: int | None = None) -> tuple[Instruction, list[Event]] | None:
        if not is_uuid(instruction_id):
            return None
        found = self._read(ONE, {"id": instruction_id, "at": _time(at)})
        return found[0] if found else None

    def listed(self, at: int | None, most: int) -> list[Instruction]:
        return [one for one, _ in self._read(LISTED, {"at": _time(at), "most": most, "open": list(OPEN)})]

    def overdue(self, now: int) -> list[Instruction]:
        return [one for one, _ in self._read(OVERDUE, {"at": None, "now": to_datetime(now), "owed": list(OWED)})]

    def incidents(self, at: int | None, most: int) -> Sequence[Incident]:
        with self._engine.connect() as tx:
            rows = list(tx.execute(INSTRUCTED, {"at": _time(at), "most": most}))
        grouped = groupby(rows, lambda row: (row[0], row[1]))
        return [incident_fold.fold(key[0], key[1], (event_of(row[2:]) for row in group)) for key, group in grouped]

    def _read(self, query: Any, values: dict[str, Any]) -> list[tuple[Instruction, list[Event]]]:
        with self._engine.connect() as tx:
            rows = list(tx.execute(query, values))
        found = []
        for _, group in groupby(rows, lambda row: row[0]):
            held = list(group)
            events = [_event(row[len(BLANK) :]) for row in held]
            found.append((fold(Instruction(**dict(zip(BLANK, held[0], strict=False))), events), events))
        return found


def _event(row: Any) -> Event:
    version, deed, at, actor, data = row
    return Event(version, deed, to_ms(at), actor, data)


def _time(at: int | None) -> Any:
    return None if at is None else to_datetime(at)
