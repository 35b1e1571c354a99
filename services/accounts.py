"""Who is there: signing in and out, sessions, and the Actor that every read and every deed asks for."""

import hashlib
import secrets
from collections.abc import Callable

from domain import sign_in
from domain.access import ADMINISTRATORS, Actor
from domain.sign_in import Policy
from services.account_ports import AccountStore, AuditEntry, AuditStore, Holder, PasswordHasher, Session

CACHED_MS = 2_000
"""How long a process believes what it read about a session; a revoked one lives no longer than this elsewhere."""
CACHE_SIZE = 10_000
AGENT_LENGTH = 200


class SignInFailed(Exception):
    """Unknown username, wrong password or locked account: nobody is told which."""


class TooManyAttempts(Exception):
    """Too many failures from here; `wait_ms` says when to come again."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"wait {wait_ms} ms")
        self.wait_ms = wait_ms


def hash_of(token: str) -> bytes:
    """What is stored of a token: its SHA-256. The token has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def new_session(username: str, kind: str, label: str, now: int, expires_at: int, **more: str) -> tuple[str, Session]:
    """A new secret of 32 random bytes and the session that stands for it; `more` is scope, address, agent."""
    token = secrets.token_urlsafe(32)
    return token, Session(hash_of(token), username, kind, label, now, now, expires_at, **more)


def check_password(
    store: AccountStore, hasher: PasswordHasher, policy: Policy, username: str, password: str, now: int, address: str
) -> None:
    """Whether this is the account's password, under the brake that signing in has. Raises SignInFailed, TooManyAttempts."""
    if wait := store.attempt(username, address, now, policy.wait_after):
        raise TooManyAttempts(wait)
    account = store.account(username)
    if account is None or len(password) > sign_in.PASSWORD_LENGTH[1] or not hasher.verify(account.password_hash, password):
        raise SignInFailed
    store.forgive(username, address)


class Accounts:
    """Signing in and out, and who a token stands for."""

    def __init__(
        self,
        store: AccountStore,
        audit: AuditStore,
        hasher: PasswordHasher,
        policy: Policy | None = None,
        screens: Callable[[str, int], Actor | None] = lambda token, now: None,
    ) -> None:
        """`screens` says whom a paired screen's token stands for (services/pairing.py)."""
        self._store, self._screens = store, screens
        self._audit = audit
        self._hasher = hasher
        self.policy = policy or Policy()
        self._dummy_hash = hasher.hash(secrets.token_urlsafe(16))
        self._known: dict[bytes, tuple[Actor, int]] = {}

    def sign_in(self, username: str, password: str, now: int, address: str = "", agent: str = "") -> str:
        """The token of a new session. Raises SignInFailed, or TooManyAttempts before the password was looked at.

        An unknown username costs the same time and gives the same answer as a wrong password.
        """
        known_form = sign_in.username_ok(username) and len(password) <= sign_in.PASSWORD_LENGTH[1]
        if known_form and (wait := self._store.attempt(username, address, now, self.policy.wait_after)):
            raise TooManyAttempts(wait)
        account = self._store.account(username) if known_form else None
        right = self._hasher.verify(account.password_hash if account else self._dummy_hash, password if known_form else "")
        if not (account and right and account.active):
            self._audit.add(AuditEntry(now, username if known_form else "", "sign_in", outcome="failed", address=address))
            raise SignInFailed
        self._store.forgive(username, address)
        ends_at = now + self.policy.session_days * sign_in.DAY
        token, session = new_session(username, "web", "", now, ends_at, address=address, agent=agent[:AGENT_LENGTH])
        self._store.open_session(session, AuditEntry(now, username, "sign_in", session.token_id, address=address))
        return token

    def actor_of(self, token: str, now: int) -> Actor | None:
        """Whom the token of a session or of the API stands for, with the roles and scope of this moment, or None.

        Changes made in this process count at once, those made in another one within two seconds.
        """
        if screen := self._screens(token, now):
            return screen
        session_hash = hash_of(token)
        actor, read_at = self._known.get(session_hash, (None, 0))
        if actor and 0 <= now - read_at < CACHED_MS:
            return actor
        self._known.pop(session_hash, None)
        holder = self._store.holder(session_hash, now)
        if holder is None or not self._counts(holder, now):
            return None
        if now - holder.session.last_seen_at >= sign_in.SEEN_GRAIN:
            self._store.touch(session_hash, now)
        return self._remember(session_hash, self._actor(holder), now)

    def revoke(self, token: str, now: int, address: str = "") -> bool:
        """Sign out; False when the token stood for nobody any more."""
        session_hash = hash_of(token)
        holder = self._store.holder(session_hash, now)
        self.forget()
        if holder is None:
            return False
        entry = AuditEntry(now, holder.account.username, "sign_out", holder.session.token_id, address=address)
        return self._store.close_session(session_hash, entry)

    def counts(self, session: Session, roles: frozenset[str], at: int) -> bool:
        """Whether a browser session of somebody with these roles is still alive at `at`."""
        idle = self.policy.idle_limit(bool(roles & ADMINISTRATORS))
        return session.kind == "web" and sign_in.alive(session.kind, session.last_seen_at, session.expires_at, at, idle)

    def forget(self) -> None:
        """Read everything anew: an account, a scope or a session has changed."""
        self._known.clear()

    def _remember(self, session_hash: bytes, actor: Actor, now: int) -> Actor:
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        self._known[session_hash] = (actor, now)
        return actor

    def _counts(self, holder: Holder, now: int) -> bool:
        session = holder.session
        idle = self.policy.idle_limit(bool(holder.scope.roles & ADMINISTRATORS))
        return holder.account.active and sign_in.alive(session.kind, session.last_seen_at, session.expires_at, now, idle)

    def _actor(self, holder: Holder) -> Actor:
        """Somebody whose password is an initial or an outdated one is known by name and may do nothing but change it."""
        account, scope, session = holder.account, holder.scope, holder.session
        outdated = session.kind == "web" and not account.demo and self.policy.outdated(account.set_at, session.created_at)
        must_change = account.initial or outdated
        roles = frozenset[str]() if must_change else scope.roles
        return Actor(account.username, roles, scope.regions, scope.departments, account.name, session.scope, must_change)
