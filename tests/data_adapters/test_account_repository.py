"""Accounts in PostgreSQL: attempts at once, scopes that follow each other, the accounts of the first start."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data_adapters.first_accounts import AccountsFileError, make_first_accounts
from data_adapters.passwords import Argon2Passwords
from data_adapters.sql.account_repository import AccountRepository
from domain.access import ADMINISTRATORS, ROLES
from services.account_ports import Account, AuditEntry, Scope, Session

NOW = 1_760_000_000_000
ENTRY = AuditEntry(NOW, "test", "test")


@pytest.fixture
def store(engine: Engine) -> AccountRepository:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE users, user_scopes, sessions, sign_in_attempts, audit_log CASCADE"))
    return AccountRepository(engine)


def wait_from_the_third(failures: int) -> int:
    return 1000 if failures >= 3 else 0


def test_attempts_made_at_once_are_all_counted(store: AccountRepository) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: store.attempt("wang", "10.0.0.1", NOW, wait_from_the_third), range(24)))
    assert sorted(waits) == [0] * 3 + [1000] * 21


def test_a_right_password_forgives_only_its_own_address(store: AccountRepository) -> None:
    for address in ("10.0.0.1", "10.0.0.2"):
        for _ in range(3):
            store.attempt("wang", address, NOW, wait_from_the_third)
    store.forgive("wang", "10.0.0.1")
    assert store.attempt("wang", "10.0.0.1", NOW, wait_from_the_third) == 0
    assert store.attempt("wang", "10.0.0.2", NOW, wait_from_the_third) == 1000


def test_scopes_follow_each_other_without_gap_or_overlap(store: AccountRepository, engine: Engine) -> None:
    store.create(Account("wang", "王", "-", initial=False), ENTRY)
    store.open_session(Session(b"h" * 32, "wang", "web", "", NOW, NOW, None), ENTRY)
    for at, role in ((NOW, "operator"), (NOW, "handler"), (NOW + 5, "leader"), (NOW + 3, "dispatcher")):
        assert store.set_scope("wang", Scope(frozenset({role})), ENTRY._replace(at=at))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM user_scopes WHERE valid_to IS NULL")).scalar_one() == 1
    held = [store.holder(b"h" * 32, at) for at in (NOW + 2, NOW + 3, NOW + 9)]
    assert [sorted(holder.scope.roles) for holder in held if holder] == [["handler"], ["dispatcher"], ["dispatcher"]]
    assert not store.set_scope("nobody", Scope(), ENTRY)


def test_sessions_that_ended_a_month_ago_are_forgotten_at_the_next_sign_in(store: AccountRepository) -> None:
    store.create(Account("wang", "王", "-", initial=False), ENTRY)
    month = 30 * 86_400_000
    for mark, expires_at in ((b"a", NOW - month - 1), (b"b", NOW - month), (b"c", None)):
        store.open_session(Session(mark * 32, "wang", "token", "", NOW - 2 * month, NOW, expires_at), ENTRY)
    store.open_session(Session(b"d" * 32, "wang", "web", "", NOW, NOW, NOW + 1), ENTRY)
    assert [mark for mark in (b"a", b"b", b"c", b"d") if store.holder(mark * 32, NOW)] == [b"b", b"c", b"d"]


def test_a_deed_and_its_audit_entry_are_one_transaction(store: AccountRepository, engine: Engine) -> None:
    unwritable = ENTRY._replace(detail={"nul": "\0"})
    with pytest.raises(Exception, match=r"unsupported Unicode|NUL|0x00"):
        store.create(Account("wang", "王", "-", initial=False), unwritable)
    assert store.account("wang") is None


def test_the_first_start_with_the_demo_makes_one_account_per_role(store: AccountRepository, engine: Engine, tmp_path: Path) -> None:
    hasher = Argon2Passwords()
    assert make_first_accounts(engine, tmp_path, True, hasher, NOW)
    path = tmp_path / "accounts.json"
    logins = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(logins) == list(ROLES) and len({login["password"] for login in logins.values()}) == len(ROLES)
    for login in logins.values():
        account = store.account(login["username"])
        assert account and account.demo and not account.initial and hasher.verify(account.password_hash, login["password"])


def test_without_the_demo_there_are_the_three_administrators(store: AccountRepository, engine: Engine, tmp_path: Path) -> None:
    assert make_first_accounts(engine, tmp_path, False, Argon2Passwords(), NOW)
    assert set(json.loads((tmp_path / "accounts.json").read_text())) == ADMINISTRATORS


def test_a_second_start_changes_nothing(store: AccountRepository, engine: Engine, tmp_path: Path) -> None:
    make_first_accounts(engine, tmp_path, True, Argon2Passwords(), NOW)
    before = (tmp_path / "accounts.json").read_bytes()
    (tmp_path / "accounts.json").unlink()
    assert not make_first_accounts(engine, tmp_path, True, Argon2Passwords(), NOW)
    assert not (tmp_path / "accounts.json").exists(), "passwords that somebody took away are not made anew"
    assert b"operator" in before


def test_a_start_that_died_after_the_file_takes_its_passwords(store: AccountRepository, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "accounts.json").write_text(json.dumps({"auditor": {"username": "aud", "password": "kept from before"}}))
    hasher = Argon2Passwords()
    assert make_first_accounts(engine, tmp_path, True, hasher, NOW)
    account = store.account("aud")
    assert account and hasher.verify(account.password_hash, "kept from before")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"king": {}}', '{"auditor": {"username": 1, "password": "x"}}'])
def test_a_spoilt_accounts_file_is_named(store: AccountRepository, engine: Engine, tmp_path: Path, content: str) -> None:
    (tmp_path / "accounts.json").write_text(content)
    with pytest.raises(AccountsFileError, match=r"accounts\.json"):
        make_first_accounts(engine, tmp_path, True, Argon2Passwords(), NOW)


@pytest.mark.parametrize("broken", ["", "x", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "\0"])
def test_a_hash_that_cannot_be_read_is_a_wrong_password(broken: str) -> None:
    assert not Argon2Passwords().verify(broken, "anything")
