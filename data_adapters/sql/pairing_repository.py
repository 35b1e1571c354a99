"""Browsers that wait to be paired, and paired screens, in PostgreSQL. Each change and its audit entry are one transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, text

from data_adapters.sql.audit_repository import write_entry
from domain.event_time import to_datetime, to_ms
from domain.pairing import Ask, Screen
from services.account_ports import AuditEntry

FORGET = text("DELETE FROM screen_asks WHERE expires_at <= :now")
ASK = text(
    "INSERT INTO screen_asks (code, secret_hash, address, agent, asked_at, expires_at)"
    " VALUES (:code, :secret_hash, :address, :agent, :asked_at, :expires_at) ON CONFLICT DO NOTHING"
)
ASKED = text("SELECT * FROM screen_asks WHERE secret_hash = :secret_hash AND expires_at > :now")
WAITING = text("SELECT * FROM screen_asks WHERE code = :code AND expires_at > :now")
OPEN = text("SELECT count(*) FILTER (WHERE address = :address) AS here, count(*) AS everywhere FROM screen_asks WHERE expires_at > :now")
TAKE = text("DELETE FROM screen_asks WHERE code = :code AND expires_at > :now RETURNING secret_hash")
PAIR = text(
    "INSERT INTO screens (screen_id, secret_hash, name, wall, regions, departments, paired_by, paired_at, last_seen_at, address, agent)"
    " VALUES (:screen_id, :secret_hash, :name, :wall, :regions, :departments, :paired_by, :now, :now, :address, :agent)"
)
SCREEN = text("SELECT * FROM screens WHERE secret_hash = :secret_hash AND revoked_at IS NULL")
SCREENS = text("SELECT * FROM screens WHERE revoked_at IS NULL ORDER BY wall, name, screen_id")
TOUCH = text("UPDATE screens SET last_seen_at = greatest(last_seen_at, :now) WHERE screen_id = :screen_id")
REVOKE = text("UPDATE screens SET revoked_at = :now WHERE screen_id::text = :screen_id AND revoked_at IS NULL")


class PairingRepository:
    """The PairingStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, ask: Ask, secret_hash: bytes) -> bool:
        times = {"asked_at": to_datetime(ask.asked_at), "expires_at": to_datetime(ask.expires_at)}
        with self._engine.begin() as connection:
            connection.execute(FORGET, {"now": times["asked_at"]})
            return connection.execute(ASK, {**ask._asdict(), **times, "secret_hash": secret_hash}).rowcount == 1

    def asked(self, secret_hash: bytes, now: int) -> Ask | None:
        return self._ask(ASKED, {"secret_hash": secret_hash, "now": to_datetime(now)})

    def waiting(self, code: str, now: int) -> Ask | None:
        return self._ask(WAITING, {"code": code, "now": to_datetime(now)})

    def open_asks(self, address: str, now: int) -> tuple[int, int]:
        with self._engine.connect() as connection:
            row = connection.execute(OPEN, {"address": address, "now": to_datetime(now)}).one()
        return row.here, row.everywhere

    def approve(self, code: str, screen: Screen, entry: AuditEntry) -> bool:
        now = to_datetime(entry.at)
        lists = {"regions": sorted(screen.regions), "departments": sorted(screen.departments)}
        with self._engine.begin() as connection:
            taken = connection.execute(TAKE, {"code": code, "now": now}).one_or_none()
            if taken is None:
                return False
            connection.execute(PAIR, {**screen._asdict(), **lists, "secret_hash": taken.secret_hash, "now": now})
            write_entry(connection, entry)
        return True

    def screen(self, secret_hash: bytes) -> Screen | None:
        with self._engine.connect() as connection:
            row = connection.execute(SCREEN, {"secret_hash": secret_hash}).one_or_none()
        return _screen(row) if row else None

    def touch(self, screen_id: str, now: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(TOUCH, {"screen_id": screen_id, "now": to_datetime(now)})

    def screens(self) -> Sequence[Screen]:
        with self._engine.connect() as connection:
            return [_screen(row) for row in connection.execute(SCREENS)]

    def revoke(self, screen_id: str, entry: AuditEntry) -> bool:
        with self._engine.begin() as connection:
            if connection.execute(REVOKE, {"screen_id": screen_id, "now": to_datetime(entry.at)}).rowcount == 0:
                return False
            write_entry(connection, entry)
        return True

    def _ask(self, statement: Any, values: dict[str, Any]) -> Ask | None:
        with self._engine.connect() as connection:
            row = connection.execute(statement, values).one_or_none()
        return Ask(row.code, row.address, row.agent, to_ms(row.asked_at), to_ms(row.expires_at)) if row else None


def _screen(row: Row[Any]) -> Screen:
    scope = frozenset(row.regions), frozenset(row.departments)
    times = to_ms(row.paired_at), to_ms(row.last_seen_at)
    return Screen(str(row.screen_id), row.name, row.wall, *scope, row.paired_by, *times, row.address, row.agent)
