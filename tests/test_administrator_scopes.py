"""Two administrators of two towns: neither sees, changes or gives anything of the other's accounts; an auditor reads the own town."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data_adapters.passwords import Argon2Passwords
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.audit_repository import AuditRepository
from domain.access import Actor, Forbidden
from domain.registry import Region
from services.account_ports import Account, AuditEntry, AuditQuery, Scope
from services.accounts import Accounts
from services.audit import Audit
from services.own_account import OwnAccount
from services.user_desk import UserDesk

NOW = 1_760_000_000_000
TOWNS = {"east": "441900003", "west": "441900004"}
OTHER = {"east": "west", "west": "east"}
REGIONS = {
    "441900": Region("441900", "东莞市", None, "city"),
    **{code: Region(code, side, "441900", "town") for side, code in TOWNS.items()},
}


@dataclass
class Desks:
    """What the tests speak to."""

    user_desk: UserDesk
    audit: Audit
    accounts: Accounts
    own: OwnAccount


def administrator(role: str, side: str) -> Actor:
    return Actor(f"{role}-{side}", frozenset({role}), regions=frozenset({TOWNS[side]}))


Call = Callable[[Desks, str, str], Any]
"""Desks, the administrator's side, the side whose account it is about."""
SYSTEM: dict[str, Call] = {
    "user_desk.person": lambda desks, mine, side: desks.user_desk.person(administrator("system_admin", mine), side, NOW),
    "user_desk.reset_password": lambda desks, mine, side: desks.user_desk.reset_password(
        administrator("system_admin", mine), side, None, NOW
    ),
}
SECURITY: dict[str, Call] = {
    "user_desk.set_scope": lambda desks, mine, side: desks.user_desk.set_scope(
        administrator("security_admin", mine), side, Scope(frozenset({"leader"}), frozenset({TOWNS[mine]})), NOW
    ),
    "user_desk.set_active": lambda desks, mine, side: desks.user_desk.set_active(administrator("security_admin", mine), side, False, NOW),
    "user_desk.unlock": lambda desks, mine, side: desks.user_desk.unlock(administrator("security_admin", mine), side, NOW),
    "user_desk.sessions_of": lambda desks, mine, side: desks.user_desk.sessions_of(administrator("security_admin", mine), side, NOW),
    "user_desk.end_sessions": lambda desks, mine, side: desks.user_desk.end_sessions(administrator("security_admin", mine), side, NOW),
    "user_desk.end_session": lambda desks, mine, side: desks.user_desk.end_session(
        administrator("security_admin", mine), side, desks.own.tokens(Actor(side), NOW)[0].token_id, NOW
    ),
}
LISTS: dict[str, Call] = {
    "user_desk.people": lambda desks, mine, _: desks.user_desk.people(administrator("security_admin", mine), NOW),
    "user_desk.colleagues": lambda desks, mine, _: sorted(desks.user_desk.colleagues(administrator("auditor", mine), NOW)),
    "audit.search": lambda desks, mine, _: desks.audit.search(administrator("auditor", mine), AuditQuery(action="sign_in"), NOW + 9),
    "audit.export": lambda desks, mine, _: desks.audit.export(administrator("auditor", mine), AuditQuery(action="sign_in"), NOW + 9),
}
HELD = {*SYSTEM, *SECURITY, *LISTS, "user_desk.create", "audit.actions", "audit.record"}
"""Every method of the two services: the last three make what is new, name kinds of deeds, and take a name instead of an actor."""


@pytest.fixture
def desks(engine: Engine) -> Desks:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE users, user_scopes, sessions, sign_in_attempts, audit_log CASCADE"))
    store, audit, hasher = AccountRepository(engine), AuditRepository(engine), Argon2Passwords()
    accounts = Accounts(store, audit, hasher)
    user_desk = UserDesk(store, hasher, accounts, lambda: REGIONS)
    own = OwnAccount(store, hasher, accounts)
    for side, town in TOWNS.items():
        entry = AuditEntry(NOW, "test", "create_user", side)
        store.create(Account(side, side, hasher.hash("a password"), False), entry, Scope(frozenset({"operator"}), frozenset({town})))
        accounts.sign_in(side, "a password", NOW)
        own.make_token(Actor(side, frozenset({"operator"})), "program", 30, NOW)
    return Desks(user_desk, Audit(audit, user_desk.colleagues), accounts, own)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", [*SYSTEM, *SECURITY])
def test_an_administrator_of_a_town_works_on_its_accounts_and_no_other(desks: Desks, name: str, side: str) -> None:
    call = {**SYSTEM, **SECURITY}[name]
    with pytest.raises(LookupError):
        call(desks, side, OTHER[side])
    call(desks, side, side)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_the_own_town_and_nothing_of_the_other(desks: Desks, name: str, side: str) -> None:
    shown = str(LISTS[name](desks, side, side))
    assert f"'{side}'" in shown and f"'{OTHER[side]}'" not in shown


@pytest.mark.parametrize("wider", [frozenset(), frozenset({"441900"}), frozenset({TOWNS["east"], TOWNS["west"]})])
def test_nobody_gives_a_wider_scope_than_they_look_after(desks: Desks, wider: frozenset[str]) -> None:
    with pytest.raises(Forbidden):
        desks.user_desk.set_scope(administrator("security_admin", "east"), "east", Scope(frozenset({"leader"}), wider), NOW)


def test_an_account_made_by_a_towns_administrator_belongs_to_the_town(desks: Desks) -> None:
    desks.user_desk.create(administrator("system_admin", "east"), "li", "李", None, NOW)
    seen = {side: [one.account.username for one in LISTS["user_desk.people"](desks, side, side)] for side in TOWNS}
    assert seen == {"east": ["east", "li"], "west": ["west"]}


@pytest.mark.parametrize("role", ["operator", "leader", "data_steward", "auditor"])
def test_without_the_right_nobody_sees_accounts_and_without_the_role_nobody_reads_deeds(desks: Desks, role: str) -> None:
    with pytest.raises(Forbidden):
        desks.user_desk.people(Actor("x", frozenset({role})), NOW)
    with pytest.raises(Forbidden):
        desks.audit.search(Actor("x", frozenset({role}) - {"auditor"}), AuditQuery(), NOW)
