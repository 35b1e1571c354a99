"""What accounts and the audit log need from outside. Times are epoch milliseconds.

Every change carries the audit entry that is written in the same transaction: nothing is done without a trace.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

FOREVER = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z."""


class AuditEntry(NamedTuple):
    """A row of `audit_log`: who did what to what, and how it went (`ok`, `failed`, `refused`)."""

    at: int
    actor: str
    action: str
    object: str = ""
    outcome: str = "ok"
    address: str = ""
    detail: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Scope:
    """What an account may do and see for a time. Empty `regions` or `departments` means all of them."""

    roles: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()


class Account(NamedTuple):
    """A row of `users`. An `initial` password was made by somebody else and gives no rights until its owner changes it."""

    username: str
    name: str
    password_hash: str
    initial: bool
    active: bool = True
    demo: bool = False
    set_at: int = 0
    """When the password was set."""


class Session(NamedTuple):
    """A signed-in browser (`web`) or an API token (`token`); of the secret only its SHA-256 is known."""

    session_hash: bytes
    username: str
    kind: str
    label: str
    created_at: int
    last_seen_at: int
    expires_at: int | None
    scope: str = "all"
    address: str = ""
    agent: str = ""
    """What a token may (domain/access.py, TOKEN_SCOPES); where a session was begun, and with what browser."""

    @property
    def token_id(self) -> str:
        """What the owner calls it by; tells nothing about the secret."""
        return self.session_hash.hex()[:16]


class Person(NamedTuple):
    """An account as its administrators see it. `suspended`: the rights of `scope` have ended with a password that was reset."""

    account: Account
    scope: Scope
    suspended: bool
    created_at: int
    last_seen_at: int | None
    blocked_until: int | None
    sessions: int
    tokens: int


class AuditQuery(NamedTuple):
    """What to look for: since <= at < until; `action` and `outcome` exactly, the others as a part, `text` anywhere in an entry."""

    since: int = 0
    until: int = FOREVER
    actor: str = ""
    action: str = ""
    object: str = ""
    outcome: str = ""
    address: str = ""
    text: str = ""


@dataclass(frozen=True)
class Holder:
    """Whom an unrevoked session belongs to, with the scope that is valid now."""

    session: Session
    account: Account
    scope: Scope = field(default_factory=Scope)


class AccountStore(Protocol):
    """Accounts, their scopes and sessions (data_adapters/sql/account_repository.py)."""

    def attempt(self, username: str, address: str, now: int, wait_after: Callable[[int], int]) -> int:
        """Count an attempt to sign in as failed until `forgive` says otherwise, so that attempts made at once count too.
        Returns the milliseconds still to wait; when that is not 0, the attempt was not counted."""

    def forgive(self, username: str, address: str) -> None:
        """Forget the failures: the right password came."""

    def account(self, username: str) -> Account | None: ...

    def holder(self, session_hash: bytes, now: int) -> Holder | None:
        """The holder of a session that is not revoked, whatever its age; None when there is none."""

    def open_session(self, session: Session, entry: AuditEntry) -> None: ...

    def touch(self, session_hash: bytes, now: int) -> None:
        """The session was used at `now`."""

    def close_session(self, session_hash: bytes, entry: AuditEntry) -> bool:
        """Revoke; False when it was none or already revoked."""

    def sessions(self, username: str, now: int) -> Sequence[Session]:
        """Unrevoked, unexpired sessions and API tokens, newest first; sessions that idled out are among them."""

    def close_one(self, username: str, token_id: str, entry: AuditEntry, kinds: Sequence[str] = ("web", "token")) -> bool:
        """Revoke the account's session or token of that id; False when there is none."""

    def close_all(self, username: str, kinds: Sequence[str], entry: AuditEntry) -> int:
        """Revoke the account's sessions of these kinds; how many there were."""

    def people(self, now: int, username: str | None = None) -> Sequence[Person]:
        """All accounts by name, or the one of that name."""

    def create(self, account: Account, entry: AuditEntry, scope: Scope | None = None) -> bool:
        """Make the account, with `scope` from entry.at on. False when the username is taken."""

    def reset_password(self, username: str, password_hash: str, entry: AuditEntry) -> bool:
        """Set an initial password, revoke every session and token, end the scope that is valid. False for an unknown username."""

    def unlock(self, username: str, entry: AuditEntry) -> None:
        """Forget the failed attempts from every address."""

    def set_scope(self, username: str, scope: Scope, entry: AuditEntry) -> bool:
        """End the scope that is valid and begin this one at `entry.at`; False for an unknown username."""

    def set_active(self, username: str, active: bool, entry: AuditEntry) -> bool:
        """Lock or unlock; locking revokes all sessions and tokens. False for an unknown username."""

    def set_password(self, username: str, password_hash: str, initial: bool, entry: AuditEntry) -> bool:
        """Replace the password and revoke all sessions (not tokens). False for an unknown username."""


class PasswordHasher(Protocol):
    """data_adapters/passwords.py."""

    def hash(self, password: str) -> str: ...

    def verify(self, password_hash: str, password: str) -> bool:
        """Never raises for any text; a hash that cannot be read is a wrong password."""


class AuditStore(Protocol):
    """data_adapters/sql/audit_repository.py. Entries are added and read, never changed."""

    def add(self, entry: AuditEntry) -> None: ...

    def search(self, query: AuditQuery, actors: Collection[str] | None, offset: int, limit: int) -> tuple[Sequence[AuditEntry], int]:
        """Entries that fit, newest first, only those of `actors` unless None; and how many fit, counted up to COUNTED."""

    def actions(self) -> Sequence[str]:
        """Every action that was ever written down."""
