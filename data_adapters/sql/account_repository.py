"""Accounts, scopes and sessions in PostgreSQL. Each change and its audit entry are one transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from data_adapters.sql.audit_repository import write_entry
from domain.event_time import to_datetime, to_ms
from domain.sign_in import DAY, FAILURES_FORGOTTEN_AFTER
from services.account_ports import Account, AuditEntry, Holder, Person, Scope, Session

EXPIRED_KEPT = 30 * DAY
"""Sessions that ended longer ago are forgotten at their owner's next sign-in; the audit log keeps that they were."""

FORGET_OLD = text("""
    DELETE FROM sign_in_attempts WHERE (username, address) IN
    (SELECT username, address FROM sign_in_attempts WHERE last_at < :old FOR UPDATE SKIP LOCKED)
""")
LOCK_ATTEMPT = text("""
    INSERT INTO sign_in_attempts (username, address, failures, last_at, blocked_until) VALUES (:username, :address, 0, :now, :now)
    ON CONFLICT (username, address) DO UPDATE SET failures = sign_in_attempts.failures RETURNING failures, blocked_until
""")
COUNT_ATTEMPT = text(
    "UPDATE sign_in_attempts SET failures = :failures, last_at = :now, blocked_until = :blocked_until"
    " WHERE username = :username AND address = :address"
)
FORGIVE = text("DELETE FROM sign_in_attempts WHERE username = :username AND address = :address")
FORGIVE_ALL = text("DELETE FROM sign_in_attempts WHERE username = :username")

ACCOUNT = text(
    "SELECT username, name, password_hash, password_initial, active, demo, password_set_at FROM users WHERE username = :username"
)
HOLDER = text("""
    SELECT s.session_hash, s.username, s.kind, s.label, s.created_at, s.last_seen_at, s.expires_at, s.scope, s.address, s.agent,
           u.name, u.password_initial, u.active, u.demo, u.password_set_at, c.roles, c.regions, c.departments
    FROM sessions s JOIN users u USING (username)
    LEFT JOIN user_scopes c ON c.username = s.username AND c.valid_from <= :now AND (c.valid_to IS NULL OR c.valid_to > :now)
    WHERE s.session_hash = :session_hash AND s.revoked_at IS NULL
    ORDER BY c.valid_from DESC LIMIT 1
""")
SESSIONS = text("""
    SELECT session_hash, username, kind, label, created_at, last_seen_at, expires_at, scope, address, agent FROM sessions
    WHERE username = :username AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
    ORDER BY created_at DESC, session_hash
""")
PEOPLE = text("""
    SELECT u.username, u.name, u.password_initial, u.active, u.demo, u.password_set_at, u.created_at,
           c.roles, c.regions, c.departments, c.valid_to <= :now AS ended, s.seen, s.sessions, s.tokens,
           (SELECT max(blocked_until) FROM sign_in_attempts a WHERE a.username = u.username) AS blocked_until
    FROM users u
    LEFT JOIN LATERAL (SELECT * FROM user_scopes WHERE username = u.username AND valid_from <= :now ORDER BY valid_from DESC LIMIT 1) c
        ON true
    LEFT JOIN LATERAL (
        SELECT max(last_seen_at) AS seen, count(*) FILTER (WHERE kind = 'web' AND open) AS sessions,
               count(*) FILTER (WHERE kind = 'token' AND open) AS tokens
        FROM (SELECT *, revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now) AS open FROM sessions
              WHERE username = u.username) held) s ON true
    WHERE CAST(:username AS text) IS NULL OR u.username = :username
    ORDER BY u.username
""")
OPEN_SESSION = text(
    "INSERT INTO sessions (session_hash, username, kind, label, created_at, last_seen_at, expires_at, scope, address, agent)"
    " VALUES (:session_hash, :username, :kind, :label, :created_at, :last_seen_at, :expires_at, :scope, :address, :agent)"
)
FORGET_EXPIRED = text("DELETE FROM sessions WHERE username = :username AND expires_at < :old")
TOUCH = text("UPDATE sessions SET last_seen_at = greatest(last_seen_at, :now) WHERE session_hash = :session_hash")
CLOSE_SESSION = text("UPDATE sessions SET revoked_at = :now WHERE session_hash = :session_hash AND revoked_at IS NULL")
CLOSE_ONE = text(
    "UPDATE sessions SET revoked_at = :now WHERE username = :username AND kind = ANY(:kinds) AND revoked_at IS NULL"
    " AND left(encode(session_hash, 'hex'), 16) = :token_id"
)
CLOSE_ALL = text("UPDATE sessions SET revoked_at = :now WHERE username = :username AND revoked_at IS NULL AND kind = ANY(:kinds)")

CREATE = text(
    "INSERT INTO users (username, name, password_hash, password_initial, active, demo, created_at, password_set_at)"
    " VALUES (:username, :name, :password_hash, :initial, :active, :demo, :now, :now) ON CONFLICT DO NOTHING"
)
NAMES = text("SELECT username, name FROM users")
LOCK_USER = text("SELECT username FROM users WHERE username = :username FOR UPDATE")
END_SCOPE = text(
    "UPDATE user_scopes SET valid_to = greatest(valid_from, :now) WHERE username = :username AND (valid_to IS NULL OR valid_to > :now)"
)
BEGIN_SCOPE = text("""
    INSERT INTO user_scopes (username, regions, departments, roles, valid_from)
    VALUES (:username, :regions, :departments, :roles, :now)
    ON CONFLICT (username, valid_from) DO UPDATE
    SET regions = excluded.regions, departments = excluded.departments, roles = excluded.roles, valid_to = NULL
""")
SET_ACTIVE = text("UPDATE users SET active = :active WHERE username = :username")
SET_PASSWORD = text(
    "UPDATE users SET password_hash = :password_hash, password_initial = :initial, password_set_at = :now WHERE username = :username"
)


def insert_account(connection: Connection, account: Account, now: int) -> bool:
    """Add an account within the caller's transaction; False when the username is taken."""
    return connection.execute(CREATE, {**account._asdict(), "now": to_datetime(now)}).rowcount == 1


def replace_scope(connection: Connection, username: str, scope: Scope, now: int) -> None:
    """End the scope that is valid and begin this one, within the caller's transaction."""
    values = {"username": username, "now": to_datetime(now)}
    connection.execute(END_SCOPE, values)
    lists = {"roles": sorted(scope.roles), "regions": sorted(scope.regions), "departments": sorted(scope.departments)}
    connection.execute(BEGIN_SCOPE, {**values, **lists})


class AccountRepository:
    """The AccountStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def attempt(self, username: str, address: str, now: int, wait_after: Callable[[int], int]) -> int:
        key = {"username": username, "address": address}
        with self._engine.begin() as connection:
            connection.execute(FORGET_OLD, {"old": to_datetime(now - FAILURES_FORGOTTEN_AFTER)})
        with self._engine.begin() as connection:
            row = connection.execute(LOCK_ATTEMPT, {**key, "now": to_datetime(now)}).one()
            wait = to_ms(row.blocked_until) - now
            if wait > 0:
                return wait
            failures = row.failures + 1
            blocked_until = to_datetime(now + wait_after(failures))
            connection.execute(COUNT_ATTEMPT, {**key, "failures": failures, "now": to_datetime(now), "blocked_until": blocked_until})
        return 0

    def forgive(self, username: str, address: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(FORGIVE, {"username": username, "address": address})

    def account(self, username: str) -> Account | None:
        with self._engine.connect() as connection:
            row = connection.execute(ACCOUNT, {"username": username}).one_or_none()
        return _account(row)._replace(password_hash=row.password_hash) if row else None

    def holder(self, session_hash: bytes, now: int) -> Holder | None:
        with self._engine.connect() as connection:
            row = connection.execute(HOLDER, {"session_hash": session_hash, "now": to_datetime(now)}).one_or_none()
        if row is None:
            return None
        return Holder(_session(row), _account(row), _scope(row))

    def open_session(self, session: Session, entry: AuditEntry) -> None:
        times = {"created_at": to_datetime(session.created_at), "last_seen_at": to_datetime(session.last_seen_at)}
        expires_at = None if session.expires_at is None else to_datetime(session.expires_at)
        old = to_datetime(session.created_at - EXPIRED_KEPT)
        with self._engine.begin() as connection:
            connection.execute(FORGET_EXPIRED, {"username": session.username, "old": old})
            connection.execute(OPEN_SESSION, {**session._asdict(), **times, "expires_at": expires_at})
            write_entry(connection, entry)

    def touch(self, session_hash: bytes, now: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(TOUCH, {"session_hash": session_hash, "now": to_datetime(now)})

    def sessions(self, username: str, now: int) -> Sequence[Session]:
        with self._engine.connect() as connection:
            return [_session(row) for row in connection.execute(SESSIONS, {"username": username, "now": to_datetime(now)})]

    def people(self, now: int, username: str | None = None) -> Sequence[Person]:
        with self._engine.connect() as connection:
            return [_person(row) for row in connection.execute(PEOPLE, {"username": username, "now": to_datetime(now)})]

    def names(self) -> dict[str, str]:
        """Username -> name of every account, also of those that are closed."""
        with self._engine.connect() as connection:
            return {row.username: row.name for row in connection.execute(NAMES)}

    def close_session(self, session_hash: bytes, entry: AuditEntry) -> bool:
        return self._change(CLOSE_SESSION, {"session_hash": session_hash, "now": to_datetime(entry.at)}, entry)

    def close_one(self, username: str, token_id: str, entry: AuditEntry, kinds: Sequence[str] = ("web", "token")) -> bool:
        values = {"username": username, "token_id": token_id, "kinds": list(kinds), "now": to_datetime(entry.at)}
        return self._change(CLOSE_ONE, values, entry)

    def close_all(self, username: str, kinds: Sequence[str], entry: AuditEntry) -> int:
        with self._engine.begin() as connection:
            ended = connection.execute(CLOSE_ALL, {"username": username, "kinds": list(kinds), "now": to_datetime(entry.at)}).rowcount
            write_entry(connection, entry)
        return ended

    def create(self, account: Account, entry: AuditEntry, scope: Scope | None = None) -> bool:
        with self._engine.begin() as connection:
            if not insert_account(connection, account, entry.at):
                return False
            if scope is not None:
                replace_scope(connection, account.username, scope, entry.at)
            write_entry(connection, entry)
        return True

    def reset_password(self, username: str, password_hash: str, entry: AuditEntry) -> bool:
        now = to_datetime(entry.at)
        with self._engine.begin() as connection:
            values = {"username": username, "password_hash": password_hash, "initial": True, "now": now}
            if connection.execute(SET_PASSWORD, values).rowcount == 0:
                return False
            connection.execute(END_SCOPE, {"username": username, "now": now})
            connection.execute(CLOSE_ALL, {"username": username, "kinds": ["web", "token"], "now": now})
            write_entry(connection, entry)
        return True

    def unlock(self, username: str, entry: AuditEntry) -> None:
        with self._engine.begin() as connection:
            connection.execute(FORGIVE_ALL, {"username": username})
            write_entry(connection, entry)

    def set_scope(self, username: str, scope: Scope, entry: AuditEntry) -> bool:
        with self._engine.begin() as connection:
            if connection.execute(LOCK_USER, {"username": username}).one_or_none() is None:
                return False
            replace_scope(connection, username, scope, entry.at)
            write_entry(connection, entry)
        return True

    def set_active(self, username: str, active: bool, entry: AuditEntry) -> bool:
        ended = [] if active else ["web", "token"]
        return self._change(SET_ACTIVE, {"username": username, "active": active}, entry, ended)

    def set_password(self, username: str, password_hash: str, initial: bool, entry: AuditEntry) -> bool:
        values = {"username": username, "password_hash": password_hash, "initial": initial, "now": to_datetime(entry.at)}
        return self._change(SET_PASSWORD, values, entry, ["web"])

    def _change(self, statement: Any, values: dict[str, Any], entry: AuditEntry, ended: Sequence[str] = ()) -> bool:
        """Do one statement, end the account's sessions of the kinds `ended`, write the entry; nothing when no row was met."""
        with self._engine.begin() as connection:
            if connection.execute(statement, values).rowcount == 0:
                return False
            connection.execute(CLOSE_ALL, {"username": values.get("username", ""), "kinds": list(ended), "now": to_datetime(entry.at)})
            write_entry(connection, entry)
        return True


def _account(row: Row[Any]) -> Account:
    return Account(row.username, row.name, "", row.password_initial, row.active, row.demo, to_ms(row.password_set_at))


def _scope(row: Row[Any]) -> Scope:
    return Scope(frozenset(row.roles or ()), frozenset(row.regions or ()), frozenset(row.departments or ()))


def _person(row: Row[Any]) -> Person:
    seen, blocked = (None if at is None else to_ms(at) for at in (row.seen, row.blocked_until))
    return Person(_account(row), _scope(row), bool(row.ended), to_ms(row.created_at), seen, blocked, row.sessions, row.tokens)


def _session(row: Row[Any]) -> Session:
    expires_at = None if row.expires_at is None else to_ms(row.expires_at)
    times = to_ms(row.created_at), to_ms(row.last_seen_at), expires_at
    return Session(bytes(row.session_hash), row.username, row.kind, row.label, *times, row.scope, row.address, row.agent)
