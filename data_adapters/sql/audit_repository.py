"""The audit log in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from domain.event_time import to_datetime, to_ms
from services.account_ports import AuditEntry, AuditQuery
from services.audit import COUNTED

ADD = text("""
    INSERT INTO audit_log (at, actor, action, object, outcome, address, detail)
    VALUES (:at, :actor, :action, :object, :outcome, :address, :detail)
""").bindparams(bindparam("detail", type_=JSONB))

EXACT = ("action", "outcome")
PART = ("actor", "object", "address")
ANYWHERE = "concat_ws(' ', actor, action, object, outcome, address, detail::text) ILIKE :text"
READ = "SELECT at, actor, action, object, outcome, address, detail FROM audit_log WHERE {where} ORDER BY at DESC, id DESC"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM audit_log WHERE {where} LIMIT :most) fitting"
ACTIONS = "SELECT DISTINCT action FROM audit_log ORDER BY action"


def write_entry(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry within the caller's transaction."""
    connection.execute(ADD, {**entry._asdict(), "at": to_datetime(entry.at), "detail": dict(entry.detail)})


class AuditRepository:
    """The AuditStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, entry: AuditEntry) -> None:
        with self._engine.begin() as connection:
            write_entry(connection, entry)

    def search(self, query: AuditQuery, actors: Collection[str] | None, offset: int, limit: int) -> tuple[Sequence[AuditEntry], int]:
        where, values = _condition(query, actors)
        page = {"offset": offset, "limit": limit, "most": COUNTED}
        with self._engine.connect() as connection:
            rows = connection.execute(text(READ.format(where=where) + " OFFSET :offset LIMIT :limit"), {**values, **page})
            found = [AuditEntry(to_ms(row.at), *row[1:]) for row in rows]
            return found, int(connection.execute(text(COUNT.format(where=where)), {**values, **page}).scalar_one())

    def actions(self) -> Sequence[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(text(ACTIONS)).scalars())


def _condition(query: AuditQuery, actors: Collection[str] | None) -> tuple[str, dict[str, Any]]:
    """The WHERE of a search and its values; every text is a parameter, and its % and _ mean themselves."""
    asked = query._asdict()
    terms, values = ["at >= :since", "at < :until"], {"since": to_datetime(query.since), "until": to_datetime(query.until)}
    for name in EXACT:
        terms += [f"{name} = :{name}"] if asked[name] else []
    for name in PART:
        terms += [f"{name} ILIKE :{name}"] if asked[name] else []
    terms += [ANYWHERE] if query.text else []
    terms += ["actor = ANY(:actors)"] if actors is not None else []
    texts = {name: asked[name] for name in EXACT} | {name: _part(asked[name]) for name in (*PART, "text")}
    return " AND ".join(terms), {**values, **texts, "actors": sorted(actors or ())}


def _part(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"
