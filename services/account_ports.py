"""What accounts and the audit log need from outside. Times are epoch milliseconds.

Every change carries the audit entry that is written in the same transaction: nothing is done without a trace.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


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


class Session(NamedTuple):
    """A signed-in browser (`web`) or an API token (`token`); of the secret only its SHA-256 is known."""

    session_hash: bytes
    username: str
    kind: str
    label: str
    created_at: int
    last_seen_at: int
    expires_at: int | None

    @property
    def token_id(self) -> str:
        """What the owner calls it by; tells nothing about the secret."""
        return self.session_hash.hex()[:16]


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

    def tokens(self, username: str, now: int) -> Sequence[Session]:
        """Unrevoked, unexpired API tokens, newest first."""

    def close_token(self, username: str, token_id: str, entry: AuditEntry) -> bool: ...

    def create(self, account: Account, entry: AuditEntry) -> bool:
        """False when the username is taken."""

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

    def entries(self, since: int, until: int, limit: int) -> Sequence[AuditEntry]:
        """since <= at < until, newest first."""
