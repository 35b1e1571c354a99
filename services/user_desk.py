"""What people do with accounts: make them, give rights, lock them, change the own password, make API tokens.

Three administrators share it so that none can do another's work: the system administrator makes an account whose password gives
no rights until its owner has changed it; the security administrator gives roles and scope, to others only; the auditor reads.
"""

from collections.abc import Sequence

from domain import sign_in
from domain.access import Actor, Forbidden, roles_problem
from services.account_ports import Account, AccountStore, AuditEntry, PasswordHasher, Scope, Session
from services.accounts import Accounts, SignInFailed, TooManyAttempts, new_session

LABEL_LENGTH = 64
CODE_LENGTH = 64


class NotTaken(ValueError):
    """The input cannot be used; the text tells a person why."""


class UserDesk:
    """Accounts, scopes and tokens, as far as the actor may."""

    def __init__(self, store: AccountStore, hasher: PasswordHasher, accounts: Accounts) -> None:
        self._store = store
        self._hasher = hasher
        self._accounts = accounts

    def create(self, actor: Actor, username: str, name: str, password: str, now: int, address: str = "") -> None:
        """Make an account without any right. Raises Forbidden, or NotTaken for what cannot be a name or a password."""
        _need(actor, "create_user")
        if not sign_in.username_ok(username) or not _plain(name, sign_in.USERNAME_LENGTH):
            raise NotTaken(f"a name has 1 to {sign_in.USERNAME_LENGTH} printable characters")
        _check_password(password)
        account = Account(username, name, self._hasher.hash(password), initial=True)
        if not self._store.create(account, AuditEntry(now, actor.username, "create_user", username, address=address)):
            raise NotTaken(f"the username {username} is taken")

    def set_scope(self, actor: Actor, username: str, scope: Scope, now: int, address: str = "") -> None:
        """Give somebody else roles and scope from now on, in place of those held. Raises Forbidden, NotTaken, LookupError."""
        _need(actor, "manage_users")
        _not_oneself(actor, username)
        if problem := roles_problem(scope.roles):
            raise NotTaken(problem)
        if not all(_plain(code, CODE_LENGTH) for code in scope.regions | scope.departments):
            raise NotTaken("a region or department is named by its code")
        detail = {"roles": sorted(scope.roles), "regions": sorted(scope.regions), "departments": sorted(scope.departments)}
        entry = AuditEntry(now, actor.username, "set_scope", username, address=address, detail=detail)
        _found(self._store.set_scope(username, scope, entry))
        self._accounts.forget()

    def set_active(self, actor: Actor, username: str, active: bool, now: int, address: str = "") -> None:
        """Lock somebody else out, all sessions and tokens with it, or let them in again. Raises Forbidden, LookupError."""
        _need(actor, "manage_users")
        _not_oneself(actor, username)
        action = "unlock_user" if active else "lock_user"
        _found(self._store.set_active(username, active, AuditEntry(now, actor.username, action, username, address=address)))
        self._accounts.forget()

    def change_password(self, actor: Actor, old: str, new: str, now: int, address: str = "") -> None:
        """Change the own password; every session ends, this one too. Raises SignInFailed, TooManyAttempts, NotTaken."""
        _check_password(new)
        if wait := self._store.attempt(actor.username, address, now, sign_in.wait_after):
            raise TooManyAttempts(wait)
        account = self._store.account(actor.username)
        if account is None or len(old) > sign_in.PASSWORD_LENGTH[1] or not self._hasher.verify(account.password_hash, old):
            raise SignInFailed
        self._store.forgive(actor.username, address)
        if old == new:
            raise NotTaken("the new password is the old one")
        entry = AuditEntry(now, actor.username, "change_password", actor.username, address=address)
        self._store.set_password(actor.username, self._hasher.hash(new), False, entry)
        self._accounts.forget()

    def make_token(self, actor: Actor, label: str, days: int, now: int, address: str = "") -> tuple[str, Session]:
        """A token with the actor's own rights, and its secret, which is shown this once. Raises Forbidden, NotTaken."""
        _need(actor, "make_token")
        shortest, longest = sign_in.TOKEN_DAYS
        if not _plain(label, LABEL_LENGTH):
            raise NotTaken(f"a label has 1 to {LABEL_LENGTH} printable characters")
        if not shortest <= days <= longest:
            raise NotTaken(f"a token lives {shortest} to {longest} days")
        token, session = new_session(actor.username, "token", label, now, now + days * sign_in.DAY)
        detail = {"label": label, "days": days}
        self._store.open_session(session, AuditEntry(now, actor.username, "make_token", session.token_id, address=address, detail=detail))
        return token, session

    def tokens(self, actor: Actor, at: int) -> Sequence[Session]:
        """The actor's own tokens that count at `at`, newest first."""
        return self._store.tokens(actor.username, at)

    def revoke_token(self, actor: Actor, token_id: str, now: int, address: str = "") -> None:
        """End one of the actor's own tokens. Raises LookupError when there is none of that id."""
        entry = AuditEntry(now, actor.username, "revoke_token", token_id, address=address)
        _found(_plain(token_id, LABEL_LENGTH) and self._store.close_token(actor.username, token_id, entry))
        self._accounts.forget()


def _need(actor: Actor, action: str) -> None:
    if not actor.may(action):
        raise Forbidden(action)


def _not_oneself(actor: Actor, username: str) -> None:
    if username == actor.username:
        raise Forbidden("nobody changes their own rights")


def _found(done: bool) -> None:
    if not done:
        raise LookupError


def _check_password(password: str) -> None:
    if problem := sign_in.password_problem(password):
        raise NotTaken(problem)


def _plain(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable()
