"""Signing in, sessions, tokens and the three administrators, on real PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data_adapters.passwords import Argon2Passwords
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.audit_repository import AuditRepository
from domain import sign_in
from domain.access import ADMINISTRATORS, MAY, Actor, Forbidden, roles_problem
from services.account_ports import Account, AuditEntry, AuditQuery, Scope
from services.accounts import Accounts, SignInFailed, TooManyAttempts
from services.audit import Audit
from services.own_account import OwnAccount
from services.user_desk import NotTaken, UserDesk

NOW = 1_760_000_000_000
PASSWORD = "correct horse battery"
SYSTEM = Actor("sys", frozenset({"system_admin"}))
SECURITY = Actor("sec", frozenset({"security_admin"}))
AUDITOR = Actor("aud", frozenset({"auditor"}))


@dataclass
class House:
    """What the tests speak to; `other` is a second web worker on the same database."""

    engine: Engine
    accounts: Accounts
    other: Accounts
    desk: UserDesk
    own: OwnAccount
    audit: Audit

    def deeds(self) -> list[tuple[str, str, str]]:
        return [(entry.actor, entry.action, entry.outcome) for entry in self.entries()]

    def entries(self, **asked: Any) -> Sequence[AuditEntry]:
        return AuditRepository(self.engine).search(AuditQuery(**asked), None, 0, 100)[0]


@pytest.fixture
def house(engine: Engine) -> House:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE users, user_scopes, sessions, sign_in_attempts, audit_log CASCADE"))
    store, audit, hasher = AccountRepository(engine), AuditRepository(engine), Argon2Passwords()
    accounts = Accounts(store, audit, hasher)
    account = Account("wang", "王", hasher.hash(PASSWORD), initial=False)
    store.create(account, AuditEntry(NOW, "test", "create_user", "wang"))
    store.set_scope("wang", Scope(frozenset({"operator"}), frozenset({"441900"})), AuditEntry(NOW, "test", "set_scope", "wang"))
    desks = UserDesk(store, hasher, accounts), OwnAccount(store, hasher, accounts)
    return House(engine, accounts, Accounts(store, audit, hasher), *desks, Audit(audit))


def test_a_person_signs_in_and_is_known_with_roles_and_scope(house: House) -> None:
    token = house.accounts.sign_in("wang", PASSWORD, NOW, "10.0.0.1")
    actor = house.other.actor_of(token, NOW + 1)
    assert actor == Actor("wang", frozenset({"operator"}), frozenset({"441900"}))
    assert ("wang", "sign_in", "ok") in house.deeds()


def test_of_a_token_only_its_sha256_is_stored(house: House) -> None:
    token = house.accounts.sign_in("wang", PASSWORD, NOW)
    with house.engine.connect() as connection:
        everything = str(connection.execute(text("SELECT row_to_json(s)::text FROM sessions s")).all())
        everything += str(connection.execute(text("SELECT row_to_json(u)::text FROM users u")).all())
    assert len(token) == 43 and token not in everything and PASSWORD not in everything
    assert "$argon2id$" in everything


@pytest.mark.parametrize(
    ("username", "password"),
    [("wang", "wrong"), ("nobody", PASSWORD), ("", PASSWORD), ("a\0b", "x"), ("\ud800", "\ud800"), ("wang", "x" * 9999)],
)
def test_unknown_user_wrong_password_and_nonsense_get_the_same_answer(house: House, username: str, password: str) -> None:
    with pytest.raises(SignInFailed):
        house.accounts.sign_in(username, password, NOW)
    assert house.deeds()[0][1:] == ("sign_in", "failed")


def test_after_ten_failures_the_wait_grows_and_holds_on_every_web_worker(house: House) -> None:
    for _ in range(sign_in.FREE_FAILURES):
        with pytest.raises(SignInFailed):
            house.accounts.sign_in("wang", "wrong", NOW, "10.0.0.1")
    with pytest.raises(TooManyAttempts) as first:
        house.other.sign_in("wang", PASSWORD, NOW, "10.0.0.1")
    assert first.value.wait_ms == 1000
    with pytest.raises(SignInFailed):
        house.other.sign_in("wang", "wrong", NOW + 1000, "10.0.0.1")
    with pytest.raises(TooManyAttempts) as second:
        house.accounts.sign_in("wang", PASSWORD, NOW + 1000, "10.0.0.1")
    assert second.value.wait_ms == 2000
    assert house.accounts.sign_in("wang", PASSWORD, NOW + 1000, "10.0.0.2"), "another address is not locked out"
    assert house.accounts.sign_in("wang", PASSWORD, NOW + 3000, "10.0.0.1")
    with pytest.raises(SignInFailed):
        house.accounts.sign_in("wang", "wrong", NOW + 3001, "10.0.0.1")


def test_an_unknown_username_is_made_to_wait_like_a_known_one(house: House) -> None:
    for _ in range(sign_in.FREE_FAILURES):
        with pytest.raises(SignInFailed):
            house.accounts.sign_in("nobody", "wrong", NOW)
    with pytest.raises(TooManyAttempts):
        house.accounts.sign_in("nobody", "wrong", NOW)


def test_failures_are_forgotten_after_a_day(house: House) -> None:
    for _ in range(sign_in.FREE_FAILURES):
        with pytest.raises(SignInFailed):
            house.accounts.sign_in("wang", "wrong", NOW)
    with pytest.raises(SignInFailed):
        house.accounts.sign_in("wang", "wrong", NOW + sign_in.DAY + 1)
    assert house.accounts.sign_in("wang", PASSWORD, NOW + sign_in.DAY + 1)


def test_a_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [sign_in.Policy().wait_after(n) for n in (0, 9, 10, 11, 12, 19, 20, 10_000)]
    assert waits == [0, 0, 1000, 2000, 4000, 512_000, 900_000, 900_000]


def test_a_session_slides_with_use_and_ends_twelve_hours_after_the_last(house: House) -> None:
    token = house.accounts.sign_in("wang", PASSWORD, NOW)
    eleven = NOW + 11 * sign_in.HOUR
    assert house.accounts.actor_of(token, eleven)
    assert house.other.actor_of(token, eleven + sign_in.IDLE_LIMIT - 1)
    last = eleven + sign_in.IDLE_LIMIT - 1
    assert house.other.actor_of(token, last + sign_in.IDLE_LIMIT) is None


def test_a_session_ends_after_seven_days_of_constant_use(house: House) -> None:
    token = house.accounts.sign_in("wang", PASSWORD, NOW)
    for hours in range(6, 168, 6):
        assert house.accounts.actor_of(token, NOW + hours * sign_in.HOUR)
    assert house.accounts.actor_of(token, NOW + sign_in.SESSION_LIMIT - 1)
    assert house.other.actor_of(token, NOW + sign_in.SESSION_LIMIT) is None


def test_signing_out_ends_the_session_here_at_once_and_elsewhere_within_two_seconds(house: House) -> None:
    token = house.accounts.sign_in("wang", PASSWORD, NOW)
    assert house.accounts.actor_of(token, NOW) and house.other.actor_of(token, NOW)
    assert house.accounts.revoke(token, NOW + 1)
    assert house.accounts.actor_of(token, NOW + 1) is None
    assert house.other.actor_of(token, NOW + 2000) is None
    assert not house.accounts.revoke(token, NOW + 3)
    assert [deed for deed in house.deeds() if deed[1] == "sign_out"] == [("wang", "sign_out", "ok")]


def test_a_changed_scope_holds_for_sessions_that_are_open(house: House) -> None:
    token = house.accounts.sign_in("wang", PASSWORD, NOW)
    assert house.accounts.actor_of(token, NOW)
    house.desk.set_scope(SECURITY, "wang", Scope(frozenset({"leader"}), frozenset({"441900001"})), NOW + 5)
    for accounts, at in ((house.accounts, NOW + 5), (house.other, NOW + 2005)):
        actor = accounts.actor_of(token, at)
        assert actor and actor.roles == {"leader"} and actor.regions == {"441900001"}


def test_a_scope_that_has_ended_gives_no_right(house: House) -> None:
    token = house.accounts.sign_in("wang", PASSWORD, NOW)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE user_scopes SET valid_to = to_timestamp(:end)"), {"end": NOW / 1000 + 60})
    assert house.accounts.actor_of(token, NOW + 59_000) == Actor("wang", frozenset({"operator"}), frozenset({"441900"}))
    assert house.other.actor_of(token, NOW + 60_000) == Actor("wang")


def test_a_locked_account_loses_sessions_and_tokens_and_cannot_sign_in(house: House) -> None:
    session = house.accounts.sign_in("wang", PASSWORD, NOW)
    token, _ = house.own.make_token(Actor("wang", frozenset({"operator"})), "report", 30, NOW)
    house.desk.set_active(SECURITY, "wang", False, NOW + 1)
    assert house.accounts.actor_of(session, NOW + 1) is None and house.accounts.actor_of(token, NOW + 1) is None
    with pytest.raises(SignInFailed):
        house.accounts.sign_in("wang", PASSWORD, NOW + 2)
    house.desk.set_active(SECURITY, "wang", True, NOW + 3)
    assert house.accounts.actor_of(token, NOW + 3) is None, "what was revoked stays revoked"
    assert house.accounts.sign_in("wang", PASSWORD, NOW + 3)


def test_an_api_token_has_its_owners_rights_until_it_expires_or_is_revoked(house: House) -> None:
    wang = Actor("wang", frozenset({"operator"}))
    token, session = house.own.make_token(wang, "report", 30, NOW)
    actor = house.accounts.actor_of(token, NOW + 29 * sign_in.DAY)
    assert actor and actor.roles == {"operator"}
    assert house.accounts.actor_of(token, NOW + 30 * sign_in.DAY) is None
    assert [t.label for t in house.own.tokens(wang, NOW)] == ["report"]
    with pytest.raises(LookupError):
        house.own.revoke_token(Actor("li", frozenset({"operator"})), session.token_id, NOW)
    house.own.revoke_token(wang, session.token_id, NOW)
    assert house.accounts.actor_of(token, NOW) is None and not house.own.tokens(wang, NOW)
    assert {("wang", "make_token", "ok"), ("wang", "revoke_token", "ok")} <= set(house.deeds())


@pytest.mark.parametrize(("label", "days"), [("", 30), ("x" * 65, 30), ("a\0", 30), ("ok", 0), ("ok", 366)])
def test_a_token_without_a_fit_label_or_life_is_not_made(house: House, label: str, days: int) -> None:
    with pytest.raises(NotTaken):
        house.own.make_token(Actor("wang", frozenset({"operator"})), label, days, NOW)


def test_changing_the_password_ends_every_session_and_keeps_api_tokens(house: House) -> None:
    wang = Actor("wang", frozenset({"operator"}))
    session = house.accounts.sign_in("wang", PASSWORD, NOW)
    token, _ = house.own.make_token(wang, "report", 30, NOW)
    with pytest.raises(SignInFailed):
        house.own.change_password(wang, "wrong", "another good one", NOW)
    for useless in ("short", PASSWORD, "x" * 300, "with\0nul in the middle"):
        with pytest.raises(NotTaken):
            house.own.change_password(wang, PASSWORD, useless, NOW)
    house.own.change_password(wang, PASSWORD, "another good one", NOW)
    assert house.accounts.actor_of(session, NOW) is None and house.accounts.actor_of(token, NOW)
    assert house.accounts.sign_in("wang", "another good one", NOW)


def test_a_new_account_may_do_nothing_until_its_owner_has_changed_the_password(house: House) -> None:
    house.desk.create(SYSTEM, "li", "李", "initial password", NOW)
    house.desk.set_scope(SECURITY, "li", Scope(frozenset({"auditor"})), NOW)
    token = house.accounts.sign_in("li", "initial password", NOW)
    li = house.accounts.actor_of(token, NOW)
    assert li == Actor("li") and not any(li.may(action) for action in MAY)
    house.own.change_password(li, "initial password", "a password of my own", NOW)
    actor = house.accounts.actor_of(house.accounts.sign_in("li", "a password of my own", NOW), NOW)
    assert actor and actor.roles == {"auditor"}
    with pytest.raises(NotTaken):
        house.desk.create(SYSTEM, "li", "李", "initial password", NOW)


@pytest.mark.parametrize("username", ["rule:alarm", "screen:1", "a/b", " li", ""])
def test_nobody_takes_a_name_that_is_none_or_passes_for_a_rule(house: House, username: str) -> None:
    with pytest.raises(NotTaken):
        house.desk.create(SYSTEM, username, "李", "initial password", NOW)


def test_no_administrator_may_do_what_another_may() -> None:
    for action, roles in MAY.items():
        assert len(roles & ADMINISTRATORS) <= 1, action
    assert roles_problem(frozenset({"auditor"})) is None
    assert roles_problem(frozenset({"auditor", "operator"})) and roles_problem(frozenset({"king"}))


def test_none_of_the_three_administrators_does_anothers_work(house: House) -> None:
    operator = Scope(frozenset({"operator"}))
    for actor in (SECURITY, AUDITOR, Actor("wang", frozenset({"operator"}))):
        with pytest.raises(Forbidden):
            house.desk.create(actor, "new", "新", "initial password", NOW)
    for actor in (SYSTEM, AUDITOR, Actor("wang", frozenset({"operator"}))):
        with pytest.raises(Forbidden):
            house.desk.set_scope(actor, "wang", operator, NOW)
        with pytest.raises(Forbidden):
            house.desk.set_active(actor, "wang", False, NOW)
    for actor in (SYSTEM, SECURITY, Actor("wang", frozenset({"operator"}))):
        with pytest.raises(Forbidden):
            house.audit.search(actor, AuditQuery(), NOW)


def test_the_security_administrator_cannot_raise_themselves_or_mix_administrators(house: House) -> None:
    with pytest.raises(Forbidden):
        house.desk.set_scope(SECURITY, "sec", Scope(frozenset({"auditor"})), NOW)
    with pytest.raises(NotTaken):
        house.desk.set_scope(SECURITY, "wang", Scope(frozenset({"system_admin", "auditor"})), NOW)
    with pytest.raises(NotTaken):
        house.desk.set_scope(SECURITY, "wang", Scope(frozenset({"operator"}), frozenset({"a\0b"})), NOW)
    with pytest.raises(LookupError):
        house.desk.set_scope(SECURITY, "nobody", Scope(frozenset({"operator"})), NOW)


def test_the_audit_log_tells_what_was_known_at_a_moment(house: House) -> None:
    house.accounts.sign_in("wang", PASSWORD, NOW + 10)
    assert [entry.action for entry in house.entries(until=NOW + 10)] == ["set_scope", "create_user"]
    assert [entry.action for entry in house.entries(since=NOW + 10)] == ["sign_in"]
    assert len(house.audit.search(AUDITOR, AuditQuery(), NOW + 20, limit=1)[0]) == 1
