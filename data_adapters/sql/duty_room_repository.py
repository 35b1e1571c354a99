"""The duty room's logs, hand-overs, numbers and roll calls in PostgreSQL (services/duty_ports.py, RoomStore)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from data_adapters.sql.ids import is_uuid
from domain.event_time import to_datetime, to_ms
from services.duty_ports import Contact, HandOver, LogEntry, PhoneCall, Roll

UUIDS = frozenset({"entry_id", "call_id", "incident_id", "handover_id", "contact_id", "roll_id"})
TIMES = frozenset({"at", "recorded_at", "signed_at", "asked_at"})
HAND_OVER = text("""INSERT INTO duty_handovers (handover_id, department, by_username, at, note, open_matters)
    VALUES (:handover_id, :department, :by_username, :at, :note, :open_matters)""").bindparams(bindparam("open_matters", type_=JSONB))
SIGN = """UPDATE duty_handovers SET signed_by = :username, signed_at = :now, signed_note = :note
    WHERE handover_id = CAST(:id AS uuid) AND signed_at IS NULL"""
ADD_CONTACT = text("""INSERT INTO contacts (contact_id, department, name, post, phone, written_by, valid_from)
    VALUES (:contact_id, :department, :name, :post, :phone, :by, :now)""")
END_CONTACTS = "UPDATE contacts SET valid_to = :now WHERE contact_id = ANY(CAST(:ended AS uuid[])) AND valid_to IS NULL"


def _columns(fields: Sequence[str]) -> str:
    return ", ".join(f"{name}::text" if name in UUIDS else name for name in fields)


def _values(one: Any) -> dict[str, Any]:
    return {name: to_datetime(value) if name in TIMES and value is not None else value for name, value in one._asdict().items()}


def _fields(row: Any, names: Sequence[str]) -> dict[str, Any]:
    held = dict(zip(names, row, strict=True))
    return {name: to_ms(value) if name in TIMES and value is not None else value for name, value in held.items()}


class DutyRoomRepository:
    """The RoomStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def log(self, entry: LogEntry) -> None:
        self._insert("duty_log", entry)

    def entries(self, department: str, until: int, most: int) -> list[LogEntry]:
        return [LogEntry(**one) for one in self._newest("duty_log", LogEntry, "recorded_at", until, most, department)]

    def phone(self, call: PhoneCall) -> None:
        self._insert("telephone_log", call)

    def phone_calls(self, department: str, until: int, most: int) -> list[PhoneCall]:
        return [PhoneCall(**one) for one in self._newest("telephone_log", PhoneCall, "recorded_at", until, most, department)]

    def phone_call(self, call_id: str) -> PhoneCall | None:
        found = self._one("telephone_log", PhoneCall, "call_id", call_id)
        return PhoneCall(**found) if found else None

    def became(self, call_id: str, incident_id: str) -> None:
        became = "UPDATE telephone_log SET incident_id = CAST(:incident AS uuid) WHERE call_id = CAST(:id AS uuid) AND incident_id IS NULL"
        with self._engine.begin() as tx:
            tx.execute(text(became), {"id": call_id, "incident": incident_id})

    def hand_over(self, one: HandOver) -> None:
        with self._engine.begin() as tx:
            tx.execute(HAND_OVER, {**_values(one), "open_matters": [dict(matter) for matter in one.open_matters]})

    def hand_overs(self, department: str, until: int, most: int) -> list[HandOver]:
        return [HandOver(**one) for one in self._newest("duty_handovers", HandOver, "at", until, most, department)]

    def one_hand_over(self, handover_id: str) -> HandOver | None:
        found = self._one("duty_handovers", HandOver, "handover_id", handover_id)
        return HandOver(**found) if found else None

    def sign(self, handover_id: str, username: str, note: str, now: int) -> bool:
        with self._engine.begin() as tx:
            return tx.execute(text(SIGN), {"id": handover_id, "username": username, "note": note, "now": to_datetime(now)}).rowcount == 1

    def contacts(self, at: int | None = None) -> list[Contact]:
        known = "valid_to IS NULL" if at is None else "valid_from <= :at AND (valid_to IS NULL OR valid_to > :at)"
        asked = text(f"SELECT {_columns(Contact._fields)} FROM contacts WHERE {known} ORDER BY department, name, contact_id")
        with self._engine.connect() as tx:
            return [Contact(*row) for row in tx.execute(asked, {} if at is None else {"at": to_datetime(at)})]

    def put_contacts(self, new: Sequence[Contact], ended: Sequence[str], by: str, now: int) -> None:
        with self._engine.begin() as tx:
            tx.execute(text(END_CONTACTS), {"ended": list(ended), "now": to_datetime(now)})
            for one in new:
                tx.execute(ADD_CONTACT, {**one._asdict(), "by": by, "now": to_datetime(now)})

    def call_roll(self, roll: Roll) -> None:
        self._insert("roll_calls", roll)

    def rolls(self, until: int, most: int) -> list[Roll]:
        return [Roll(**one) for one in self._newest("roll_calls", Roll, "asked_at", until, most)]

    def _insert(self, table: str, one: Any) -> None:
        names = one._fields
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"
        with self._engine.begin() as tx:
            tx.execute(text(statement), _values(one))

    def _newest(
        self, table: str, kind: type[NamedTuple], by: str, until: int, most: int, department: str | None = None
    ) -> list[Mapping[str, Any]]:
        names = kind._fields
        of = "AND department = :department" if department is not None else ""
        asked = text(f"SELECT {_columns(names)} FROM {table} WHERE {by} <= :until {of} ORDER BY {by} DESC, {names[0]} DESC LIMIT :most")
        values = {"until": to_datetime(until), "most": most, **({"department": department} if department is not None else {})}
        with self._engine.connect() as tx:
            return [_fields(row, names) for row in tx.execute(asked, values)]

    def _one(self, table: str, kind: type[NamedTuple], key: str, value: str) -> Mapping[str, Any] | None:
        if not is_uuid(value):
            return None
        asked = text(f"SELECT {_columns(kind._fields)} FROM {table} WHERE {key} = CAST(:id AS uuid)")
        with self._engine.connect() as tx:
            row = tx.execute(asked, {"id": value}).first()
        return _fields(row, kind._fields) if row else None
