"""What administrators do with accounts: make them, give rights, lock and unlock them, reset passwords, end sessions, revoke tokens.

GB/T 22239-2019, 8.1.5 (三员): the system administrator looks after identities, makes accounts and resets passwords, and gives no
rights; the security administrator gives roles and scope, to others only, and never learns a password; the auditor reads what both did.
A password that an administrator made gives no rights until its owner has changed it, and a reset ends the rights that were held: no
single administrator becomes somebody else. An administrator of a part of the city looks after the accounts inside it.
"""

import secrets
from collections.abc import Callable, Sequence

from domain import sign_in
from domain.access import Actor, Forbidden, roles_problem
from domain.registry import Region
from services.account_ports import Account, AccountStore, AuditEntry, PasswordHasher, Person, Scope, Session
from services.accounts import Accounts

LABEL_LENGTH = 64
CODE_LENGTH = 64
INITIAL_BYTES = 12
BOTH = ("web", "token")


class NotTaken(ValueError):
    """The input cannot be used; the text tells why, `code` names the reason for the words of a page."""

    def __init__(self, text: str, code: str = "input") -> None:
        super().__init__(text)
        self.code = code


class UserDesk:
    """Accounts, scopes and sessions of others, as far as the actor may. `regions` gives all regions by code."""

    def __init__(
        self, store: AccountStore, hasher: PasswordHasher, accounts: Accounts, regions: Callable[[], dict[str, Region]] = dict
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._accounts = accounts
        self._regions = regions

    def people(self, actor: Actor, at: int) -> Sequence[Person]:
        """The accounts that the actor looks after, by name. Raises Forbidden for all but the two administrators who do."""
        _need(actor, "create_user", "manage_users")
        regions = self._regions()
        return [one for one in self._store.people(at) if _covers(actor, one.scope, regions)]

    def person(self, actor: Actor, username: str, at: int) -> Person:
        """One of them. Raises Forbidden, LookupError."""
        _need(actor, "create_user", "manage_users")
        return self._looked_after(actor, username, at)

    def colleagues(self, actor: Actor, at: int) -> frozenset[str]:
        """The usernames whose accounts lie in the actor's scope: whose deeds an auditor of a part of the city reads."""
        regions = self._regions()
        return frozenset(one.account.username for one in self._store.people(at) if _covers(actor, one.scope, regions))

    def create(self, actor: Actor, username: str, name: str, password: str | None, now: int, address: str = "") -> str:
        """Make an account without any right; returns its initial password (one is made up for None). A username has no colon: that marks
        what a rule or a screen did, and nobody may pass for one.

        Raises Forbidden, or NotTaken for what cannot be a name or a password.
        """
        _need(actor, "create_user")
        if not sign_in.username_ok(username) or ":" in username or not plain(name, sign_in.USERNAME_LENGTH):
            raise NotTaken(f"a name has 1 to {sign_in.USERNAME_LENGTH} printable characters", "name")
        initial = self._initial(username, password)
        account = Account(username, name, self._hasher.hash(initial), initial=True)
        entry = AuditEntry(now, actor.username, "create_user", username, address=address)
        if not self._store.create(account, entry, Scope(frozenset(), actor.regions, actor.departments)):
            raise NotTaken(f"the username {username} is taken", "taken")
        return initial

    def reset_password(self, actor: Actor, username: str, password: str | None, now: int, address: str = "") -> str:
        """Set an initial password for somebody else; sessions and tokens end, rights rest until they are given again.

        Returns the password. Raises Forbidden, NotTaken, LookupError.
        """
        _need(actor, "create_user")
        _not_oneself(actor, username)
        self._looked_after(actor, username, now)
        initial = self._initial(username, password)
        entry = AuditEntry(now, actor.username, "reset_password", username, address=address)
        found(self._store.reset_password(username, self._hasher.hash(initial), entry))
        self._accounts.forget()
        return initial

    def set_scope(self, actor: Actor, username: str, scope: Scope, now: int, address: str = "") -> None:
        """Give somebody else roles and scope from now on, in place of those held. Raises Forbidden, NotTaken, LookupError."""
        self._managed(actor, username, now)
        if problem := roles_problem(scope.roles):
            raise NotTaken(problem, "roles")
        if not all(plain(code, CODE_LENGTH) for code in scope.regions | scope.departments):
            raise NotTaken("a region or department is named by its code", "codes")
        if not _covers(actor, scope, self._regions()):
            raise Forbidden("nobody gives more than they look after")
        detail = {"roles": sorted(scope.roles), "regions": sorted(scope.regions), "departments": sorted(scope.departments)}
        entry = AuditEntry(now, actor.username, "set_scope", username, address=address, detail=detail)
        found(self._store.set_scope(username, scope, entry))
        self._accounts.forget()

    def set_active(self, actor: Actor, username: str, active: bool, now: int, address: str = "") -> None:
        """Lock somebody else out, all sessions and tokens with it, or let them in again. Raises Forbidden, LookupError."""
        self._managed(actor, username, now)
        action = "unlock_user" if active else "lock_user"
        found(self._store.set_active(username, active, AuditEntry(now, actor.username, action, username, address=address)))
        self._accounts.forget()

    def unlock(self, actor: Actor, username: str, now: int, address: str = "") -> None:
        """Lift the waiting time after failed sign-ins, from every address. Raises Forbidden, LookupError."""
        self._managed(actor, username, now)
        self._store.unlock(username, AuditEntry(now, actor.username, "lift_wait", username, address=address))

    def sessions_of(self, actor: Actor, username: str, at: int) -> Sequence[Session]:
        """Somebody's sessions and tokens, newest first. Raises Forbidden, LookupError."""
        _need(actor, "manage_users")
        self._looked_after(actor, username, at)
        return self._store.sessions(username, at)

    def end_session(self, actor: Actor, username: str, session_id: str, now: int, address: str = "") -> None:
        """End one session or revoke one token of somebody. Raises Forbidden, LookupError."""
        _need(actor, "manage_users")
        self._looked_after(actor, username, now)
        entry = AuditEntry(now, actor.username, "end_session", username, address=address, detail={"session": session_id})
        found(plain(session_id, LABEL_LENGTH) and self._store.close_one(username, session_id, entry))
        self._accounts.forget()

    def end_sessions(self, actor: Actor, username: str, now: int, address: str = "") -> int:
        """End all sessions and tokens of somebody; how many there were. Raises Forbidden, LookupError."""
        _need(actor, "manage_users")
        self._looked_after(actor, username, now)
        ended = self._store.close_all(username, BOTH, AuditEntry(now, actor.username, "end_sessions", username, address=address))
        self._accounts.forget()
        return ended

    def _managed(self, actor: Actor, username: str, now: int) -> None:
        _need(actor, "manage_users")
        _not_oneself(actor, username)
        self._looked_after(actor, username, now)

    def _looked_after(self, actor: Actor, username: str, at: int) -> Person:
        """An account outside the actor's scope is as good as unknown."""
        people = self._store.people(at, username) if plain(username, sign_in.USERNAME_LENGTH) else []
        if not people or not _covers(actor, people[0].scope, self._regions()):
            raise LookupError
        return people[0]

    def _initial(self, username: str, password: str | None) -> str:
        """The password that was typed, if it is fit, or one with all kinds of characters."""
        if password is None:
            return f"{secrets.token_urlsafe(INITIAL_BYTES)}-{secrets.choice('abcdefgh')}{secrets.choice('ABCDEFGH')}{secrets.randbelow(10)}"
        if flaw := self._accounts.policy.flaw(password, username):
            raise NotTaken(flaw.text, flaw.code)
        return password


def found(done: bool) -> None:
    """Raises LookupError unless something was met."""
    if not done:
        raise LookupError


def plain(text: str, longest: int) -> bool:
    """Whether a text can be a label, a name or a code: printable, not empty, not longer."""
    return 0 < len(text) <= longest and text.isprintable()


def _need(actor: Actor, *actions: str) -> None:
    if not any(actor.may(action) for action in actions):
        raise Forbidden(actions[-1])


def _not_oneself(actor: Actor, username: str) -> None:
    if username == actor.username:
        raise Forbidden("nobody changes their own rights")


def _covers(actor: Actor, scope: Scope, regions: dict[str, Region]) -> bool:
    return actor.covers(scope.regions, scope.departments, regions)
