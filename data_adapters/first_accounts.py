"""The accounts of the first start: made once, in an empty database, with random passwords in `<data-dir>/accounts.json`."""

import json
import os
import secrets
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from data_adapters.sql.account_repository import insert_account, replace_scope
from data_adapters.sql.audit_repository import write_entry
from domain.access import ADMINISTRATORS, ROLES
from services.account_ports import Account, AuditEntry, PasswordHasher, Scope

FILE = "accounts.json"
NAMES = {
    "operator": "值班员",
    "dispatcher": "派遣员",
    "duty_officer": "值班长",
    "leader": "带班领导",
    "handler": "处置员",
    "data_steward": "数据管理员",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "auditor": "审计管理员",
}

Logins = dict[str, dict[str, str]]
"""Role -> {"username", "password"}."""


class AccountsFileError(Exception):
    """accounts.json is there and cannot be read."""


def make_first_accounts(engine: Engine, data_dir: Path, demo: bool, hasher: PasswordHasher, now: int) -> bool:
    """Make the first accounts; True when this start made them. A database that has accounts is left alone.

    The file is written before the accounts, and taken as it is when it is there: a crash in between loses no password.
    """
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE users IN EXCLUSIVE MODE"))
        if connection.execute(text("SELECT EXISTS (SELECT FROM users)")).scalar_one():
            return False
        for role, login in _logins(data_dir / FILE, demo).items():
            _add(connection, role, login, demo, hasher, now)
    return True


def _add(connection: Connection, role: str, login: dict[str, str], demo: bool, hasher: PasswordHasher, now: int) -> None:
    username = login["username"]
    account = Account(username, NAMES[role], hasher.hash(login["password"]), initial=False, demo=demo)
    insert_account(connection, account, now)
    replace_scope(connection, username, Scope(frozenset({role})), now)
    write_entry(connection, AuditEntry(now, "first_start", "create_user", username, detail={"roles": [role]}))


def _logins(path: Path, demo: bool) -> Logins:
    if not path.exists():
        roles = [role for role in ROLES if demo or role in ADMINISTRATORS]
        _write(path, {role: {"username": role, "password": secrets.token_urlsafe(18)} for role in roles})
    return _read(path)


def _write(path: Path, logins: Logins) -> None:
    """All or nothing, readable by nobody else at any moment."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(logins, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _read(path: Path) -> Logins:
    try:
        logins: Logins = json.loads(path.read_text(encoding="utf-8"))
        for role, login in logins.items():
            if role not in ROLES or not all(isinstance(login[key], str) and login[key] for key in ("username", "password")):
                raise ValueError(role)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise AccountsFileError(f"{path} is no list of accounts ({error}); move it away and new ones are made") from error
    return logins
